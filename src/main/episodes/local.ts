import { insertFeed, updateFeed } from '../feeds/store.ts'
import type { Clock, Ids } from '../ports.ts'
import type { NewLocalEpisode } from '../services.ts'
import type { SqlValue, Storage, Transaction } from '../storage/storage.ts'
import { sealOfEpisode } from './seal.ts'

const localKey = 'local'
const localTitle = 'Your files and texts'

/** The episode of a dropped file or pasted text; the same content is the same episode. @returns its id */
export function addLocalEpisode(
  { storage, clock, ids }: { storage: Storage; clock: Clock; ids: Ids },
  episode: NewLocalEpisode,
): { episodeId: string; feedId: string; added: boolean } {
  return storage.write('episodes.addLocal', (tx) => {
    const nowMs = clock.now()
    const feedId = localFeed(tx, ids, nowMs)
    const known = tx.get<{ episode_id: string }>(
      "SELECT episode_id FROM episode_keys WHERE feed_id = ? AND kind = 'content' AND key = ?",
      [feedId, episode.contentSha256],
    )
    if (known) {
      // The copy of its recording may have been swept since; it was just made again.
      tx.run('UPDATE episodes SET media_path = ?, media_type = ? WHERE id = ? AND media_path IS NULL', [
        episode.mediaPath,
        episode.mediaType,
        known.episode_id,
      ])
      tx.audit(`episode:${known.episode_id}`, null, { addedAgain: true })
      return { episodeId: known.episode_id, feedId, added: false }
    }
    const id = ids.next()
    const values: Record<string, SqlValue> = {
      id,
      feed_id: feedId,
      title: episode.title,
      published_at_ms: episode.publishedAtMs ?? nowMs,
      duration_seconds: episode.durationSeconds,
      language: episode.language,
      link: episode.link,
      media_path: episode.mediaPath,
      media_type: episode.mediaType,
      content_sha256: episode.contentSha256,
      state: 'new',
      first_seen_at_ms: nowMs,
      updated_at_ms: nowMs,
    }
    values.row_sha256 = sealOfEpisode(values)
    const names = Object.keys(values)
    tx.run(
      `INSERT INTO episodes (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      Object.values(values),
    )
    tx.run("INSERT INTO episode_keys (feed_id, kind, key, episode_id) VALUES (?, 'content', ?, ?)", [
      feedId,
      episode.contentSha256,
      id,
    ])
    tx.audit(`episode:${id}`, null, { title: episode.title, feedId })
    return { episodeId: id, feedId, added: true }
  })
}

function localFeed(tx: Transaction, ids: Ids, nowMs: number): string {
  const known = tx.get<{ id: string; removed_at_ms: number | null }>(
    'SELECT id, removed_at_ms FROM feeds WHERE url_key = ?',
    [localKey],
  )
  if (known) {
    if (known.removed_at_ms !== null) updateFeed(tx, known.id, { removed_at_ms: null })
    return known.id
  }
  const id = ids.next()
  insertFeed(tx, {
    id,
    kind: 'local',
    own_title: localTitle,
    url_key: localKey,
    added_at_ms: nowMs,
    state_kind: 'fine',
    state_message: 'Yours',
  })
  tx.audit(`feed:${id}`, null, { kind: 'local' })
  return id
}
