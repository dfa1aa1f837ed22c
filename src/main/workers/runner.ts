import { Worker } from 'node:worker_threads'
import { fail, ok, type Result } from '#shared/result.ts'
import type { WorkerName, WorkerRunner } from '../ports.ts'

type Answer =
  | { readonly ready: true }
  | ({ readonly task: number } & ({ readonly value: unknown } | { readonly defect: string }))
type Failure = 'worker-timed-out' | 'worker-failed' | 'cancelled'

/** Megabytes of heap. Twenty megabytes of one-word captions take nearly 400 to be read. */
const heapMb: Readonly<Record<WorkerName, number>> = {
  backup: 512,
  documents: 1_024,
  'feed-parser': 256,
  'transcript-parser': 512,
  recogniser: 512,
  'media-facts': 256,
  extractor: 256,
  kit: 256,
  health: 256,
}
/** Megabytes for what is short-lived, which an extraction makes much of: measured an eighth less processor time. */
const youngHeapMb = 64
/** A worker takes as long to start as to read ten feeds: those that did well wait this long for the next task. */
const idleMs = 10_000
const maxIdle = 2
/** On a computer that is busy with other things a worker takes seconds to start; its task has its whole time after that. */
const startMs = 30_000

export interface ClosableWorkerRunner extends WorkerRunner {
  /** Ends the workers that wait; those under way end with their task. */
  close(): void
}

/**
 * One task at a time for each worker thread: one that runs away is ended with its thread and harms nothing else.
 * @param entry URL of the module that starts the process; workers lie in `workers/` beside it, as .ts or as built .js
 */
export function createWorkerRunner(entry: URL): ClosableWorkerRunner {
  const extension = entry.pathname.endsWith('.ts') ? 'ts' : 'js'
  const idle = createIdleWorkers()
  let tasks = 0
  const start = (name: WorkerName): Worker =>
    new Worker(new URL(`./workers/${name}.worker.${extension}`, entry), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb[name], maxYoungGenerationSizeMb: youngHeapMb },
    })
  return {
    close: idle.close,
    run: <Input, Output>(
      name: WorkerName,
      input: Input,
      { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined },
    ) =>
      new Promise<Result<Output, Failure>>((resolve) => {
        if (signal?.aborted) return resolve(fail('cancelled', 'Cancelled.'))
        const waiting = idle.take(name)
        const worker = waiting ?? start(name)
        const task = ++tasks
        const finish = (result: Result<Output, Failure>, mayGoOn = false): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
          stopListening(worker)
          if (mayGoOn) idle.keep(name, worker)
          else void worker.terminate()
          resolve(result)
        }
        const endAfter = (ms: number): NodeJS.Timeout =>
          setTimeout(
            () => finish(fail('worker-timed-out', `It took longer than ${Math.round(ms / 1000)} s and was stopped.`)),
            ms,
          )
        const begin = (): NodeJS.Timeout => {
          worker.postMessage({ task, input })
          return endAfter(timeoutMs)
        }
        const onAbort = (): void => finish(fail('cancelled', 'Cancelled.'))
        signal?.addEventListener('abort', onAbort, { once: true })
        worker.on('message', (answer: Answer) => {
          if ('ready' in answer) {
            clearTimeout(timer)
            timer = begin()
          } else if (answer.task !== task) return
          else if ('value' in answer) finish(ok(answer.value as Output), true)
          else finish(fail('worker-failed', answer.defect))
        })
        worker.once('error', (error: Error) => finish(fail('worker-failed', error.message)))
        worker.once('exit', (code) => finish(fail('worker-failed', `The worker ended with code ${code}.`)))
        let timer = waiting ? begin() : endAfter(startMs)
      }),
  }
}

/** Not all at once: listeners of Node's own hold the worker's port open. */
function stopListening(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event)
  // A thread that is ended may still run out of memory: an 'error' nobody listens to would end the program.
  worker.on('error', () => {})
}

interface IdleWorkers {
  take(name: WorkerName): Worker | undefined
  keep(name: WorkerName, worker: Worker): void
  close(): void
}

/** None of them keeps the program from ending. */
function createIdleWorkers(): IdleWorkers {
  const waiting: { name: WorkerName; worker: Worker; timer: NodeJS.Timeout }[] = []
  let closed = false
  const remove = (worker: Worker): void => {
    const at = waiting.findIndex((one) => one.worker === worker)
    if (at >= 0) clearTimeout(waiting.splice(at, 1)[0]!.timer)
  }
  return {
    take: (name) => {
      const found = waiting.find((one) => one.name === name)?.worker
      if (!found) return undefined
      remove(found)
      stopListening(found)
      found.ref()
      return found
    },
    keep: (name, worker) => {
      const end = (): void => {
        remove(worker)
        void worker.terminate()
      }
      if (closed || waiting.filter((one) => one.name === name).length >= maxIdle) return end()
      for (const event of ['error', 'exit']) worker.once(event, end)
      worker.unref()
      waiting.push({ name, worker, timer: setTimeout(end, idleMs).unref() })
    },
    close: () => {
      closed = true
      for (const { worker } of [...waiting]) {
        remove(worker)
        void worker.terminate()
      }
    },
  }
}
