import type { Chapter, EpisodeRow, Person } from '#shared/contract/episodes.ts'
import type { EpisodeRecord, TranscriptRef } from '../services.ts'
import type { Reader, SqlValue, Transaction } from '../storage/storage.ts'
import { type EpisodeDraft, type EpisodeKey, keyOf } from './draft.ts'
import { type KnownEpisode, type KnownEpisodes, keyName } from './identity.ts'
import { sealOfEpisode } from './seal.ts'

export interface EpisodeListRow {
  id: string
  feed_id: string
  title: string
  number: string | null
  published_at_ms: number | null
  duration_seconds: number | null
  state: EpisodeRow['state']
  in_feed: number
  transcript_count: number
  language: string | null
  /** On YouTube, which may have captions. */
  is_video: number
}
/** What rows of one feed have in common: read once, not with each of 10,000 rows. */
export interface EpisodeFeed {
  id: string
  kind: EpisodeRecord['feedKind']
  title: string
  language: string | null
  has_artwork: number
}
export interface EpisodeFullRow extends EpisodeListRow {
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

/** In the order of `listNames`. */
type ListValues = [
  id: string,
  feed_id: string,
  title: string,
  number: string | null,
  published_at_ms: number | null,
  duration_seconds: number | null,
  state: EpisodeRow['state'],
  in_feed: number,
  transcript_count: number,
  language: string | null,
  is_video: number,
]
const listNames = [
  ...['id', 'feed_id', 'title', 'number', 'published_at_ms', 'duration_seconds', 'state'],
  ...['in_feed', 'transcript_count', 'language'],
]
const isVideo = "(e.link LIKE 'https://www.youtube.com/watch?v=%' OR coalesce(e.guid LIKE 'yt:video:%', 0))"
const listColumns = `${listNames.map((name) => `e.${name}`).join(', ')}, coalesce(${isVideo}, 0) AS is_video`
const order = 'ORDER BY e.published_at_ms DESC, e.id DESC'
const followed = 'e.feed_id IN (SELECT id FROM feeds WHERE removed_at_ms IS NULL'

/** Newest first; rows without a date last. Removed feeds are left out unless the feed is named. */
export function listEpisodes(reader: Reader, feedId: string | null): EpisodeListRow[] {
  const [where, params] = feedId === null ? [`${followed})`, []] : ['e.feed_id = ?', [feedId]]
  // As one JSON text: 10,000 rows take a third of the time that 10,000 row objects of the driver do.
  const found = reader.get<{ rows: string }>(
    `SELECT json_group_array(json_array(${listNames.join(', ')}, is_video)) AS rows
     FROM (SELECT ${listColumns} FROM episodes e WHERE ${where} ${order})`,
    params,
  )
  return (JSON.parse(found!.rows) as ListValues[]).map(
    ([
      id,
      feed_id,
      title,
      number,
      published_at_ms,
      duration_seconds,
      state,
      in_feed,
      transcript_count,
      language,
      is_video,
    ]) => ({
      id,
      feed_id,
      title,
      number,
      published_at_ms,
      duration_seconds,
      state,
      in_feed,
      transcript_count,
      language,
      is_video,
    }),
  )
}

export const listNewEpisodes = (reader: Reader, limit: number): EpisodeListRow[] =>
  reader.all(
    `SELECT ${listColumns} FROM episodes e WHERE e.state = 'new' AND ${followed} AND kind <> 'local') ${order} LIMIT ?`,
    [limit],
  )

export const readEpisodeFeeds = (reader: Reader): Map<string, EpisodeFeed> =>
  new Map(
    reader
      .all<EpisodeFeed>(
        `SELECT id, kind, coalesce(user_title, own_title) AS title, language, artwork_sha256 IS NOT NULL AS has_artwork
         FROM feeds`,
      )
      .map((feed) => [feed.id, feed]),
  )

export const readEpisode = (reader: Reader, id: string): { row: EpisodeFullRow; feed: EpisodeFeed } | undefined => {
  const row = reader.get<EpisodeFullRow>(
    `SELECT ${listColumns}, e.guid, e.season, e.link, e.media_url, e.media_type, e.media_path, e.transcripts_json,
       e.chapters_url, e.chapters_json, e.persons_json, e.description_html FROM episodes e WHERE e.id = ?`,
    [id],
  )
  return row && { row, feed: readEpisodeFeeds(reader).get(row.feed_id)! }
}

export interface KnownRow extends KnownEpisode {
  readonly feedHash: string | null
  readonly inFeed: boolean
}
export interface KnownRows extends KnownEpisodes {
  readonly byId: ReadonlyMap<string, KnownRow>
}
const pageRows = 500

/** All that matching needs of one feed, in pages. What changes meanwhile shows in the feed's revision. */
export function* readKnown(reader: Reader, feedId: string): Generator<void, KnownRows> {
  const byId = new Map<string, KnownRow>()
  for (let after = -1; ; ) {
    const rows = reader.all<{
      rowid: number
      id: string
      title: string
      media_key: string | null
      published_at_ms: number | null
      feed_hash: string | null
      in_feed: number
    }>(
      `SELECT rowid, id, title, media_key, published_at_ms, feed_hash, in_feed FROM episodes INDEXED BY episodes_of_feed
       WHERE feed_id = ? AND rowid > ? ORDER BY rowid LIMIT ${pageRows}`,
      [feedId, after],
    )
    for (const row of rows)
      byId.set(row.id, {
        id: row.id,
        title: row.title,
        mediaKey: row.media_key,
        publishedAtMs: row.published_at_ms,
        feedHash: row.feed_hash,
        inFeed: row.in_feed === 1,
      })
    yield
    if (rows.length < pageRows) break
    after = rows.at(-1)!.rowid
  }
  return { byId, idsByKey: yield* readKeys(reader, feedId) }
}

function* readKeys(reader: Reader, feedId: string): Generator<void, Map<string, string>> {
  const idsByKey = new Map<string, string>()
  for (let [kind, key] = ['', '']; ; ) {
    const rows = reader.all<EpisodeKey & { episode_id: string }>(
      `SELECT kind, key, episode_id FROM episode_keys WHERE feed_id = ? AND (kind, key) > (?, ?)
       ORDER BY kind, key LIMIT ${pageRows}`,
      [feedId, kind, key],
    )
    for (const row of rows) idsByKey.set(keyName(row), row.episode_id)
    yield
    if (rows.length < pageRows) return idsByKey
    ;[kind, key] = [rows.at(-1)!.kind, rows.at(-1)!.key]
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
  values.row_sha256 = sealOfEpisode(values)
  const names = Object.keys(values)
  tx.run(
    `INSERT INTO episodes (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    Object.values(values),
  )
}

/**
 * What a feed stops saying (date, duration, guid, chapters fetched before) is kept. The state is the user's. The row is
 * sealed anew, also one that had rotted: the feed has just said what it holds.
 */
export function updateEpisode(
  tx: Transaction,
  row: { id: string; draft: EpisodeDraft; feedHash: string; nowMs: number },
): void {
  const { draft } = row
  const before = tx.get<Record<string, SqlValue>>(
    'SELECT id, feed_id, guid, published_at_ms, duration_seconds, content_sha256 FROM episodes WHERE id = ?',
    [row.id],
  )
  if (!before) return
  const said: Record<string, SqlValue> = {
    ...draftColumns(draft),
    guid: draft.guid ?? before.guid!,
    published_at_ms: draft.publishedAtMs ?? before.published_at_ms!,
    duration_seconds: draft.durationSeconds ?? before.duration_seconds!,
  }
  const values: Record<string, SqlValue> = {
    ...said,
    feed_hash: row.feedHash,
    updated_at_ms: row.nowMs,
    in_feed: 1,
    ...(draft.chapters.length > 0 ? { chapters_json: JSON.stringify(draft.chapters) } : {}),
    row_sha256: sealOfEpisode({ ...before, ...said }),
  }
  const assignments = Object.keys(values).map((name) => `${name} = ?`)
  tx.run(`UPDATE episodes SET ${assignments.join(', ')} WHERE id = ?`, [...Object.values(values), row.id])
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
