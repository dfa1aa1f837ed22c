import { passphraseSubject, readConfig } from '../backup/config.ts'
import type { Credentials } from '../credentials/service.ts'
import { feedSubject, moveSubject } from '../feeds/feed-secrets.ts'
import { undoMoveMs } from '../feeds/move-store.ts'
import { parseEntry } from '../feeds/private-entry.ts'
import { countEpisodesOf, type FeedRow, readFeed, stateColumns, updateFeed } from '../feeds/store.ts'
import type { ExpectedKey, ExpectedMove, ExpectedSecret, Secrets } from '../health/ports.ts'
import { isSendable } from '../models/keys.ts'
import { readKeyNotes, readRemovedServers, readServers, writeModels } from '../models/settings.ts'
import type { Clock } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'

/** What should be in the keychain by what the database says. No secret goes further than this. */
export function healthSecrets({
  storage,
  clock,
  credentials,
}: {
  readonly storage: Storage
  readonly clock: Clock
  readonly credentials: Pick<Credentials, 'get' | 'has' | 'keychainAvailable'>
}): Secrets {
  const stateOf =
    (subject: string, isOurs = (secret: string): boolean => parseEntry(secret) !== null) =>
    async (): ReturnType<ExpectedSecret['state']> => {
      const secret = await credentials.get(subject)
      if (!secret.ok) return 'no-answer'
      if (secret.value === null) return 'missing'
      return isOurs(secret.value) ? 'valid' : 'invalid'
    }
  return {
    answers: () => credentials.keychainAvailable(),
    needsBackupWords: () => readConfig(storage, '').encrypted,
    hasBackupWords: () => credentials.has(passphraseSubject),
    // Private feeds that do not ask for their password already.
    expected: () =>
      storage
        .all<FeedRow>(
          `SELECT * FROM feeds WHERE is_private = 1 AND secret_storage = 'keychain' AND removed_at_ms IS NULL
           AND state_kind <> 'needs-password' ORDER BY id`,
        )
        .map((row) => ({
          feedId: row.id,
          name: row.user_title ?? row.own_title,
          state: stateOf(feedSubject(row.id)),
        })),
    expectedMoves: () =>
      storage
        .all<{ moveId: string; feedId: string; end: 'to' | 'from'; name: string; display: string }>(
          `SELECT m.id AS moveId, f.id AS feedId, coalesce(f.user_title, f.own_title) AS name,
                  CASE m.status WHEN 'proposed' THEN 'to' ELSE 'from' END AS "end",
                  CASE m.status WHEN 'proposed' THEN m.to_display ELSE coalesce(m.from_display, '') END AS display
           FROM feed_moves m JOIN feeds f ON f.id = m.feed_id
           WHERE f.removed_at_ms IS NULL AND coalesce(f.secret_storage, 'keychain') = 'keychain'
             AND ((m.status = 'proposed' AND m.to_url IS NULL)
               OR (m.status = 'accepted' AND m.from_key IS NOT NULL AND m.from_url IS NULL AND m.decided_at_ms > ?))
           ORDER BY m.id`,
          [clock.now() - undoMoveMs],
        )
        .map((move): ExpectedMove => ({ ...move, state: stateOf(moveSubject(move.moveId, move.end)) })),
    expectedKeys: () => {
      const titles = new Map(readServers(storage).map(({ id, title }) => [id, title]))
      const removed = new Set(readRemovedServers(storage).map(({ id }) => id))
      return Object.keys(readKeyNotes(storage))
        .filter((id) => titles.has(id) || !removed.has(id))
        .map(
          (id): ExpectedKey => ({
            providerId: id,
            name: titles.get(id) ?? titleOfProvider(id),
            state: stateOf(`model/${id}`, isSendable),
          }),
        )
    },
    askForKeyIn: (tx, { providerId }) => {
      const { [providerId]: _, ...others } = readKeyNotes(tx)
      writeModels(tx, 'keys', others, clock.now())
    },
    askAgainIn: (tx, feedId) => {
      const row = readFeed(tx, feedId)
      if (!row) return
      const { episodes } = countEpisodesOf(tx, feedId)
      const state = {
        kind: 'needs-password' as const,
        message: 'Needs its password again',
        detail: `Its secret is not in the keychain any more. All ${episodes} episodes are kept; paste its private address or give its password to go on.`,
      }
      updateFeed(tx, feedId, stateColumns(row, state, clock.now()))
    },
    // A proposal comes again when the feed is next read. One that was accepted stays; only the way back ends at once.
    forgetMoveIn: (tx, { moveId, end }) => {
      if (end === 'to') tx.run("DELETE FROM feed_moves WHERE id = ? AND status = 'proposed'", [moveId])
      else tx.run("UPDATE feed_moves SET decided_at_ms = 0 WHERE id = ? AND status = 'accepted'", [moveId])
    },
  }
}

const titleOfProvider = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1)
