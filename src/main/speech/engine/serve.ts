import { diarise } from './diarise.ts'
import type { FromEngine, RecogniserConfig, ToEngine } from './protocol.ts'
import type { LoadRecogniser, Recogniser } from './recogniser.ts'
import { transcribe } from './transcribe.ts'

export interface EnginePort {
  send(message: FromEngine): void
  onMessage(listener: (message: ToEngine) => void): void
}

const progressMs = 300

/** Answers tasks one after another: the model uses all the cores it may use. */
export function serveEngine(port: EnginePort, load: LoadRecogniser): void {
  let loaded: { key: string; recogniser: Recogniser } | null = null
  let queue = Promise.resolve()

  const recogniserFor = async (id: number, config: RecogniserConfig): Promise<Recogniser> => {
    const key = JSON.stringify(config)
    if (loaded?.key === key) return loaded.recogniser
    // One at a time in memory: the largest has two gigabytes.
    loaded = null
    port.send({ id, kind: 'loading' })
    const recogniser = await load(config).catch((error: Error) => {
      throw new ModelError(error.message)
    })
    loaded = { key, recogniser }
    port.send({ id, kind: 'loaded' })
    return recogniser
  }

  const answer = async (message: ToEngine): Promise<void> => {
    const { id } = message
    let lastMs = Number.NEGATIVE_INFINITY
    const onSecond = (seconds: number): void => {
      if (performance.now() - lastMs < progressMs) return
      lastMs = performance.now()
      port.send({ id, kind: 'progress', seconds })
    }
    try {
      const value =
        message.task === 'transcribe'
          ? await transcribe(message.input, () => recogniserFor(id, message.input.recogniser), onSecond)
          : { turns: diarise(message.input, onSecond) }
      port.send({ id, kind: 'done', value })
    } catch (error) {
      port.send({
        id,
        kind: 'failed',
        part: error instanceof ModelError ? 'model' : 'work',
        message: (error as Error).message,
      })
    }
  }
  port.onMessage((message) => {
    queue = queue.then(() => answer(message))
  })
  port.send({ kind: 'ready' })
}

class ModelError extends Error {}

/** The port of this process: to Electron where it was started by it, to Node otherwise. It ends with its parent. */
export function portOfProcess(): EnginePort {
  const electron = (
    process as {
      parentPort?: {
        postMessage(message: unknown): void
        on(event: 'message', listener: (event: { data: ToEngine }) => void): void
      }
    }
  ).parentPort
  if (electron)
    return {
      send: (message) => electron.postMessage(message),
      onMessage: (listener) => electron.on('message', ({ data }) => listener(data)),
    }
  process.on('disconnect', () => process.exit(0))
  return {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => process.on('message', listener),
  }
}
