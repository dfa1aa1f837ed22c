import type { Feed, FeedState } from '#shared/contract/feeds.ts'
import { isSealed, type SealedTable, sealOf } from '../storage/seals.ts'
import type { Reader, SqlValue, Transaction } from '../storage/storage.ts'

/** What neither the feed nor the network gives back: the user's own words, where it is followed from, and since when. */
export const feedsTable: SealedTable = {
  name: 'feeds',
  key: 'id',
  columns: [
    'id',
    'kind',
    'own_title',
    'user_title',
    'category',
    'url',
    'url_display',
    'url_key',
    'is_private',
    'secret_storage',
    'allow_local',
    'paused',
    'podcast_guid',
    'added_at_ms',
    'removed_at_ms',
  ],
}

export interface FeedRow {
  id: string
  kind: Feed['kind']
  own_title: string
  user_title: string | null
  author: string | null
  language: string | null
  site_url: string | null
  category: string | null
  paused: number
  url: string | null
  url_display: string | null
  url_key: string
  is_private: number
  secret_storage: 'keychain' | 'session' | null
  allow_local: number
  podcast_guid: string | null
  artwork_key: string | null
  artwork_sha256: string | null
  artwork_type: string | null
  artwork_tried_at_ms: number | null
  added_at_ms: number
  removed_at_ms: number | null
  state_kind: FeedState['kind']
  state_message: string
  state_detail: string | null
  state_since_ms: number | null
  etag: string | null
  last_modified: string | null
  body_sha256: string | null
  parser_version: number | null
  was_mended: number
  ttl_minutes: number | null
  last_checked_at_ms: number | null
  last_ok_at_ms: number | null
  next_check_at_ms: number | null
  failure_count: number
  revision: number
  description: string | null
}
export interface FeedCounts {
  feed_id: string
  episodes: number
  new_episodes: number
  latest_ms: number | null
}
export type FeedColumns = Partial<Record<keyof FeedRow, SqlValue>>

export const readFeed = (reader: Reader, id: string): FeedRow | undefined =>
  reader.get('SELECT * FROM feeds WHERE id = ?', [id])

export const readFeedByKey = (reader: Reader, urlKey: string): FeedRow | undefined =>
  reader.get('SELECT * FROM feeds WHERE url_key = ?', [urlKey])

/** Private feeds whose addresses differ in nothing but their secrets. */
export const listFeedsByDisplay = (reader: Reader, display: string): FeedRow[] =>
  reader.all('SELECT * FROM feeds WHERE is_private = 1 AND url_display = ?', [display])

export const listFeeds = (reader: Reader): FeedRow[] =>
  reader.all(
    'SELECT * FROM feeds WHERE removed_at_ms IS NULL ORDER BY coalesce(user_title, own_title) COLLATE NOCASE, id',
  )

export const countEpisodes = (reader: Reader): Map<string, FeedCounts> =>
  new Map(
    reader
      .all<FeedCounts>(
        `SELECT feed_id, count(*) AS episodes, sum(state = 'new') AS new_episodes, max(published_at_ms) AS latest_ms
         FROM episodes GROUP BY feed_id`,
      )
      .map((row) => [row.feed_id, row]),
  )

export const countEpisodesOf = (reader: Reader, feedId: string): FeedCounts =>
  reader.get<FeedCounts>(
    `SELECT ? AS feed_id, count(*) AS episodes, coalesce(sum(state = 'new'), 0) AS new_episodes,
       max(published_at_ms) AS latest_ms FROM episodes WHERE feed_id = ?`,
    [feedId, feedId],
  )!

export const countInFeed = (reader: Reader, feedId: string): number =>
  reader.get<{ count: number }>('SELECT count(*) AS count FROM episodes WHERE feed_id = ? AND in_feed = 1', [feedId])!
    .count

/** Ids of feeds to be asked now: followed, not paused, not gone, due. */
export const listDue = (reader: Reader, nowMs: number): FeedRow[] =>
  reader.all(
    `SELECT * FROM feeds WHERE removed_at_ms IS NULL AND paused = 0 AND kind <> 'local' AND state_kind <> 'gone'
       AND (next_check_at_ms IS NULL OR next_check_at_ms <= ?) ORDER BY next_check_at_ms, id`,
    [nowMs],
  )

export function insertFeed(tx: Transaction, columns: FeedColumns & Pick<FeedRow, 'id'>): void {
  const names = Object.keys(columns)
  tx.run(
    `INSERT INTO feeds (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    Object.values(columns) as SqlValue[],
  )
  seal(tx, columns.id)
}

const seal = (tx: Transaction, id: string): void =>
  void tx.run('UPDATE feeds SET row_sha256 = ? WHERE id = ?', [sealOf(feedsTable, sealedRow(tx, id)!), id])

type StoredRow = Record<string, SqlValue>
const sealedRow = (reader: Reader, id: string): StoredRow | undefined =>
  reader.get<StoredRow>('SELECT * FROM feeds WHERE id = ?', [id])

/** @param urlKey when given, nothing is written if the feed has got another address meanwhile. @returns rows changed */
export function updateFeed(tx: Transaction, id: string, columns: FeedColumns, urlKey?: string): number {
  const names = Object.keys(columns)
  const assignments = names.map((name) => `${name} = ?`)
  const touchesSeal = names.some((name) => feedsTable.columns.includes(name))
  const before = touchesSeal ? sealedRow(tx, id) : undefined
  const changed = tx.run(
    `UPDATE feeds SET ${assignments.join(', ')} WHERE id = ?${urlKey === undefined ? '' : ' AND url_key = ?'}`,
    [...(Object.values(columns) as SqlValue[]), id, ...(urlKey === undefined ? [] : [urlKey])],
  )
  // A row that had rotted is not sealed anew: its other columns would pass for whole.
  if (changed > 0 && before && isSealed(feedsTable, before)) seal(tx, id)
  return changed
}

/** Columns of a state; its time of change stays when the kind does. */
export const stateColumns = (
  before: FeedRow | null,
  state: Omit<FeedState, 'sinceMs'>,
  nowMs: number,
): FeedColumns => ({
  state_kind: state.kind,
  state_message: state.message,
  state_detail: state.detail,
  state_since_ms: before?.state_kind === state.kind ? before.state_since_ms : nowMs,
})

/** Forgets what the server said of the document, so that the next answer is read whole. */
export const noValidators: FeedColumns = { etag: null, last_modified: null, body_sha256: null, parser_version: null }
