import type { Migration } from '../migrate.ts'
import { type SealedTable, sealOf } from '../seals.ts'
import type { SqlValue } from '../storage.ts'

/** As they were when this was released; the stores have their own lists. */
const sealed: readonly SealedTable[] = [
  {
    name: 'audit',
    key: 'id',
    columns: ['id', 'at_ms', 'action', 'origin', 'subject', 'before_json', 'after_json'],
  },
  { name: 'settings', key: 'name', columns: ['name', 'value_json', 'updated_at_ms'] },
  {
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
  },
]

export const seals: Migration = {
  version: 6,
  name: 'seals',
  sql: `
    ALTER TABLE audit ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
    ALTER TABLE settings ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
    ALTER TABLE feeds ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';

    -- What befell the database itself: set aside and brought back, full disk, failed writes.
    CREATE TABLE storage_notices (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at_ms INTEGER NOT NULL,
      kind TEXT NOT NULL,
      title TEXT NOT NULL,
      detail TEXT NOT NULL,
      -- Folder that things were set aside to, relative to the profile.
      kept_in TEXT,
      seen_at_ms INTEGER
    ) STRICT;
  `,
  run: (database) => {
    for (const table of sealed) {
      const put = database.prepare(`UPDATE ${table.name} SET row_sha256 = ? WHERE ${table.key} = ?`)
      const rows = database.prepare(`SELECT * FROM ${table.name}`).all() as Record<string, SqlValue>[]
      for (const row of rows) put.run(sealOf(table, row), row[table.key]!)
    }
  },
}
