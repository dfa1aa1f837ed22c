import type { TranscriptSource } from '#shared/contract/transcripts.ts'
import type { Reader } from '../../storage/storage.ts'
import { cutoffOf, type SweepKind, sift } from '../kind.ts'

interface Row {
  readonly episode_id: string
  readonly title: string
  readonly source: string
  readonly bytes: number
  readonly refs: number
  readonly in_feed: number
  readonly feed_kind: string
  readonly state_kind: string
  readonly secret_storage: string | null
  readonly removed_at_ms: number | null
  readonly active: number
  readonly talked_about: number
}

/** Only what a server gave. What the user dropped or pasted is here alone, and what was made from sound took hours or money. */
const fetched: ReadonlySet<string> = new Set<TranscriptSource>(['publisher'])
/** The feed answers, or did when it was last asked. */
const answering: ReadonlySet<string> = new Set(['fine', 'mended', 'paused', 'waiting'])

function reasonOf(row: Row): string | null {
  if (!fetched.has(row.source)) return 'came from you and cannot be fetched again'
  const gone = row.refs === 0 || row.in_feed === 0 || row.removed_at_ms !== null
  const silent = row.feed_kind !== 'sample' && (!answering.has(row.state_kind) || row.secret_storage === 'session')
  if (gone || silent) return 'may not be there to fetch again'
  if (row.active > 0) return 'in use by a job'
  return row.talked_about > 0 ? 'in use by an interview' : null
}

const oldRows = (reader: Reader, cutoffMs: number): Row[] =>
  reader.all<Row>(
    `SELECT t.episode_id, e.title, t.source, t.segments_bytes AS bytes,
       json_array_length(e.transcripts_json) AS refs, e.in_feed,
       f.kind AS feed_kind, f.state_kind, f.secret_storage, f.removed_at_ms,
       EXISTS (SELECT 1 FROM jobs WHERE jobs.episode_id = e.id AND state IN ('queued', 'running')) AS active,
       EXISTS (SELECT 1 FROM interview_sessions s
               WHERE s.episode_id = e.id AND s.state IN ('active', 'paused')) AS talked_about
     FROM transcripts t JOIN episodes e ON e.id = t.episode_id JOIN feeds f ON f.id = e.feed_id
     WHERE t.stored_at_ms < ? ORDER BY t.stored_at_ms, t.id`,
    [cutoffMs],
  )

export const transcriptsKind: SweepKind = {
  kind: 'transcripts',
  defaults: { days: 90, maxBytes: null },
  stored: (reader) =>
    reader.get<{ items: number; bytes: number }>(
      'SELECT count(*) AS items, coalesce(sum(segments_bytes), 0) AS bytes FROM transcripts',
    )!,
  due: (reader, question) =>
    question.rule.days === null
      ? { items: [], spared: new Map() }
      : sift(oldRows(reader, cutoffOf(question)), reasonOf, ({ episode_id, title, bytes }) => ({
          id: episode_id,
          words: title,
          bytes,
        })),
  forget: (tx, items) => {
    for (const { id } of items) tx.run('DELETE FROM transcripts WHERE episode_id = ?', [id])
    return []
  },
}
