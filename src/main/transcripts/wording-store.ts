import type { Correction } from '#shared/contract/transcripts.ts'
import { type SealedTable, sealOf } from '../storage/seals.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

export const correctionsTable: SealedTable = {
  name: 'transcript_corrections',
  key: 'id',
  columns: ['id', 'feed_id', 'heard', 'meant', 'added_at_ms'],
}
export const speakerNamesTable: SealedTable = {
  name: 'speaker_names',
  key: 'id',
  columns: ['id', 'feed_id', 'episode_id', 'label', 'name', 'named_at_ms'],
}

interface CorrectionRow {
  id: string
  feed_id: string | null
  heard: string
  meant: string
}
const correctionOf = ({ id, feed_id, heard, meant }: CorrectionRow): Correction => ({
  id,
  feedId: feed_id,
  heard,
  meant,
})
const selectCorrections = 'SELECT id, feed_id, heard, meant FROM transcript_corrections'

/** Those of all feeds first, so that the feed's own win. */
export const readCorrections = (reader: Reader, feedId: string): Correction[] =>
  reader
    .all<CorrectionRow>(
      `${selectCorrections} WHERE feed_id IS NULL OR feed_id = ? ORDER BY feed_id IS NOT NULL, heard COLLATE NOCASE, id`,
      [feedId],
    )
    .map(correctionOf)

export function readCorrection(reader: Reader, id: string): Correction | null {
  const row = reader.get<CorrectionRow>(`${selectCorrections} WHERE id = ?`, [id])
  return row ? correctionOf(row) : null
}

export function insertCorrection(tx: Transaction, correction: Correction, nowMs: number): void {
  const { id, feedId, heard, meant } = correction
  const row = { id, feed_id: feedId, heard, meant, added_at_ms: nowMs }
  tx.run(
    'INSERT INTO transcript_corrections (id, feed_id, heard, meant, added_at_ms, row_sha256) VALUES (?, ?, ?, ?, ?, ?)',
    [...Object.values(row), sealOf(correctionsTable, row)],
  )
}

export const deleteCorrection = (tx: Transaction, id: string): void => {
  tx.run('DELETE FROM transcript_corrections WHERE id = ?', [id])
}

/** Label → name: those of the feed, then those of the episode, which win. */
export function readNames(reader: Reader, feedId: string, episodeId: string): Map<string, string> {
  const rows = reader.all<{ label: string; name: string }>(
    `SELECT label, name FROM speaker_names WHERE feed_id = ? AND (episode_id IS NULL OR episode_id = ?)
     ORDER BY episode_id IS NOT NULL`,
    [feedId, episodeId],
  )
  return new Map(rows.map(({ label, name }) => [label, name]))
}

/** Every name the user gave in a feed, the newest first. */
export const namesOfFeed = (reader: Reader, feedId: string): string[] =>
  reader
    .all<{ name: string }>(
      'SELECT name FROM speaker_names WHERE feed_id = ? GROUP BY name ORDER BY max(named_at_ms) DESC LIMIT 50',
      [feedId],
    )
    .map(({ name }) => name)

export interface SpeakerNameRow {
  readonly id: string
  readonly feed_id: string
  /** Null: in the whole feed. */
  readonly episode_id: string | null
  readonly label: string
  readonly name: string
  readonly named_at_ms: number
}
export function putName(tx: Transaction, row: SpeakerNameRow): void {
  dropName(tx, row)
  const { id, feed_id, episode_id, label, name, named_at_ms } = row
  tx.run(
    `INSERT INTO speaker_names (id, feed_id, episode_id, label, name, named_at_ms, row_sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [id, feed_id, episode_id, label, name, named_at_ms, sealOf(speakerNamesTable, { ...row })],
  )
}

export const dropName = (tx: Transaction, row: Pick<SpeakerNameRow, 'feed_id' | 'episode_id' | 'label'>): void => {
  tx.run("DELETE FROM speaker_names WHERE feed_id = ? AND coalesce(episode_id, '') = ? AND label = ?", [
    row.feed_id,
    row.episode_id ?? '',
    row.label,
  ])
}
