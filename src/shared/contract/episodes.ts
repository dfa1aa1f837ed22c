import { z } from 'zod'
import { command, event, Id, Nothing, query, TimeMs } from './define.ts'

export const Chapter = z.object({
  startSeconds: z.number(),
  endSeconds: z.number().nullable(),
  title: z.string(),
  url: z.string().nullable(),
})
export type Chapter = z.infer<typeof Chapter>

export const Person = z.object({
  name: z.string(),
  /** Lower case; `host` when the feed says nothing. */
  role: z.string(),
  group: z.string(),
  url: z.string().nullable(),
})
export type Person = z.infer<typeof Person>

/** What the episode's notes can be made from, best first; `none` needs speech recognition. */
export const TranscriptAvailability = z.enum(['stored', 'publisher', 'sidecar', 'text', 'captions', 'none'])

export const EpisodeRow = z.object({
  id: Id,
  feedId: Id,
  feedTitle: z.string(),
  artworkPath: z.string().nullable(),
  title: z.string(),
  /** As displayed, e.g. "118" or "2.5". */
  number: z.string().nullable(),
  publishedAtMs: TimeMs.nullable(),
  durationSeconds: z.number().nullable(),
  state: z.enum(['new', 'seen', 'processed']),
  /** False once it has left the feed; it stays here. */
  inFeed: z.boolean(),
  transcript: TranscriptAvailability,
  noteCount: z.number().int(),
  failedTemplates: z.number().int(),
  /** The job that is queued or running for it. */
  activeJobId: Id.nullable(),
  language: z.string().nullable(),
})
export type EpisodeRow = z.infer<typeof EpisodeRow>

export const Episode = EpisodeRow.extend({
  feedKind: z.enum(['rss', 'youtube', 'local', 'sample']),
  descriptionHtml: z.string().nullable(),
  link: z.string().nullable(),
  mediaUrlDisplay: z.string().nullable(),
  mediaType: z.string().nullable(),
  season: z.string().nullable(),
  chapters: z.array(Chapter),
  persons: z.array(Person),
  /** Shown path of its folder in the vault; null before the first notes. */
  folderDisplay: z.string().nullable(),
})
export type Episode = z.infer<typeof Episode>

export const episodes = {
  /** Newest first; rows without a date last. */
  list: query(z.strictObject({ feedId: Id.optional() }), z.array(EpisodeRow)),
  /** Not seen yet, over all feeds, newest first. */
  recent: query(z.strictObject({ limit: z.number().int().min(1).max(200) }), z.array(EpisodeRow)),
  get: query(z.strictObject({ episodeId: Id }), Episode),
  setSeen: command(
    z.strictObject({ episodeIds: z.array(Id).min(1).max(10_000), seen: z.boolean() }),
    z.object({ changed: z.number().int() }),
  ),
  /** Opens the media or web page of the episode in the browser. */
  openLink: command(z.strictObject({ episodeId: Id }), Nothing),
  changed: event(z.object({ feedId: Id.nullable() })),
}
