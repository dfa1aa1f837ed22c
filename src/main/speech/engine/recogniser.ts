import { createRequire } from 'node:module'
import type { RecogniserConfig, RecogniserFiles } from './protocol.ts'
import { sampleRate } from './wave-file.ts'
import type { Recognised } from './words.ts'

/** What turns a chunk into words; tests put another one in its place. */
export interface Recogniser {
  recognise(samples: Float32Array): Promise<Recognised>
}
export type LoadRecogniser = (config: RecogniserConfig) => Promise<Recogniser>

interface Sherpa {
  OfflineRecognizer: {
    createAsync(config: unknown): Promise<{
      createStream(): { acceptWaveform(wave: { sampleRate: number; samples: Float32Array }): void }
      decodeAsync(stream: unknown): Promise<{ text?: string; tokens?: string[]; timestamps?: number[]; lang?: string }>
    }>
  }
}

/** A real one, by sherpa-onnx. A damaged file may end the whole process: the caller must expect it. */
export const loadSherpa: LoadRecogniser = async (config) => {
  const { OfflineRecognizer } = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa
  const recogniser = await OfflineRecognizer.createAsync({
    featConfig: { sampleRate, featureDim: 80 },
    modelConfig: {
      ...modelOf(config),
      tokens: config.files.tokens,
      numThreads: config.threads,
      provider: 'cpu',
      debug: false,
    },
    decodingMethod: 'greedy_search',
  })
  return {
    recognise: async (samples) => {
      const stream = recogniser.createStream()
      stream.acceptWaveform({ sampleRate, samples })
      const { text = '', tokens = [], timestamps = [], lang } = await recogniser.decodeAsync(stream)
      return { text: text.trim(), tokens, timestamps, language: languageOf(lang) }
    },
  }
}

function modelOf({ files, language }: RecogniserConfig): Record<string, unknown> {
  const { kind, tokens: _, ...paths } = files as RecogniserFiles & Record<string, string>
  switch (kind) {
    case 'transducer':
      // NeMo's transducers have no context window as others have: without this they are read wrong.
      return { transducer: paths, modelType: 'nemo_transducer' }
    case 'whisper':
      return { whisper: { ...paths, language: language ?? '', task: 'transcribe', tailPaddings: -1 } }
    case 'moonshine':
      return { moonshine: paths }
    case 'sense-voice':
      return { senseVoice: { ...paths, language: language ?? 'auto', useInverseTextNormalization: 1 } }
    default:
      throw new Error(`no recogniser of kind ${String(kind)}`)
  }
}

/** `<|en|>` of SenseVoice, `en` of Whisper. */
const languageOf = (lang: string | undefined): string | null => /[a-z]{2,3}/.exec(lang ?? '')?.[0] ?? null
