import type { Migration } from '../migrate.ts'
import { type SealedTable, sealOf } from '../seals.ts'
import type { SqlValue } from '../storage.ts'

/** As it was when this was released; the store has its own list. */
const sealed: SealedTable = {
  name: 'episodes',
  key: 'id',
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
/** Held in memory at once; descriptions may be long. */
const pieceRows = 200

export const episodeSeals: Migration = {
  version: 19,
  name: 'episode-seals',
  sql: `
    -- Over what a feed or the user said of an episode, not over what becomes of it.
    ALTER TABLE episodes ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
  `,
  run(database) {
    const read = database.prepare(
      `SELECT rowid AS row_number, ${sealed.columns.join(', ')} FROM episodes WHERE rowid > ? ORDER BY rowid LIMIT ${pieceRows}`,
    )
    const update = database.prepare('UPDATE episodes SET row_sha256 = ? WHERE rowid = ?')
    for (let after = Number.MIN_SAFE_INTEGER; ; ) {
      const rows = read.all(after) as (Record<string, SqlValue> & { row_number: number })[]
      for (const row of rows) update.run(sealOf(sealed, row), row.row_number)
      if (rows.length < pieceRows) return
      after = rows.at(-1)!.row_number
    }
  },
}
