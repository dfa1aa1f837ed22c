import { z } from 'zod'
import { Estimate } from './costs.ts'
import { command, event, Id, Nothing, query, Text, TimeMs } from './define.ts'

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
  'scan',
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
export const RungId = z.enum(['youtube-captions', 'scan', 'this-computer', 'own-server', 'gemini'])
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

export const TranscriptFile = z.enum(['txt', 'md', 'srt', 'vtt', 'json', 'csv'])
export type TranscriptFile = z.infer<typeof TranscriptFile>

/** What speech recognition keeps hearing wrong, in one feed or in all. */
export const Correction = z.object({
  id: Id,
  /** Null: in every feed. */
  feedId: Id.nullable(),
  heard: z.string(),
  meant: z.string(),
})
export type Correction = z.infer<typeof Correction>
const heardAndMeant = {
  heard: Text(200).trim().min(1),
  meant: Text(200).trim().min(1),
}

export const Speaker = z.object({
  /** As the transcript has it. */
  label: z.string(),
  /** As the user named it; null: not named. */
  name: z.string().nullable(),
  /** Of talk, as far as times are known. */
  seconds: z.number(),
  /** Where it speaks first; null without times. */
  firstSeconds: z.number().nullable(),
  /** Names known in this feed that no other speaker here has. */
  proposals: z.array(z.string()),
})
export type Speaker = z.infer<typeof Speaker>

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
  /** The text of a file, e.g. for the clipboard. */
  text: query(z.strictObject({ episodeId: Id, format: TranscriptFile }), z.object({ text: z.string() })),
  /** Asks where to; null when the user left it. */
  export: command(
    z.strictObject({ episodeId: Id, format: TranscriptFile }),
    z.object({ fileName: z.string() }).nullable(),
  ),
  /** Those of the feed and those of all feeds. */
  corrections: query(z.strictObject({ feedId: Id }), z.array(Correction)),
  /** Where it would change the transcript in use: up to ten places, and how many there are. */
  previewCorrection: query(
    z.strictObject({ episodeId: Id, ...heardAndMeant }),
    z.object({ places: z.number().int(), samples: z.array(z.object({ before: z.string(), after: z.string() })) }),
  ),
  /** @param feedId null for every feed; the same words heard again replace what was meant before */
  addCorrection: command(z.strictObject({ feedId: Id.nullable(), ...heardAndMeant }), Correction),
  /** Undone by adding it again. */
  removeCorrection: command(z.strictObject({ id: Id }), Correction),
  speakers: query(z.strictObject({ episodeId: Id }), z.array(Speaker)),
  /** Null takes the name back. A label that is a name itself is renamed in the whole feed. */
  nameSpeaker: command(
    z.strictObject({ episodeId: Id, label: Text(200).min(1), name: Text(200).trim().min(1).nullable() }),
    z.array(Speaker),
  ),
  changed: event(z.object({ episodeId: Id })),
}
