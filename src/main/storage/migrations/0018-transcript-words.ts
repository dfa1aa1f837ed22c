import type { Migration } from '../migrate.ts'

export const transcriptWords: Migration = {
  version: 18,
  name: 'transcript-words',
  sql: `
    -- Typed by the user, and applied whenever a transcript is read: what was stored stays as it came.
    CREATE TABLE transcript_corrections (
      id TEXT PRIMARY KEY,
      -- Null: in every feed.
      feed_id TEXT REFERENCES feeds (id) ON DELETE CASCADE,
      heard TEXT NOT NULL,
      meant TEXT NOT NULL,
      added_at_ms INTEGER NOT NULL,
      row_sha256 TEXT NOT NULL
    ) STRICT;
    CREATE INDEX transcript_corrections_by_feed ON transcript_corrections (feed_id);

    -- Who a label such as "Speaker 1" is. Of an episode, or of a whole feed when the label itself is a name.
    CREATE TABLE speaker_names (
      id TEXT PRIMARY KEY,
      feed_id TEXT NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
      episode_id TEXT REFERENCES episodes (id) ON DELETE CASCADE,
      label TEXT NOT NULL,
      name TEXT NOT NULL,
      named_at_ms INTEGER NOT NULL,
      row_sha256 TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX speaker_names_by_label ON speaker_names (feed_id, coalesce(episode_id, ''), label);
  `,
}
