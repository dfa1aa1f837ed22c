import type { Chapter, EpisodeRow, Person } from '#shared/contract/episodes.ts'
import type { TranscriptRef } from '../services.ts'
import type { Reader, SqlValue, Transaction } from '../storage/storage.ts'
import { type EpisodeDraft, type EpisodeKey, keyOf } from './draft.ts'
import { type KnownEpisode, type KnownEpisodes, keyName } from './identity.ts'

export interface EpisodeListRow {
  id: string
  feed_id: string
  feed_title: string
  has_artwork: number
  title: string
  number: string | null
  published_at_ms: number | null
  duration_seconds: number | null
  state: EpisodeRow['state']
  in_feed: number
  transcript_count: number
  language: string | null
}
export interface EpisodeFullRow extends EpisodeListRow {
  feed_kind: 'rss' | 'youtube' | 'local' | 'sample'
  feed_language: string | null
  guid: string | null
  season: string | null
  link: string | null
  media_url: string | null
  media_type: string | null
  media_path: string | null
  transcripts_json: string
  chapters_url: string | null
  chapters_json: string
  persons_json: string
  description_html: string | null
}

const listColumns = `e.id, e.feed_id, coalesce(f.user_title, f.own_title) AS feed_title,
  f.artwork_sha256 IS NOT NULL AS has_artwork, e.title, e.number, e.published_at_ms, e.duration_seconds, e.state,
  e.in_feed, e.transcript_count, coalesce(e.language, f.language) AS language`
const from = 'FROM episodes e JOIN feeds f ON f.id = e.feed_id'
const order = 'ORDER BY e.published_at_ms DESC, e.id DESC'

/** Newest first; rows without a date last. Removed feeds are left out unless the feed is named. */
export const listEpisodes = (reader: Reader, feedId: string | null): EpisodeListRow[] =>
  feedId === null
    ? reader.all(`SELECT ${listColumns} ${from} WHERE f.removed_at_ms IS NULL ${order}`)
    : reader.all(`SELECT ${listColumns} ${from} WHERE e.feed_id = ? ${order}`, [feedId])

export const listNewEpisodes = (reader: Reader, limit: number): EpisodeListRow[] =>
  reader.all(
    `SELECT ${listColumns} ${from} WHERE e.state = 'new' AND f.removed_at_ms IS NULL AND f.kind <> 'local' ${order} LIMIT ?`,
    [limit],
  )

export const readEpisode = (reader: Reader, id: string): EpisodeFullRow | undefined =>
  reader.get(
    `SELECT ${listColumns}, f.kind AS feed_kind, f.language AS feed_language, e.guid, e.season, e.link, e.media_url,
       e.media_type, e.media_path, e.transcripts_json, e.chapters_url, e.chapters_json, e.persons_json,
       e.description_html ${from} WHERE e.id = ?`,
    [id],
  )

export interface KnownRow extends KnownEpisode {
  readonly feedHash: string | null
  readonly inFeed: boolean
}
export interface KnownRows extends KnownEpisodes {
  readonly byId: ReadonlyMap<string, KnownRow>
}
/** All that matching needs of one feed. About 5 ms per 1,000 episodes. */
export function readKnown(reader: Reader, feedId: string): KnownRows {
  const rows = reader.all<{
    id: string
    title: string
    media_key: string | null
    published_at_ms: number | null
    feed_hash: string | null
    in_feed: number
  }>('SELECT id, title, media_key, published_at_ms, feed_hash, in_feed FROM episodes WHERE feed_id = ?', [feedId])
  const keys = reader.all<EpisodeKey & { episode_id: string }>(
    'SELECT kind, key, episode_id FROM episode_keys WHERE feed_id = ?',
    [feedId],
  )
  return {
    byId: new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          title: row.title,
          mediaKey: row.media_key,
          publishedAtMs: row.published_at_ms,
          feedHash: row.feed_hash,
          inFeed: row.in_feed === 1,
        },
      ]),
    ),
    idsByKey: new Map(keys.map((key) => [keyName(key), key.episode_id])),
  }
}

const draftColumns = (draft: EpisodeDraft): Record<string, SqlValue> => ({
  title: draft.title,
  number: draft.number,
  season: draft.season,
  language: draft.language,
  link: draft.link,
  media_url: draft.mediaUrl,
  media_type: draft.mediaType,
  media_bytes: draft.mediaBytes,
  media_key: keyOf(draft, 'media'),
  image_url: draft.imageUrl,
  episode_type: draft.episodeType,
  explicit: draft.explicit === null ? null : Number(draft.explicit),
  transcripts_json: JSON.stringify(draft.transcripts),
  transcript_count: draft.transcripts.length,
  chapters_url: draft.chaptersUrl,
  persons_json: JSON.stringify(draft.persons),
  description_html: draft.descriptionHtml,
})

export function insertEpisode(
  tx: Transaction,
  row: { id: string; feedId: string; draft: EpisodeDraft; feedHash: string; state: EpisodeRow['state']; nowMs: number },
): void {
  const values: Record<string, SqlValue> = {
    id: row.id,
    feed_id: row.feedId,
    ...draftColumns(row.draft),
    guid: row.draft.guid,
    published_at_ms: row.draft.publishedAtMs,
    duration_seconds: row.draft.durationSeconds,
    chapters_json: JSON.stringify(row.draft.chapters),
    state: row.state,
    feed_hash: row.feedHash,
    first_seen_at_ms: row.nowMs,
    updated_at_ms: row.nowMs,
  }
  const names = Object.keys(values)
  tx.run(
    `INSERT INTO episodes (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    Object.values(values),
  )
}

/** What a feed stops saying (date, duration, guid, chapters fetched before) is kept. The state is the user's. */
export function updateEpisode(
  tx: Transaction,
  row: { id: string; draft: EpisodeDraft; feedHash: string; nowMs: number },
): void {
  const { draft } = row
  const values: Record<string, SqlValue> = {
    ...draftColumns(draft),
    feed_hash: row.feedHash,
    updated_at_ms: row.nowMs,
    in_feed: 1,
    ...(draft.chapters.length > 0 ? { chapters_json: JSON.stringify(draft.chapters) } : {}),
  }
  const kept = [
    'guid = coalesce(?, guid)',
    'published_at_ms = coalesce(?, published_at_ms)',
    'duration_seconds = coalesce(?, duration_seconds)',
  ]
  tx.run(
    `UPDATE episodes SET ${[...Object.keys(values).map((name) => `${name} = ?`), ...kept].join(', ')} WHERE id = ?`,
    [...Object.values(values), draft.guid, draft.publishedAtMs, draft.durationSeconds, row.id],
  )
}

/** The newest owner of a key has it. */
export function recordKeys(tx: Transaction, feedId: string, episodeId: string, keys: readonly EpisodeKey[]): void {
  for (const { kind, key } of keys)
    tx.run(
      `INSERT INTO episode_keys (feed_id, kind, key, episode_id) VALUES (?, ?, ?, ?)
       ON CONFLICT (feed_id, kind, key) DO UPDATE SET episode_id = excluded.episode_id`,
      [feedId, kind, key, episodeId],
    )
}

export const parseTranscripts = (row: EpisodeFullRow): TranscriptRef[] => JSON.parse(row.transcripts_json)
export const parseChapters = (row: EpisodeFullRow): Chapter[] => JSON.parse(row.chapters_json)
export const parsePersons = (row: EpisodeFullRow): Person[] => JSON.parse(row.persons_json)
