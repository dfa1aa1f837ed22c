import { noValidators, updateFeed } from '../../feeds/store.ts'
import type { SealedTable } from '../../storage/seals.ts'
import type { Reader, SqlValue, Transaction } from '../../storage/storage.ts'

type Row = Readonly<Record<string, SqlValue>>

/** Whether a feed still says what a row holds: then its next reading writes it anew. */
export const renewable = (reader: Reader, { name }: SealedTable, row: Row): boolean =>
  name === 'episodes' &&
  row.in_feed === 1 &&
  reader.get("SELECT 1 FROM feeds WHERE id = ? AND kind <> 'local' AND removed_at_ms IS NULL", [row.feed_id!]) !==
    undefined

/** The feed is read whole again: one that has not changed since would not be looked at. */
export function renewIn(tx: Transaction, row: Row): void {
  tx.run('UPDATE episodes SET feed_hash = NULL WHERE id = ?', [row.id!])
  updateFeed(tx, String(row.feed_id), { ...noValidators, next_check_at_ms: null })
}
