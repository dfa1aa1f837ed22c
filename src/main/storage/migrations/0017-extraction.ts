import type { Migration } from '../migrate.ts'

export const extraction: Migration = {
  version: 17,
  name: 'extraction',
  sql: `
    -- Answers of models that were paid for, named by everything that makes them: what is here is not bought again.
    CREATE TABLE extraction_answers (
      key TEXT PRIMARY KEY,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      finish TEXT NOT NULL,
      text TEXT NOT NULL,
      text_sha256 TEXT NOT NULL,
      -- Null when the charge is not known.
      cost_micro_usd INTEGER,
      -- 0: no note could be made of it; the next try buys anew.
      usable INTEGER NOT NULL,
      made_at_ms INTEGER NOT NULL,
      used_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX extraction_answers_by_use ON extraction_answers (used_at_ms);

    -- What templates said when jobs were started, by hash.
    CREATE TABLE job_prompts (
      sha256 TEXT PRIMARY KEY,
      prompt_json TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- What the job was to cost, before it ran.
    ALTER TABLE jobs ADD COLUMN estimate_json TEXT;
  `,
}
