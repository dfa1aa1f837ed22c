import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Reader } from '../../storage/storage.ts'
import { countBy, cutoffOf, type Item, type SweepKind } from '../kind.ts'

interface Row {
  readonly path: string
  readonly title: string
  readonly used_at_ms: number
  readonly only_here: number
  readonly without_notes: number
  readonly without_transcript: number
  readonly active: number
}
interface Recording extends Row {
  readonly bytes: number
}

/** One row per file; when several episodes have it, whatever speaks for keeping it counts. */
const recordings = (reader: Reader, profilePath: string): Recording[] =>
  reader
    .all<Row>(
      `SELECT media_path AS path, min(title) AS title, max(used_at_ms) AS used_at_ms, max(only_here) AS only_here,
         max(NOT noted) AS without_notes, max(transcribed_at_ms IS NULL) AS without_transcript, max(active) AS active
       FROM (
         SELECT e.media_path, e.title, e.media_url IS NULL AS only_here,
           (SELECT max(stored_at_ms) FROM transcripts WHERE episode_id = e.id) AS transcribed_at_ms,
           EXISTS (SELECT 1 FROM notes WHERE episode_id = e.id AND state IN ('current', 'edited')) AS noted,
           EXISTS (SELECT 1 FROM jobs WHERE episode_id = e.id AND state IN ('queued', 'running')) AS active,
           max(e.first_seen_at_ms,
               coalesce((SELECT max(stored_at_ms) FROM transcripts WHERE episode_id = e.id), 0),
               coalesce((SELECT max(written_at_ms) FROM notes WHERE episode_id = e.id), 0)) AS used_at_ms
         FROM episodes e WHERE e.media_path IS NOT NULL)
       GROUP BY media_path ORDER BY used_at_ms, path`,
    )
    .map((row) => ({ ...row, bytes: sizeOf(join(profilePath, row.path)) }))

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function reasonOf(row: Recording, asked: boolean): string | null {
  if (row.active > 0) return 'in use by a job'
  if (row.only_here > 0 ? row.without_notes || row.without_transcript : row.without_notes && row.without_transcript)
    return row.without_transcript ? 'without a transcript yet' : 'without notes yet'
  // Perhaps the only copy there is: it goes when somebody has seen its name and said yes, never by itself.
  return row.only_here > 0 && !asked ? 'only here, and swept only when you say so' : null
}

/** By age since it was last used for something, and by the size of all of them, oldest first. */
export const mediaKind = (profilePath: string): SweepKind => ({
  kind: 'media',
  defaults: { days: null, maxBytes: null },
  stored: (reader) => {
    const all = recordings(reader, profilePath)
    return { items: all.length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) }
  },
  due: (reader, question) => {
    const { rule, asked } = question
    if (rule.days === null && rule.maxBytes === null) return { items: [], spared: new Map() }
    const all = recordings(reader, profilePath)
    let excess = rule.maxBytes === null ? 0 : all.reduce((sum, { bytes }) => sum + bytes, 0) - rule.maxBytes
    const items: Item[] = []
    const reasons: string[] = []
    for (const row of all) {
      if (row.used_at_ms >= cutoffOf(question) && excess <= 0) continue
      const reason = reasonOf(row, asked)
      if (reason !== null) {
        reasons.push(reason)
        continue
      }
      excess -= row.bytes
      items.push({
        id: row.path,
        bytes: row.bytes,
        words: row.only_here > 0 ? `${row.title} (Inkwell’s copy of your file)` : row.title,
      })
    }
    return { items, spared: countBy(reasons) }
  },
  forget: (tx, items) =>
    items.map(({ id, bytes }) => {
      tx.run('UPDATE episodes SET media_path = NULL WHERE media_path = ?', [id])
      return { path: id, bytes }
    }),
})
