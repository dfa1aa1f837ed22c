import type { DatabaseSync } from 'node:sqlite'
import type { Migration } from '../migrate.ts'
import { isSealed, type SealedTable, sealOf } from '../seals.ts'
import type { SqlValue } from '../storage.ts'

type Row = Record<string, SqlValue>

/** As they were when this was released; the store has its own lists. */
const filesBefore: SealedTable = {
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
  ],
}
const files: SealedTable = { ...filesBefore, columns: [...filesBefore.columns, 'base_stamp', 'newer_stamp'] }
const folders: SealedTable = {
  name: 'note_folders',
  key: 'id',
  columns: ['id', 'episode_id', 'feed_id', 'vault_path', 'podcast', 'name', 'unique_key', 'is_current', 'made_at_ms'],
}
const intents: SealedTable = {
  name: 'note_intents',
  key: 'id',
  columns: ['id', 'episode_id', 'folder_id', 'run_id', 'action', 'made_at_ms', 'done_at_ms'],
}
const intentFiles: SealedTable = {
  name: 'note_intent_files',
  key: 'intent_id',
  columns: [
    'intent_id',
    'position',
    'file_id',
    'base_sha256',
    'new_sha256',
    'content_sha256',
    'removes_sha256',
    'details_json',
    'placeholder',
    'outcome',
  ],
}
const history: SealedTable = {
  name: 'note_history',
  key: 'id',
  columns: ['id', 'file_id', 'episode_id', 'file_name', 'sha256', 'saved_at_ms'],
}
const kept: SealedTable = {
  name: 'note_kept',
  key: 'id',
  columns: [
    'id',
    'file_id',
    'episode_id',
    'target_path',
    'kept_path',
    'sha256',
    'new_sha256',
    'made_at_ms',
    'checked_at_ms',
  ],
}

export const noteVersions: Migration = {
  version: 9,
  name: 'note-versions',
  sql: `
    -- Bytes and mtime of the file as written: other bytes under the same stamp were saved by nobody.
    ALTER TABLE note_files ADD COLUMN base_stamp TEXT;
    ALTER TABLE note_files ADD COLUMN newer_stamp TEXT;
    ALTER TABLE note_folders ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
    ALTER TABLE note_history ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
    -- What was to take its place: found under the kept name, the names were never exchanged.
    ALTER TABLE note_kept ADD COLUMN new_sha256 TEXT;
    ALTER TABLE note_kept ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';
    CREATE INDEX note_kept_by_file ON note_kept (file_id, id);

    CREATE TABLE note_intents_sealed (
      id TEXT PRIMARY KEY,
      episode_id TEXT NOT NULL,
      folder_id TEXT NOT NULL REFERENCES note_folders (id),
      run_id TEXT NOT NULL,
      -- merge: what the user chose of both texts; restore: an earlier text, in place of Inkwell's or beside the user's.
      action TEXT NOT NULL CHECK (action IN ('write', 'take', 'merge', 'restore')),
      made_at_ms INTEGER NOT NULL,
      done_at_ms INTEGER,
      row_sha256 TEXT NOT NULL
    ) STRICT;
    CREATE TABLE note_intent_files_sealed (
      intent_id TEXT NOT NULL REFERENCES note_intents_sealed (id),
      position INTEGER NOT NULL,
      file_id TEXT NOT NULL REFERENCES note_files (id),
      -- write: base when the intent was made; else what has to stand at the name, null where nothing may.
      base_sha256 TEXT,
      new_sha256 TEXT NOT NULL,
      content_sha256 TEXT NOT NULL,
      -- Of the newer file that goes when the text has its place.
      removes_sha256 TEXT,
      details_json TEXT NOT NULL,
      -- 1 from before an empty file of ours holds the name, on disks without hard links.
      placeholder INTEGER NOT NULL DEFAULT 0,
      outcome TEXT,
      row_sha256 TEXT NOT NULL,
      PRIMARY KEY (intent_id, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO note_intents_sealed
      SELECT id, episode_id, folder_id, run_id, action, made_at_ms, done_at_ms, '' FROM note_intents;
    INSERT INTO note_intent_files_sealed
      SELECT intent_id, position, file_id, base_sha256, new_sha256, content_sha256,
        CASE WHEN (SELECT action FROM note_intents WHERE id = intent_id) = 'take' THEN new_sha256 END,
        details_json, placeholder, outcome, ''
      FROM note_intent_files;
    DROP TABLE note_intent_files;
    DROP TABLE note_intents;
    ALTER TABLE note_intents_sealed RENAME TO note_intents;
    ALTER TABLE note_intent_files_sealed RENAME TO note_intent_files;
    CREATE INDEX note_intents_open ON note_intents (episode_id, id) WHERE done_at_ms IS NULL;
    CREATE INDEX note_intents_by_run ON note_intents (episode_id, run_id);
    CREATE INDEX note_intent_files_by_file ON note_intent_files (file_id, intent_id);
  `,
  run(database) {
    // A row that had rotted before keeps a seal that does not fit.
    reseal(database, files, (row) => isSealed(filesBefore, row))
    for (const table of [folders, intents, intentFiles, history, kept]) reseal(database, table, () => true)
  },
}

function reseal(database: DatabaseSync, table: SealedTable, trusted: (row: Row) => boolean): void {
  const where = table === intentFiles ? 'intent_id = ? AND position = ?' : 'id = ?'
  const update = database.prepare(`UPDATE ${table.name} SET row_sha256 = ? WHERE ${where}`)
  for (const row of database.prepare(`SELECT * FROM ${table.name}`).all() as Row[])
    if (trusted(row))
      update.run(sealOf(table, row), ...(table === intentFiles ? [row.intent_id!, row.position!] : [row.id!]))
}
