import type { Migration } from '../migrate.ts'

export const transcripts: Migration = {
  version: 3,
  name: 'transcripts',
  sql: `
    CREATE TABLE transcripts (
      id TEXT PRIMARY KEY,
      episode_id TEXT NOT NULL UNIQUE REFERENCES episodes (id) ON DELETE CASCADE,
      source TEXT NOT NULL,
      format TEXT NOT NULL,
      language TEXT,
      word_count INTEGER NOT NULL,
      has_times INTEGER NOT NULL,
      has_speakers INTEGER NOT NULL,
      warnings_json TEXT NOT NULL,
      segments_json TEXT NOT NULL,
      segments_bytes INTEGER NOT NULL,
      segments_sha256 TEXT NOT NULL,
      stored_at_ms INTEGER NOT NULL
    ) STRICT;
  `,
}
