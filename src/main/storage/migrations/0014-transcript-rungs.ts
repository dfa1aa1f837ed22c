import type { Migration } from '../migrate.ts'

export const transcriptRungs: Migration = {
  version: 14,
  name: 'transcript-rungs',
  sql: `
    ALTER TABLE transcripts ADD COLUMN model TEXT;

    -- What gave way to another transcript, or did not take its place because it has fewer times or speakers.
    CREATE TABLE transcript_versions (
      id TEXT PRIMARY KEY,
      episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
      source TEXT NOT NULL,
      model TEXT,
      format TEXT NOT NULL,
      language TEXT,
      word_count INTEGER NOT NULL,
      has_times INTEGER NOT NULL,
      has_speakers INTEGER NOT NULL,
      warnings_json TEXT NOT NULL,
      segments_json TEXT NOT NULL,
      segments_bytes INTEGER NOT NULL,
      segments_sha256 TEXT NOT NULL,
      stored_at_ms INTEGER NOT NULL,
      why TEXT NOT NULL CHECK (why IN ('replaced', 'poorer'))
    ) STRICT;
    CREATE INDEX transcript_versions_by_episode ON transcript_versions (episode_id);

    -- Finished pieces of a transcript that is being made: a crash costs the piece under way.
    CREATE TABLE transcript_pieces (
      episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
      -- The rung and all that the piece depends on.
      key TEXT NOT NULL,
      segments_json TEXT NOT NULL,
      segments_sha256 TEXT NOT NULL,
      made_at_ms INTEGER NOT NULL,
      PRIMARY KEY (episode_id, key)
    ) STRICT;

    CREATE TABLE transcript_choices (
      feed_id TEXT PRIMARY KEY REFERENCES feeds (id) ON DELETE CASCADE,
      rung TEXT NOT NULL,
      chosen_at_ms INTEGER NOT NULL
    ) STRICT;
  `,
}
