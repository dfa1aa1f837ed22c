import { z } from 'zod'
import { event, Id, query } from './define.ts'

export const Segment = z.object({
  /** Null in transcripts without times. */
  startSeconds: z.number().nullable(),
  endSeconds: z.number().nullable(),
  speaker: z.string().nullable(),
  text: z.string(),
})
export type Segment = z.infer<typeof Segment>

/** Which rung of the ladder gave it. */
export const TranscriptSource = z.enum(['publisher', 'sidecar', 'file', 'text'])
export type TranscriptSource = z.infer<typeof TranscriptSource>
export const TranscriptFormat = z.enum([
  'vtt',
  'srt',
  'podcast-json',
  'whisper-json',
  'deepgram-json',
  'assemblyai-json',
  'service-json', // Amazon, Google, Speechmatics, Rev, YouTube
  'html',
  'markdown',
  'text',
])
export type TranscriptFormat = z.infer<typeof TranscriptFormat>

export const Transcript = z.object({
  id: Id,
  episodeId: Id,
  source: TranscriptSource,
  format: TranscriptFormat,
  language: z.string().nullable(),
  segments: z.array(Segment),
  wordCount: z.number().int(),
  hasTimes: z.boolean(),
  hasSpeakers: z.boolean(),
  /** What was left out or mended while reading, in words. */
  warnings: z.array(z.string()),
})
export type Transcript = z.infer<typeof Transcript>

export const transcripts = {
  /** Null while the episode has none stored. */
  get: query(z.strictObject({ episodeId: Id }), Transcript.nullable()),
  changed: event(z.object({ episodeId: Id })),
}
