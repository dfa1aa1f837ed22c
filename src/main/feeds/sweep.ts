import type { FeedDeps } from './deps.ts'
import { type FeedSecrets, feedSubject } from './feed-secrets.ts'
import { countEpisodesOf, type FeedRow, stateColumns, updateFeed } from './store.ts'

/** After this a removed feed's secret leaves the keychain; its episodes and notes stay. */
const keptAfterRemovalMs = 30 * 86_400_000

/**
 * At start: feeds whose secret was kept for a session that is over say so, and secrets of feeds removed long ago are
 * forgotten. The keychain is not read: it may ask for a password, and no view needs it yet.
 */
export async function sweepSecrets(
  { storage, clock, events }: Pick<FeedDeps, 'storage' | 'clock' | 'events'>,
  secrets: FeedSecrets,
): Promise<void> {
  const nowMs = clock.now()
  const sessions = storage.all<FeedRow>(
    "SELECT * FROM feeds WHERE secret_storage = 'session' AND removed_at_ms IS NULL AND state_kind <> 'needs-password'",
  )
  for (const row of sessions) {
    if (await secrets.load(feedSubject(row.id))) continue
    const { episodes } = countEpisodesOf(storage, row.id)
    const state = {
      kind: 'needs-password' as const,
      message: 'Needs its password again',
      detail: `Its secret was kept for one session only. All ${episodes} episodes are kept; paste its private address or give its password to go on.`,
    }
    storage.writeUnaudited((tx) => updateFeed(tx, row.id, stateColumns(row, state, nowMs)))
    events.emit('feeds.changed', { feedId: row.id })
  }
  const removed = storage.all<FeedRow>('SELECT * FROM feeds WHERE secret_storage IS NOT NULL AND removed_at_ms < ?', [
    nowMs - keptAfterRemovalMs,
  ])
  for (const row of removed) {
    await secrets.forget(feedSubject(row.id))
    storage.write('feeds.forgetSecret', (tx) => {
      updateFeed(tx, row.id, { secret_storage: null })
      tx.audit(`feed:${row.id}`, { secretKept: true }, { secretKept: false })
    })
  }
}
