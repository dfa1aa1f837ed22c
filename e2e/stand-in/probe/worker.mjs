import { parentPort } from 'node:worker_threads'

const electron = await import('electron').then(
  () => 'there',
  (error) => error.message,
)
parentPort.on('message', (value) => parentPort.postMessage({ doubled: value * 2, electron }))
