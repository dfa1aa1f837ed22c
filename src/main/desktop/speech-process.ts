import { utilityProcess } from 'electron'
import type { FromEngine } from '../speech/engine/protocol.ts'
import { engineModule, type StartSpeechProcess, saidBytes, yieldToOthers } from '../speech/process.ts'

/** A utility process: native code that ends with a damaged model does not take the app along. */
export const electronSpeechProcess =
  (entry: URL): StartSpeechProcess =>
  () => {
    const child = utilityProcess.fork(engineModule(entry), [], {
      stdio: ['ignore', 'ignore', 'pipe'],
      serviceName: 'Speech',
    })
    let said = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('utf8')).slice(-saidBytes)
    })
    child.on('spawn', () => {
      if (child.pid !== undefined) yieldToOthers(child.pid)
    })
    return {
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', (message: FromEngine) => listener(message)),
      onExit: (listener) => void child.once('exit', (code) => listener({ code, said })),
      kill: () => void child.kill(),
    }
  }
