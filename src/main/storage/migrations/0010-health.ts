import type { Migration } from '../migrate.ts'

export const health: Migration = {
  version: 10,
  name: 'health',
  sql: `
    -- The last report, to be shown at once after a start.
    CREATE TABLE health_report (
      only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
      report_json TEXT NOT NULL
    ) STRICT;
    -- Findings that the user leaves as they are, with what they looked like then.
    CREATE TABLE health_left (
      finding_id TEXT PRIMARY KEY,
      look TEXT NOT NULL,
      left_at_ms INTEGER NOT NULL
    ) STRICT;
    -- Recordings among ten thousand episodes are found at once at each start.
    CREATE INDEX episodes_with_media ON episodes (media_path) WHERE media_path IS NOT NULL;
    -- Up to which rowid the rows of a table with checksums were all read.
    CREATE TABLE health_marks (
      table_name TEXT PRIMARY KEY,
      read_to INTEGER NOT NULL
    ) STRICT;
  `,
}
