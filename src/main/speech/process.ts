import { fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { FromEngine, ToEngine } from './engine/protocol.ts'

/** The process that recognises speech, however it is started: by Node here, by Electron in desktop/speech-process.ts. */
export interface SpeechProcess {
  send(message: ToEngine): void
  onMessage(listener: (message: FromEngine) => void): void
  /** Once. `said` is the last of its error output, for the log. */
  onExit(listener: (how: { code: number | null; said: string }) => void): void
  kill(): void
}
export type StartSpeechProcess = () => SpeechProcess

export const saidBytes = 8_192

/** @param entry `import.meta.url` of the module that starts the program: the engine lies below it, as .ts or as built .js */
export const engineModule = (entry: URL): string =>
  fileURLToPath(new URL(`./speech/engine/main.${entry.pathname.endsWith('.ts') ? 'ts' : 'js'}`, entry))

/** In headless runs and tests. */
export const forkedSpeechProcess =
  (module: string): StartSpeechProcess =>
  () => {
    const { PATH, HOME, SystemRoot, TEMP, TMPDIR, LD_LIBRARY_PATH } = process.env
    const child = fork(module, [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Keys and tokens of the environment are none of its business.
      env: Object.fromEntries(
        Object.entries({ PATH, HOME, SystemRoot, TEMP, TMPDIR, LD_LIBRARY_PATH }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
      execArgv: [],
    })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-saidBytes)
    })
    if (child.pid !== undefined) yieldToOthers(child.pid)
    return {
      send: (message) => {
        if (child.connected) child.send(message)
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => {
        let told = false
        const tell = (code: number | null): void => {
          if (!told) listener({ code, said })
          told = true
        }
        child.on('exit', tell)
        child.on('error', () => tell(null))
      },
      kill: () => void child.kill('SIGKILL'),
    }
  }

/** Windows and players go first. */
export function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It runs as it is.
  }
}
