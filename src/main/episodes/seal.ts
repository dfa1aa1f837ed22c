import { type SealedTable, sealOf } from '../storage/seals.ts'
import type { SqlValue } from '../storage/storage.ts'

/**
 * What a feed, or the user by dropping something, said of an episode: its row is the only place that has it, until the
 * feed says another thing. Not what becomes of it (state, recording, chapters that were fetched), which changes by itself:
 * only `insertEpisode`, `updateEpisode` and `addLocalEpisode` may write these columns.
 */
export const episodesTable: SealedTable = {
  name: 'episodes',
  key: 'id',
  comesAgain: true,
  columns: [
    'id',
    'feed_id',
    'title',
    'number',
    'season',
    'published_at_ms',
    'duration_seconds',
    'language',
    'guid',
    'link',
    'media_url',
    'image_url',
    'chapters_url',
    'transcripts_json',
    'persons_json',
    'content_sha256',
    'description_html',
  ],
}

/** @param values of the row as it is stored; those left out are null, or have the default of the table */
export const sealOfEpisode = (values: Readonly<Record<string, SqlValue>>): string =>
  sealOf(episodesTable, { ...defaults, ...values })

const defaults = {
  ...Object.fromEntries(episodesTable.columns.map((column) => [column, null])),
  transcripts_json: '[]',
  persons_json: '[]',
}
