import { z } from 'zod'
import { command, event, Id, Nothing, query, Text, TimeMs } from './define.ts'

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
  /** What a model was sent and answered to the end; null for notes made on this computer, which read all. */
  coveredSpans: z.array(z.object({ fromSeconds: z.number(), toSeconds: z.number() })).nullable(),
  /** Quotations that stand in the transcript word for word, of those looked up; null where none were. */
  quotesFound: z.number().int().nullable(),
  quotesChecked: z.number().int().nullable(),
  /** Charges whose amount nobody knows: they are in no sum. */
  unknownCharges: z.number().int(),
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

/** A part of a note: what stands under a heading, or one block where there are none. */
export const MergeBlock = z.object({
  /** Position in the comparison. */
  index: z.number().int(),
  /** Heading it stands under, for people; null before the first. */
  section: z.string().nullable(),
  kind: z.enum(['same', 'changed', 'only-mine', 'only-new']),
  mine: z.string().nullable(),
  newer: z.string().nullable(),
  /** Who changed it since the last text that both have: `new` is chosen beforehand only where the user changed nothing. */
  suggested: z.enum(['mine', 'new']),
})
export type MergeBlock = z.infer<typeof MergeBlock>

export const NoteVersion = z.object({
  id: Id,
  noteId: Id,
  fileName: z.string(),
  savedAtMs: TimeMs,
  /** Kept until then; null for the text Inkwell wrote last, which stays. */
  keptUntilMs: TimeMs.nullable(),
  /** Whose words, and why it is here. */
  origin: z.enum(['yours-replaced', 'displaced', 'written']),
  bytes: z.number().int(),
})
export type NoteVersion = z.infer<typeof NoteVersion>

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
  /** The user's text and the newer one, block by block, against the last text that both come from. */
  compare: query(
    z.strictObject({ noteId: Id }),
    z.object({ note: Note, blocks: z.array(MergeBlock), token: z.string(), mineSavedAtMs: TimeMs.nullable() }),
  ),
  /**
   * Writes the merged text in place of both; both go to history. `choices` has one entry for each block that differs.
   * Fails with `changed-meanwhile` when either file is not what `token` saw.
   */
  merge: command(
    z.strictObject({
      noteId: Id,
      token: Text(100),
      choices: z.array(z.strictObject({ index: z.number().int(), take: z.enum(['mine', 'both', 'new']) })).max(10_000),
    }),
    Note,
  ),
  /** Earlier texts of a note that can be had back, newest first. */
  versions: query(z.strictObject({ noteId: Id }), z.array(NoteVersion)),
  readVersion: query(z.strictObject({ versionId: Id }), z.object({ version: NoteVersion, markdown: z.string() })),
  /** Writes it again: in its place when that holds Inkwell's text unchanged, else beside. */
  restoreVersion: command(z.strictObject({ versionId: Id }), z.object({ note: Note, fileName: z.string() })),
  /** Shows the file, or the episode's folder, in the file manager. */
  reveal: command(z.strictObject({ episodeId: Id, noteId: Id.optional() }), Nothing),
  changed: event(z.object({ episodeId: Id })),
}
