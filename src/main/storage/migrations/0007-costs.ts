import type { Migration } from '../migrate.ts'

export const costs: Migration = {
  version: 7,
  name: 'costs',
  // No foreign keys: what was spent stays written when its feed, episode or job is gone.
  sql: `
    CREATE TABLE cost_entries (
      -- UUIDv7, made before the request is sent: the same charge written twice is one row.
      id TEXT PRIMARY KEY,
      at_ms INTEGER NOT NULL,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      operation TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('succeeded', 'failed')),
      amount_kind TEXT NOT NULL CHECK (amount_kind IN ('known', 'estimated', 'unknown')),
      -- Null when it is unknown, which is never 0.
      cost_micro_usd INTEGER,
      input_tokens INTEGER,
      output_tokens INTEGER,
      cached_tokens INTEGER,
      audio_ms INTEGER,
      feed_id TEXT,
      episode_id TEXT,
      template_name TEXT,
      job_id TEXT,
      price_version TEXT,
      imported_from TEXT,
      row_sha256 TEXT NOT NULL,
      CHECK ((amount_kind = 'unknown') = (cost_micro_usd IS NULL))
    ) STRICT;
    CREATE INDEX cost_entries_by_time ON cost_entries (at_ms, id);
    CREATE INDEX cost_entries_by_job ON cost_entries (job_id) WHERE job_id IS NOT NULL;

    -- The journal beside the ledger: what all rows of a month add up to, also those that were swept since.
    CREATE TABLE cost_months (
      -- UTC, e.g. 2026-11.
      month TEXT PRIMARY KEY,
      entries INTEGER NOT NULL,
      unknown_entries INTEGER NOT NULL,
      cost_micro_usd INTEGER NOT NULL,
      swept_entries INTEGER NOT NULL DEFAULT 0,
      swept_unknown_entries INTEGER NOT NULL DEFAULT 0,
      swept_micro_usd INTEGER NOT NULL DEFAULT 0,
      row_sha256 TEXT NOT NULL
    ) STRICT;
  `,
}
