/** What passes between Inkwell and the process that recognises speech: plain data and paths, never sound itself. */
export type RecogniserFiles =
  | {
      readonly kind: 'transducer'
      readonly encoder: string
      readonly decoder: string
      readonly joiner: string
      readonly tokens: string
    }
  | { readonly kind: 'whisper'; readonly encoder: string; readonly decoder: string; readonly tokens: string }
  | {
      readonly kind: 'moonshine'
      readonly preprocessor: string
      readonly encoder: string
      readonly uncachedDecoder: string
      readonly cachedDecoder: string
      readonly tokens: string
    }
  | { readonly kind: 'sense-voice'; readonly model: string; readonly tokens: string }

export interface RecogniserConfig {
  /** Loaded once; another one takes the place of the one before. */
  readonly files: RecogniserFiles
  /** ISO 639-1; null: the model finds out. */
  readonly language: string | null
  readonly threads: number
}
export interface SpokenSegment {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly text: string
}
export interface SpeakerTurn {
  readonly startSeconds: number
  readonly endSeconds: number
  /** 0 and up, in order of appearance. */
  readonly speaker: number
}
export interface Transcribed {
  readonly segments: readonly SpokenSegment[]
  /** Of the recording that was read, and how much of it the detector took for speech. */
  readonly seconds: number
  readonly spokenSeconds: number
  readonly language: string | null
  /** Loops that the model fell into, taken out. */
  readonly repeatsRemoved: number
  /** Without the loading of the model. */
  readonly workMs: number
}

export interface Tasks {
  /** `wavPath`: 16 kHz, mono, s16. Times are of the file. */
  transcribe: {
    input: { readonly wavPath: string; readonly vadPath: string; readonly recogniser: RecogniserConfig }
    output: Transcribed
  }
  diarise: {
    input: {
      readonly wavPath: string
      readonly segmentationPath: string
      readonly embeddingPath: string
      readonly threads: number
    }
    output: { readonly turns: readonly SpeakerTurn[] }
  }
}
export type TaskName = keyof Tasks
export type ToEngine = {
  [Name in TaskName]: { readonly id: number; readonly task: Name; readonly input: Tasks[Name]['input'] }
}[TaskName]
export type FromEngine =
  | { readonly kind: 'ready' }
  /** The model: whoever dies in between was killed by it. */
  | { readonly id: number; readonly kind: 'loading' }
  | { readonly id: number; readonly kind: 'loaded' }
  | { readonly id: number; readonly kind: 'progress'; readonly seconds: number }
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly part: 'model' | 'work'; readonly message: string }
