import type { SecretSubject, SecretSubjects } from '../credentials/secret-subjects.ts'
import type { FeedDeps } from './deps.ts'
import { feedSubject, moveSubject } from './feed-secrets.ts'
import { listOpenMoves } from './move-store.ts'
import { parseEntry } from './private-entry.ts'
import { countEpisodesOf, type FeedRow, noValidators, readFeed, stateColumns, updateFeed } from './store.ts'

/**
 * Private feeds, also those removed lately whose secret is still kept, and the private addresses of open moves.
 * @param refresh asks feeds again in the background
 */
export function feedSecretSubjects(
  { storage, clock, events }: Pick<FeedDeps, 'storage' | 'clock' | 'events'>,
  refresh: (feedIds: readonly string[]) => void,
): SecretSubjects {
  return {
    list: () => {
      const feeds = storage.all<Pick<FeedRow, 'id' | 'secret_storage'>>(
        'SELECT id, secret_storage FROM feeds WHERE secret_storage IS NOT NULL ORDER BY id',
      )
      const whereById = new Map(feeds.map(({ id, secret_storage }) => [id, secret_storage!]))
      const subjects: SecretSubject[] = feeds.map(({ id }) => ({ subject: feedSubject(id), where: whereById.get(id)! }))
      for (const move of listOpenMoves(storage, clock.now())) {
        const where = whereById.get(move.feed_id) ?? 'keychain'
        if (move.status === 'proposed' && move.to_url === null)
          subjects.push({ subject: moveSubject(move.id, 'to'), where })
        if (move.status === 'accepted' && move.from_key !== null && move.from_url === null)
          subjects.push({ subject: moveSubject(move.id, 'from'), where })
      }
      return subjects
    },
    // Tokens of episodes' addresses come and go with each refresh.
    essence: (_, secret) => {
      const entry = parseEntry(secret)
      return entry ? JSON.stringify([entry.url, entry.credentials]) : secret
    },
    restored: (subjects) => {
      const back = subjects
        .filter((subject) => subject.startsWith('feed/'))
        .map((subject) => readFeed(storage, subject.slice('feed/'.length)))
        .filter((row) => row?.is_private === 1 && row.removed_at_ms === null)
        .filter((row) => row!.state_kind === 'needs-password' || row!.secret_storage !== 'keychain') as FeedRow[]
      if (back.length === 0) return
      storage.write('feeds.restoreSecrets', (tx) => {
        for (const row of back) {
          const { episodes } = countEpisodesOf(tx, row.id)
          updateFeed(tx, row.id, {
            secret_storage: 'keychain',
            failure_count: 0,
            next_check_at_ms: null,
            ...noValidators,
            ...stateColumns(
              row,
              {
                kind: 'new',
                message: 'Not read since its secret was restored',
                detail: `Its secret came back with the recovery kit. All ${episodes} episodes are kept.`,
              },
              clock.now(),
            ),
          })
          tx.audit(`feed:${row.id}`, { secretKept: false }, { secretKept: true, where: 'keychain' })
        }
      })
      for (const { id } of back) events.emit('feeds.changed', { feedId: id })
      refresh(back.map(({ id }) => id))
    },
  }
}
