import type { Reader, Transaction } from '../storage/storage.ts'

export interface MoveRow {
  id: string
  feed_id: string
  status: 'proposed' | 'unproven' | 'dismissed' | 'accepted' | 'undone'
  reason: 'permanent-redirect' | 'new-feed-url' | 'redirect-to-other-host'
  to_url: string | null
  to_display: string
  to_key: string
  from_url: string | null
  from_display: string | null
  from_key: string | null
  matching_episodes: number
  known_episodes: number
  proposed_at_ms: number
  decided_at_ms: number | null
}
export const undoMoveMs = 30 * 86_400_000

export const readProposal = (reader: Reader, feedId: string): MoveRow | undefined =>
  reader.get(
    `SELECT * FROM feed_moves WHERE feed_id = ? AND status = 'proposed' ORDER BY proposed_at_ms DESC LIMIT 1`,
    [feedId],
  )

export const readMoveTo = (reader: Reader, feedId: string, toKey: string): MoveRow | undefined =>
  reader.get('SELECT * FROM feed_moves WHERE feed_id = ? AND to_key = ?', [feedId, toKey])

/** The last accepted move, while it can be undone. */
export const readUndoable = (reader: Reader, feedId: string, nowMs: number): MoveRow | undefined =>
  reader.get(
    `SELECT * FROM feed_moves WHERE feed_id = ? AND status = 'accepted' AND decided_at_ms > ?
     ORDER BY decided_at_ms DESC LIMIT 1`,
    [feedId, nowMs - undoMoveMs],
  )

export const listOpenMoves = (reader: Reader, nowMs: number): MoveRow[] =>
  reader.all(
    `SELECT * FROM feed_moves WHERE status = 'proposed' OR (status = 'accepted' AND decided_at_ms > ?)
     ORDER BY proposed_at_ms`,
    [nowMs - undoMoveMs],
  )

/** What the user decided about this address stays decided. */
export function upsertMove(
  tx: Transaction,
  move: Pick<
    MoveRow,
    | 'id'
    | 'feed_id'
    | 'status'
    | 'reason'
    | 'to_url'
    | 'to_display'
    | 'to_key'
    | 'matching_episodes'
    | 'known_episodes'
    | 'proposed_at_ms'
  >,
): void {
  tx.run(
    `INSERT INTO feed_moves (id, feed_id, status, reason, to_url, to_display, to_key, matching_episodes, known_episodes, proposed_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (feed_id, to_key) DO UPDATE SET status = excluded.status, reason = excluded.reason,
       matching_episodes = excluded.matching_episodes, known_episodes = excluded.known_episodes,
       proposed_at_ms = excluded.proposed_at_ms
     WHERE status IN ('proposed', 'unproven')`,
    [
      move.id,
      move.feed_id,
      move.status,
      move.reason,
      move.to_url,
      move.to_display,
      move.to_key,
      move.matching_episodes,
      move.known_episodes,
      move.proposed_at_ms,
    ],
  )
}
