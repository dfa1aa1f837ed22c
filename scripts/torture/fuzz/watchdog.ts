import { Worker } from 'node:worker_threads'

/** A parser that never comes back ends the process, which is a loss: nothing in this thread could still say so. */
export function createWatchdog(seconds: number): { alive(what: string): void; stop(): void } {
  const state = new SharedArrayBuffer(256)
  const beats = new Int32Array(state, 0, 1)
  const name = new Uint8Array(state, 4)
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads')
     const beats = new Int32Array(workerData.state, 0, 1)
     let [last, silent] = [-1, 0]
     setInterval(() => {
       silent = Atomics.load(beats, 0) === last ? silent + 1 : 0
       last = Atomics.load(beats, 0)
       if (silent < workerData.seconds) return
       const what = Buffer.from(new Uint8Array(workerData.state, 4)).toString().replace(/\\0+$/, '')
       require('node:fs').writeSync(2, 'hangs: ' + what + '\\n')
       process.kill(process.pid, 'SIGKILL')
     }, 1000)`,
    { eval: true, workerData: { state, seconds } },
  )
  worker.unref()
  return {
    alive(what) {
      Atomics.add(beats, 0, 1)
      name.fill(0).set(Buffer.from(what).subarray(0, 250))
    },
    stop: () => void worker.terminate(),
  }
}
