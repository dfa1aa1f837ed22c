import type { Migration } from '../migrate.ts'

export const retention: Migration = {
  version: 12,
  name: 'retention',
  sql: `
    -- Files that a committed sweep forgot and that are to go: an interrupted sweep goes on from here.
    CREATE TABLE sweep_files (
      -- Relative to the profile.
      path TEXT PRIMARY KEY,
      bytes INTEGER NOT NULL,
      forgotten_at_ms INTEGER NOT NULL,
      -- When it was put aside; null before.
      aside_at_ms INTEGER
    ) STRICT;
    -- Entries of the keychain that nothing needs any more; the row stays, so that each is asked for once.
    CREATE TABLE swept_secrets (
      subject TEXT PRIMARY KEY,
      forgotten_at_ms INTEGER NOT NULL,
      gone_at_ms INTEGER
    ) STRICT;

    -- Covers what a sweep asks: otherwise it reads every transcript whole.
    CREATE INDEX transcripts_by_age ON transcripts (stored_at_ms, id, episode_id, source, segments_bytes);

    CREATE INDEX audit_by_time ON audit (at_ms, id);
    CREATE INDEX audit_by_feature ON audit (substr(action, 1, instr(action, '.') - 1), at_ms, id);
  `,
}
