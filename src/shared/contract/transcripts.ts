import { z } from 'zod'
import { Estimate } from './costs.ts'
import { command, event, Id, Nothing, query, TimeMs } from './define.ts'

export const Segment = z.object({
  /** Null in transcripts without times. */
  startSeconds: z.number().nullable(),
  endSeconds: z.number().nullable(),
  speaker: z.string().nullable(),
  text: z.string(),
})
export type Segment = z.infer<typeof Segment>

/** Which rung of the ladder gave it. */
export const TranscriptSource = z.enum([
  'publisher',
  'sidecar',
  'file',
  'text',
  'youtube-captions',
  'this-computer',
  'own-server',
  'gemini',
])
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
  'speech', // made from sound
])
export type TranscriptFormat = z.infer<typeof TranscriptFormat>

export const Transcript = z.object({
  id: Id,
  episodeId: Id,
  source: TranscriptSource,
  /** What made it from sound; null when nobody did. */
  model: z.string().nullable(),
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

/** The rungs that fetch or make one; what the publisher gives is taken before any of them. */
export const RungId = z.enum(['youtube-captions', 'this-computer', 'own-server', 'gemini'])
export type RungId = z.infer<typeof RungId>
export const RungOffer = z.object({
  rung: RungId,
  /** Whether it could run now; `words` says what it will do, or why not and what to do. */
  ready: z.boolean(),
  words: z.string(),
  model: z.string().nullable(),
  estimate: Estimate,
  /** About how long it takes; null when nothing is known. */
  seconds: z.number().nullable(),
})
export type RungOffer = z.infer<typeof RungOffer>

/** A transcript that gave way to another, or that did not take its place because it is poorer. */
export const TranscriptVersion = z.object({
  id: Id,
  source: TranscriptSource,
  model: z.string().nullable(),
  wordCount: z.number().int(),
  hasTimes: z.boolean(),
  hasSpeakers: z.boolean(),
  storedAtMs: TimeMs,
  why: z.enum(['replaced', 'poorer']),
})
export type TranscriptVersion = z.infer<typeof TranscriptVersion>

export const transcripts = {
  /** Null while the episode has none stored. */
  get: query(z.strictObject({ episodeId: Id }), Transcript.nullable()),
  /** Where words could come from, with price and time, before anything runs. */
  rungs: query(
    z.strictObject({ episodeId: Id }),
    z.object({
      /** Whether the publisher gives one, which is free and taken first. */
      published: z.boolean(),
      offers: z.array(RungOffer),
      /** The choice remembered for the feed; null: the first that is free. */
      remembered: RungId.nullable(),
      /** What would run now; null when nothing could. */
      next: RungId.nullable(),
    }),
  ),
  /** For all episodes of a feed; null lets the ladder choose again. */
  remember: command(z.strictObject({ feedId: Id, rung: RungId.nullable() }), Nothing),
  versions: query(z.strictObject({ episodeId: Id }), z.array(TranscriptVersion)),
  /** It takes the place of the one in use, which becomes a version. */
  useVersion: command(z.strictObject({ episodeId: Id, versionId: Id }), Nothing),
  changed: event(z.object({ episodeId: Id })),
}
