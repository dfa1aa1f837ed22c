import type { Migration } from '../migrate.ts'

export const models: Migration = {
  version: 15,
  name: 'models',
  // What providers said of themselves; all of it can be asked again, so no row has a seal.
  sql: `
    CREATE TABLE provider_looks (
      provider_id TEXT PRIMARY KEY,
      looked_at_ms INTEGER NOT NULL,
      -- When the list in provider_models was read; null while there is none.
      listed_at_ms INTEGER,
      problem_code TEXT,
      problem_message TEXT,
      problem_at_ms INTEGER
    ) STRICT;
    CREATE TABLE provider_models (
      provider_id TEXT NOT NULL,
      id TEXT NOT NULL,
      position INTEGER NOT NULL,
      title TEXT NOT NULL,
      -- Tokens; null when the provider does not say.
      context_length INTEGER,
      does_text INTEGER NOT NULL,
      does_transcription INTEGER NOT NULL,
      PRIMARY KEY (provider_id, id)
    ) STRICT, WITHOUT ROWID;
  `,
}
