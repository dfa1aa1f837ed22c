import type { Migration } from '../migrate.ts'

export const backups: Migration = {
  version: 11,
  name: 'backups',
  sql: `
    -- What is known of a file beyond its name; the files themselves are the authority.
    CREATE TABLE backups (
      folder TEXT NOT NULL,
      file_name TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      made_at_ms INTEGER NOT NULL,
      automatic INTEGER NOT NULL,
      counts_json TEXT,
      verified_at_ms INTEGER,
      problem TEXT,
      PRIMARY KEY (folder, file_name)
    ) STRICT;
    -- Days on which no automatic backup could be made, and the last failure of each.
    CREATE TABLE backup_misses (
      day TEXT PRIMARY KEY,
      at_ms INTEGER NOT NULL,
      reason TEXT NOT NULL
    ) STRICT;
  `,
}
