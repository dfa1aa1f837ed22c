import { z } from 'zod'
import { type RungId, Segment } from '#shared/contract/transcripts.ts'
import type { Clock } from '../ports.ts'
import type { RungContext } from '../services-sound.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { sha256 } from './store.ts'

/** Durable pieces of a transcript that is being made. A damaged one counts as not made. */
export function piecesOf(
  { storage, clock }: { storage: Storage; clock: Clock },
  episodeId: string,
  rung: RungId,
): RungContext['pieces'] {
  const keyOf = (key: string): string => `${rung}:${key}`
  const putIn = (tx: Transaction, key: string, segments: readonly Segment[]): void => {
    const json = JSON.stringify(segments)
    tx.run(
      `INSERT OR REPLACE INTO transcript_pieces (episode_id, key, segments_json, segments_sha256, made_at_ms)
       VALUES (?, ?, ?, ?, ?)`,
      [episodeId, keyOf(key), json, sha256(json), clock.now()],
    )
  }
  return {
    get(key) {
      const row = storage.get<{ segments_json: string; segments_sha256: string }>(
        'SELECT segments_json, segments_sha256 FROM transcript_pieces WHERE episode_id = ? AND key = ?',
        [episodeId, keyOf(key)],
      )
      if (!row || sha256(row.segments_json) !== row.segments_sha256) return null
      return z.array(Segment).parse(JSON.parse(row.segments_json))
    },
    put: (key, segments) => storage.writeUnaudited((tx) => putIn(tx, key, segments)),
    putIn,
  }
}

/** The whole is stored: its pieces are not needed any more. */
export const dropPieces = (tx: Transaction, episodeId: string): void => {
  tx.run('DELETE FROM transcript_pieces WHERE episode_id = ?', [episodeId])
}
