import { Worker } from 'node:worker_threads'
import { fail, ok, type Result } from '#shared/result.ts'
import type { WorkerName, WorkerRunner } from '../ports.ts'

type Answer = { readonly value: unknown } | { readonly defect: string }

/** Megabytes of heap. Twenty megabytes of one-word captions take nearly 400 to be read. */
const heapMb: Readonly<Record<WorkerName, number>> = {
  'feed-parser': 256,
  'transcript-parser': 512,
  recogniser: 512,
  'media-facts': 256,
  extractor: 256,
}

/**
 * One worker thread per task: a task that runs away is ended with its thread and harms nothing else.
 * @param entry URL of the module that starts the process; workers lie in `workers/` beside it, as .ts or as built .js
 */
export function createWorkerRunner(entry: URL): WorkerRunner {
  const extension = entry.pathname.endsWith('.ts') ? 'ts' : 'js'
  return {
    run: <Input, Output>(
      name: WorkerName,
      input: Input,
      { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined },
    ) =>
      new Promise<Result<Output, 'worker-timed-out' | 'worker-failed' | 'cancelled'>>((resolve) => {
        if (signal?.aborted) return resolve(fail('cancelled', 'Cancelled.'))
        const worker = new Worker(new URL(`./workers/${name}.worker.${extension}`, entry), {
          workerData: input,
          resourceLimits: { maxOldGenerationSizeMb: heapMb[name] },
        })
        const finish = (result: Result<Output, 'worker-timed-out' | 'worker-failed' | 'cancelled'>): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
          void worker.terminate()
          resolve(result)
        }
        const onAbort = (): void => finish(fail('cancelled', 'Cancelled.'))
        const timer = setTimeout(
          () =>
            finish(fail('worker-timed-out', `It took longer than ${Math.round(timeoutMs / 1000)} s and was stopped.`)),
          timeoutMs,
        )
        signal?.addEventListener('abort', onAbort, { once: true })
        worker.once('message', (answer: Answer) =>
          finish('value' in answer ? ok(answer.value as Output) : fail('worker-failed', answer.defect)),
        )
        worker.once('error', (error: Error) => finish(fail('worker-failed', error.message)))
        worker.once('exit', (code) => finish(fail('worker-failed', `The worker ended with code ${code}.`)))
      }),
  }
}
