import { fail, ok, type Result } from '#shared/result.ts'
import type { Log } from '../ports.ts'
import type { FromEngine, TaskName, Tasks, ToEngine } from './engine/protocol.ts'
import type { SpeechProcess, StartSpeechProcess } from './process.ts'

/** `model-unusable`: the process died or gave up while it loaded the model. */
export type EngineFailure = 'engine-crashed' | 'model-unusable' | 'cancelled'
export interface SpeechEngine {
  /** One task at a time, in the order asked. A process that dies is started again once for each task. */
  run<Name extends TaskName>(
    task: Name,
    input: Tasks[Name]['input'],
    options: { signal: AbortSignal; onSecond?: (second: number) => void },
  ): Promise<Result<Tasks[Name]['output'], EngineFailure>>
  /** Lets go of the model's files and memory, when nothing is done with them. */
  rest(): void
  close(): void
}

/** A model takes up to gigabytes of memory: after this time without work the process ends. */
const idleMs = 120_000
/** A chunk of half a minute takes minutes with the largest model on the slowest computer. */
const silentMs = 20 * 60_000

interface Living {
  readonly process: SpeechProcess
  listener: ((message: FromEngine) => void) | null
  onDeath: (() => void) | null
}

export function createSpeechEngine(deps: {
  readonly log: Log
  readonly start: StartSpeechProcess
  readonly idleMs?: number
}): SpeechEngine {
  const { log } = deps
  let current: Living | null = null
  let idle: NodeJS.Timeout | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let tasks = 0
  let closed = false

  const end = (): void => {
    clearTimeout(idle)
    const ended = current
    current = null
    ended?.process.kill()
  }
  const living = (): Living => {
    if (current) return current
    const mine: Living = { process: deps.start(), listener: null, onDeath: null }
    mine.process.onMessage((message) => mine.listener?.(message))
    mine.process.onExit(({ code, said }) => {
      const wasKilled = current !== mine
      if (!wasKilled) {
        current = null
        log.warn('speech.engine-ended', { code, said: said.slice(-600) })
      }
      mine.onDeath?.()
    })
    current = mine
    return mine
  }

  const attempt = <Name extends TaskName>(
    task: Name,
    input: Tasks[Name]['input'],
    { signal, onSecond }: { signal: AbortSignal; onSecond?: (second: number) => void },
  ): Promise<Result<Tasks[Name]['output'], EngineFailure>> =>
    new Promise((resolve) => {
      if (signal.aborted || closed) return resolve(cancelled())
      clearTimeout(idle)
      const mine = living()
      const id = ++tasks
      let isLoading = false
      let watch: NodeJS.Timeout | undefined
      const finish = (result: Result<Tasks[Name]['output'], EngineFailure>): void => {
        clearTimeout(watch)
        mine.listener = null
        mine.onDeath = null
        signal.removeEventListener('abort', onAbort)
        if (current === mine) idle = setTimeout(end, deps.idleMs ?? idleMs).unref()
        resolve(result)
      }
      // It cannot be stopped in the middle of a chunk but by its end.
      const onAbort = (): void => {
        finish(cancelled())
        end()
      }
      const watchOver = (): void => {
        clearTimeout(watch)
        watch = setTimeout(() => mine.process.kill(), silentMs)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      mine.onDeath = () => {
        if (current === mine) current = null
        finish(
          closed
            ? cancelled()
            : isLoading
              ? fail(
                  'model-unusable',
                  'The speech model cannot be loaded: it is damaged, or this computer has too little memory for it.',
                )
              : fail('engine-crashed', 'The speech recognition ended in the middle of its work.', { retryable: true }),
        )
      }
      mine.listener = (message) => {
        if (message.kind === 'ready' || message.id !== id) return
        watchOver()
        if (message.kind === 'loading' || message.kind === 'loaded') isLoading = message.kind === 'loading'
        else if (message.kind === 'progress') onSecond?.(message.seconds)
        else if (message.kind === 'done') finish(ok(message.value as Tasks[Name]['output']))
        else {
          log.warn('speech.task-failed', { task, part: message.part, said: message.message })
          finish(
            message.part === 'model'
              ? fail('model-unusable', 'The speech model cannot be loaded: it is damaged or of another kind.')
              : fail('engine-crashed', 'The speech recognition could not work on this part of the recording.'),
          )
        }
      }
      watchOver()
      mine.process.send({ id, task, input } as ToEngine)
    })

  return {
    run(task, input, options) {
      const turn = queue.then(async () => {
        const first = await attempt(task, input, options)
        if (first.ok || first.error.code === 'cancelled' || current !== null) return first
        log.info('speech.engine-restarted', { task, after: first.error.code })
        return attempt(task, input, options)
      })
      queue = turn
      return turn
    },
    rest() {
      if (current && !current.listener) end()
    },
    close() {
      closed = true
      end()
    },
  }
}

const cancelled = (): Result<never, 'cancelled'> => fail('cancelled', 'Cancelled.')
