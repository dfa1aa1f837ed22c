import { z } from 'zod'
import { command, event, Id, Nothing, query, TimeMs } from './define.ts'

export const NoteState = z.enum([
  'current', // on disk as Inkwell wrote it
  'edited', // the user changed it; never overwritten
  'deleted', // the user removed it; stays removed
  'unreachable', // the vault is not there
  'waiting', // a write is under way or waits for another program
])
export const Note = z.object({
  id: Id,
  episodeId: Id,
  templateName: z.string(),
  /** Tab and heading, e.g. "Key concepts". */
  title: z.string(),
  fileName: z.string(),
  state: NoteState,
  /** A newer text written beside an edited note. */
  newerFileName: z.string().nullable(),
  provider: z.string(),
  model: z.string(),
  templateVersion: z.string(),
  /** How many items it holds (quotes, concepts); null for prose. */
  itemCount: z.number().int().nullable(),
  costMicroUsd: z.number().int(),
  /** What of the recording its maker read; null without times. */
  coveredFromSeconds: z.number().nullable(),
  coveredToSeconds: z.number().nullable(),
  writtenAtMs: TimeMs,
})
export type Note = z.infer<typeof Note>

export const NotedEpisode = z.object({
  episodeId: Id,
  title: z.string(),
  feedTitle: z.string(),
  artworkPath: z.string().nullable(),
  noteCount: z.number().int(),
  writtenAtMs: TimeMs,
})
export type NotedEpisode = z.infer<typeof NotedEpisode>

export const notes = {
  list: query(z.strictObject({ episodeId: Id }), z.array(Note)),
  /** The body without frontmatter, read from disk now. `newer` reads the text written beside an edited note. */
  read: query(
    z.strictObject({ noteId: Id, newer: z.boolean().default(false) }),
    z.object({ note: Note, markdown: z.string(), truncated: z.boolean() }),
  ),
  recent: query(z.strictObject({ limit: z.number().int().min(1).max(100) }), z.array(NotedEpisode)),
  /** Removes the text written beside an edited note; the user's own stays. */
  keepMine: command(z.strictObject({ noteId: Id }), Note),
  /** The user's text goes to history (restorable for 30 days) and the newer one takes its place. */
  takeNew: command(z.strictObject({ noteId: Id }), Note),
  /** Writes a deleted note again, with the last text that Inkwell wrote. */
  bringBack: command(z.strictObject({ noteId: Id }), Note),
  /** Shows the file, or the episode's folder, in the file manager. */
  reveal: command(z.strictObject({ episodeId: Id, noteId: Id.optional() }), Nothing),
  changed: event(z.object({ episodeId: Id })),
}
