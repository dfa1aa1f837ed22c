import { parentPort, workerData } from 'node:worker_threads'

/** The one line of every worker: takes its input, answers once. */
export async function serve<Input, Output>(task: (input: Input) => Output | Promise<Output>): Promise<void> {
  try {
    parentPort?.postMessage({ value: await task(workerData as Input) })
  } catch (error) {
    parentPort?.postMessage({ defect: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
