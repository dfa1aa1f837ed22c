import PQueue from 'p-queue'

export interface HostQueue {
  /**
   * Runs the task when its host and the whole queue have a free place; in the order asked per host.
   * @param host tasks with the same word share their places
   */
  run<Value>(host: string, task: () => Promise<Value>): Promise<Value>
}

/** Parallel over hosts, polite to each: many feeds lie on one big host, which refuses clients that ask all at once. */
export function createHostQueue(options: { concurrency?: number; perHost?: number } = {}): HostQueue {
  const all = new PQueue({ concurrency: options.concurrency ?? 16 })
  const queuesByHost = new Map<string, PQueue>()
  return {
    run: async (host, task) => {
      const key = host.toLowerCase()
      const known = queuesByHost.get(key)
      const queue = known ?? new PQueue({ concurrency: options.perHost ?? 2 })
      if (!known) queuesByHost.set(key, queue)
      try {
        // The host's place first: a slow host must not hold places that others could use.
        return await queue.add(() => all.add(task))
      } finally {
        if (queue.size === 0 && queue.pending === 0 && queuesByHost.get(key) === queue) queuesByHost.delete(key)
      }
    },
  }
}
