import type { Migration } from '../migrate.ts'

export const notes: Migration = {
  version: 5,
  name: 'notes',
  // No foreign key to episodes: the manifest outlives a removed feed, because its files stay in the vault.
  sql: `
    CREATE TABLE note_folders (
      id TEXT PRIMARY KEY,
      episode_id TEXT NOT NULL,
      feed_id TEXT NOT NULL,
      vault_path TEXT NOT NULL,
      podcast TEXT NOT NULL,
      name TEXT NOT NULL,
      -- NFKC and case folded, both parts: names that a case-insensitive disk would join cannot meet.
      unique_key TEXT NOT NULL,
      -- The one that was written last; an episode may have folders in several vaults.
      is_current INTEGER NOT NULL,
      made_at_ms INTEGER NOT NULL,
      UNIQUE (vault_path, unique_key),
      UNIQUE (vault_path, episode_id)
    ) STRICT;
    CREATE UNIQUE INDEX note_folders_current ON note_folders (episode_id) WHERE is_current = 1;
    CREATE INDEX note_folders_by_feed ON note_folders (vault_path, feed_id);

    -- The manifest: the authority on what Inkwell wrote.
    CREATE TABLE note_files (
      id TEXT PRIMARY KEY,
      folder_id TEXT NOT NULL REFERENCES note_folders (id),
      episode_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('template', 'transcript', 'metadata')),
      template_name TEXT NOT NULL,
      file_name TEXT NOT NULL,
      file_key TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'current', 'edited', 'deleted')),
      -- Of the bytes last written; null until the first are on disk.
      base_sha256 TEXT,
      -- Of what was last offered, without dates and costs: the same again is no news.
      content_sha256 TEXT,
      details_json TEXT NOT NULL,
      run_id TEXT NOT NULL,
      written_at_ms INTEGER NOT NULL,
      newer_file_name TEXT,
      newer_sha256 TEXT,
      newer_details_json TEXT,
      row_sha256 TEXT NOT NULL,
      UNIQUE (folder_id, file_key),
      UNIQUE (folder_id, kind, template_name)
    ) STRICT;
    CREATE INDEX note_files_by_episode ON note_files (episode_id);

    -- One row per note of an episode, in the folder that is current.
    CREATE VIEW notes AS
      SELECT note_files.id, note_files.episode_id, template_name, file_name, state, written_at_ms
      FROM note_files JOIN note_folders ON note_folders.id = folder_id
      WHERE kind = 'template' AND is_current = 1;

    -- The commit point: from here recovery rolls forward.
    CREATE TABLE note_intents (
      id TEXT PRIMARY KEY,
      episode_id TEXT NOT NULL,
      folder_id TEXT NOT NULL REFERENCES note_folders (id),
      run_id TEXT NOT NULL,
      action TEXT NOT NULL CHECK (action IN ('write', 'take')),
      made_at_ms INTEGER NOT NULL,
      done_at_ms INTEGER
    ) STRICT;
    CREATE INDEX note_intents_open ON note_intents (episode_id, id) WHERE done_at_ms IS NULL;
    CREATE INDEX note_intents_by_run ON note_intents (episode_id, run_id);
    CREATE TABLE note_intent_files (
      intent_id TEXT NOT NULL REFERENCES note_intents (id),
      position INTEGER NOT NULL,
      file_id TEXT NOT NULL REFERENCES note_files (id),
      -- write: base when the intent was made; take: the user's text that goes to history.
      base_sha256 TEXT,
      new_sha256 TEXT NOT NULL,
      content_sha256 TEXT NOT NULL,
      details_json TEXT NOT NULL,
      -- 1 from before an empty file of ours holds the name, on disks without hard links.
      placeholder INTEGER NOT NULL DEFAULT 0,
      outcome TEXT,
      PRIMARY KEY (intent_id, position)
    ) STRICT, WITHOUT ROWID;

    -- Files that were displaced: an editor with an open handle still writes to them.
    CREATE TABLE note_kept (
      id TEXT PRIMARY KEY,
      file_id TEXT NOT NULL,
      episode_id TEXT NOT NULL,
      target_path TEXT NOT NULL,
      kept_path TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      made_at_ms INTEGER NOT NULL,
      checked_at_ms INTEGER
    ) STRICT;

    -- Texts of the user that a newer note took the place of; the bytes are in blobs.
    CREATE TABLE note_history (
      id TEXT PRIMARY KEY,
      file_id TEXT NOT NULL,
      episode_id TEXT NOT NULL,
      file_name TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      saved_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX note_history_by_file ON note_history (file_id, id);

    CREATE TABLE note_locks (
      episode_id TEXT PRIMARY KEY,
      lease_owner TEXT NOT NULL,
      lease_host TEXT NOT NULL,
      lease_pid INTEGER NOT NULL,
      lease_expires_at_ms INTEGER NOT NULL
    ) STRICT;
  `,
}
