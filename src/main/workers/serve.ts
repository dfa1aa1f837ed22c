import { parentPort } from 'node:worker_threads'

/** The one line of every worker: answers each task that it is sent, one after another. */
export function serve<Input, Output>(task: (input: Input) => Output | Promise<Output>): void {
  parentPort?.on('message', async ({ task: id, input }: { task: number; input: Input }) => {
    try {
      parentPort?.postMessage({ task: id, value: await task(input) })
    } catch (error) {
      const defect = error instanceof Error ? (error.stack ?? error.message) : String(error)
      parentPort?.postMessage({ task: id, defect })
    }
  })
  parentPort?.postMessage({ ready: true })
}
