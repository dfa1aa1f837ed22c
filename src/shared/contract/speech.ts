import { z } from 'zod'
import { command, event, Nothing, query, Text } from './define.ts'

/** A speech model that can run on this computer. */
export const SpeechModel = z.object({
  id: z.string(),
  title: z.string(),
  family: z.enum(['parakeet', 'whisper', 'moonshine', 'sense-voice', 'diarisation']),
  bytes: z.number().int(),
  languages: z.array(z.string()),
  state: z.enum(['absent', 'downloading', 'paused', 'ready', 'damaged']),
  /** Of a download, 0 to 1. */
  fraction: z.number().min(0).max(1),
  /** What it does now, or what is wrong and what to do, in words. */
  words: z.string(),
  /** Seconds of work for a second of talk on this computer; null until measured. */
  realTimeFactor: z.number().nullable(),
  /** Measured, or reckoned from another model's probe. */
  speedIsMeasured: z.boolean(),
  isDefault: z.boolean(),
})
export type SpeechModel = z.infer<typeof SpeechModel>

export const SpeechState = z.object({
  models: z.array(SpeechModel),
  folderDisplay: z.string(),
  freeBytes: z.number().int(),
  /** ffmpeg: found, or what to do to get it. */
  decoder: z.object({ state: z.enum(['found', 'missing']), pathDisplay: z.string().nullable(), words: z.string() }),
  /** Tell speakers apart when the model for it is there. */
  diarisation: z.boolean(),
})
export type SpeechState = z.infer<typeof SpeechState>

const ModelId = Text(100).min(1)

export const speech = {
  state: query(Nothing, SpeechState),
  /** Starts or resumes; progress comes as events. */
  download: command(z.strictObject({ id: ModelId }), Nothing),
  pause: command(z.strictObject({ id: ModelId }), Nothing),
  remove: command(z.strictObject({ id: ModelId }), z.object({ freedBytes: z.number().int() })),
  /** Reads every byte again. */
  verify: command(z.strictObject({ id: ModelId }), SpeechModel),
  /** A file or folder that was dropped or chosen; null when the user left the dialog. */
  importModel: command(z.strictObject({ id: ModelId, token: Text(100).optional() }), SpeechModel.nullable()),
  setDefault: command(z.strictObject({ id: ModelId }), Nothing),
  setDiarisation: command(z.strictObject({ on: z.boolean() }), Nothing),
  /** Opens a folder dialog; models that are there are used, none is moved without a word. */
  chooseFolder: command(Nothing, SpeechState.nullable()),
  chooseDecoder: command(Nothing, SpeechState.nullable()),
  /** Takes about 20 s of work: how fast this computer is with the model. */
  probe: command(z.strictObject({ id: ModelId }), SpeechModel),
  progress: event(z.object({ id: z.string(), fraction: z.number(), words: z.string() })),
  changed: event(Nothing),
}
