import type { Migration } from '../migrate.ts'
import { isSealed, type SealedTable, sealOf } from '../seals.ts'
import type { SqlValue } from '../storage.ts'

/** As they were when this was released; the store has its own list. */
const before: SealedTable = {
  name: 'note_files',
  key: 'id',
  columns: [
    'id',
    'folder_id',
    'episode_id',
    'kind',
    'template_name',
    'file_name',
    'file_key',
    'state',
    'base_sha256',
    'content_sha256',
    'details_json',
    'run_id',
    'written_at_ms',
    'newer_file_name',
    'newer_sha256',
    'newer_details_json',
    'base_stamp',
    'newer_stamp',
  ],
}
const after: SealedTable = { ...before, columns: [...before.columns, 'own_folder'] }

export const movedNotes: Migration = {
  version: 13,
  name: 'moved-notes',
  sql: `
    -- Where the user moved this file by itself: parts below the vault with / between them, '' for the vault; null in the
    -- episode's folder. file_key then begins with it, so that two files of one name in two folders do not meet.
    ALTER TABLE note_files ADD COLUMN own_folder TEXT;
  `,
  run(database) {
    const update = database.prepare('UPDATE note_files SET row_sha256 = ? WHERE id = ?')
    // A row that had rotted before keeps a seal that does not fit.
    for (const row of database.prepare('SELECT * FROM note_files').all() as Record<string, SqlValue>[])
      if (isSealed(before, row)) update.run(sealOf(after, row), row.id!)
  },
}
