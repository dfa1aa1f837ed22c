import { RungId } from '#shared/contract/transcripts.ts'
import type { Reader, Storage } from '../storage/storage.ts'

/** The rung the user chose for all episodes of a feed; null lets the ladder choose. */
export function choiceOf(reader: Reader, feedId: string): RungId | null {
  const row = reader.get<{ rung: string }>('SELECT rung FROM transcript_choices WHERE feed_id = ?', [feedId])
  return RungId.safeParse(row?.rung).data ?? null
}

export function setChoice(storage: Storage, feedId: string, rung: RungId | null, nowMs: number): void {
  storage.write('transcripts.remember', (tx) => {
    const before = choiceOf(tx, feedId)
    if (rung === null) tx.run('DELETE FROM transcript_choices WHERE feed_id = ?', [feedId])
    else
      tx.run('INSERT OR REPLACE INTO transcript_choices (feed_id, rung, chosen_at_ms) VALUES (?, ?, ?)', [
        feedId,
        rung,
        nowMs,
      ])
    tx.audit(`feed:${feedId}`, { rung: before }, { rung })
  })
}
