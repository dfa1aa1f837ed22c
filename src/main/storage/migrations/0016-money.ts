import type { Migration } from '../migrate.ts'

export const money: Migration = {
  version: 16,
  name: 'money',
  sql: `
    -- What the Costs page groups by; '' for none. Ids are never used again for something else.
    CREATE TABLE cost_combos (
      id INTEGER PRIMARY KEY,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      operation TEXT NOT NULL,
      feed_id TEXT NOT NULL,
      template_name TEXT NOT NULL,
      UNIQUE (provider, model, operation, feed_id, template_name)
    ) STRICT;
    -- Not under the row's seal: made from the row, and made again when it is missing.
    ALTER TABLE cost_entries ADD COLUMN combo_id INTEGER;
    CREATE INDEX cost_entries_by_combo ON cost_entries (combo_id, at_ms, id);
    CREATE INDEX cost_entries_by_episode ON cost_entries (episode_id, at_ms) WHERE episode_id IS NOT NULL;

    -- What the days (level 0, step: days since 1970) and months (level 1, step: 12 times the year, and months) of the
    -- profile's calendar add up to, swept rows included. Made from the rows; the row of cost_calendar says that it is.
    CREATE TABLE cost_sums (
      combo_id INTEGER NOT NULL,
      level INTEGER NOT NULL,
      step INTEGER NOT NULL,
      entries INTEGER NOT NULL,
      estimated_entries INTEGER NOT NULL,
      unknown_entries INTEGER NOT NULL,
      cost_micro_usd INTEGER NOT NULL,
      saved_micro_usd INTEGER NOT NULL,
      -- Of rows that had an estimate and came to a price: how many, estimated, in fact, and off by 10 % at most.
      compared_entries INTEGER NOT NULL,
      estimate_micro_usd INTEGER NOT NULL,
      compared_micro_usd INTEGER NOT NULL,
      close_entries INTEGER NOT NULL,
      -- Finished notes and seconds of episodes whose first row this is; see cost_firsts.
      notes INTEGER NOT NULL,
      listened_seconds INTEGER NOT NULL,
      PRIMARY KEY (combo_id, level, step)
    ) STRICT, WITHOUT ROWID;
    -- The same for each provider (dim 0), model (1), operation (2), feed (3) and template (4) alone: without a filter,
    -- combos are too many.
    CREATE TABLE cost_totals (
      level INTEGER NOT NULL,
      dim INTEGER NOT NULL,
      step INTEGER NOT NULL,
      name TEXT NOT NULL,
      entries INTEGER NOT NULL,
      estimated_entries INTEGER NOT NULL,
      unknown_entries INTEGER NOT NULL,
      cost_micro_usd INTEGER NOT NULL,
      saved_micro_usd INTEGER NOT NULL,
      -- Of rows that had an estimate and came to a price: how many, estimated, in fact, and off by 10 % at most.
      compared_entries INTEGER NOT NULL,
      estimate_micro_usd INTEGER NOT NULL,
      compared_micro_usd INTEGER NOT NULL,
      close_entries INTEGER NOT NULL,
      -- Finished notes and seconds of episodes whose first row this is; see cost_firsts.
      notes INTEGER NOT NULL,
      listened_seconds INTEGER NOT NULL,
      PRIMARY KEY (level, dim, step, name)
    ) STRICT, WITHOUT ROWID;
    -- Time zone that days and months begin in. One for a profile, so that all its processes mean the same day.
    CREATE TABLE cost_calendar (only INTEGER PRIMARY KEY CHECK (only = 1), zone TEXT NOT NULL) STRICT;
    -- The first row of each finished note (of a job) and of each episode, with its length.
    CREATE TABLE cost_firsts (
      subject TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('note', 'episode')),
      at_ms INTEGER NOT NULL,
      combo_id INTEGER NOT NULL,
      seconds INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX cost_firsts_by_time ON cost_firsts (at_ms);
    -- Sums of swept rows, by day of the calendar that was in force then.
    CREATE TABLE cost_swept (
      -- The other columns that it is the sum for, joined.
      id TEXT PRIMARY KEY,
      day INTEGER NOT NULL,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      operation TEXT NOT NULL,
      feed_id TEXT NOT NULL,
      template_name TEXT NOT NULL,
      entries INTEGER NOT NULL,
      estimated_entries INTEGER NOT NULL,
      unknown_entries INTEGER NOT NULL,
      cost_micro_usd INTEGER NOT NULL,
      saved_micro_usd INTEGER NOT NULL,
      compared_entries INTEGER NOT NULL,
      estimate_micro_usd INTEGER NOT NULL,
      compared_micro_usd INTEGER NOT NULL,
      close_entries INTEGER NOT NULL,
      row_sha256 TEXT NOT NULL
    ) STRICT;

    -- What belongs to a row of the ledger and came after its seal was settled.
    CREATE TABLE cost_details (
      entry_id TEXT PRIMARY KEY,
      estimate_low_micro_usd INTEGER,
      estimate_high_micro_usd INTEGER,
      estimate_reason TEXT,
      cache_write_tokens INTEGER,
      -- What the cached part would have cost more, at the price of the row.
      saved_micro_usd INTEGER NOT NULL,
      row_sha256 TEXT NOT NULL
    ) STRICT;

    -- Limits the user set. One that was taken away stays as a row without a sum: the usual one does not come back.
    CREATE TABLE cost_limits (
      -- scope/kind/feed
      id TEXT PRIMARY KEY,
      scope TEXT NOT NULL CHECK (scope IN ('job', 'day', 'month', 'feed-month')),
      kind TEXT NOT NULL CHECK (kind IN ('asks', 'stops')),
      feed_id TEXT,
      limit_micro_usd INTEGER,
      row_sha256 TEXT NOT NULL,
      CHECK ((scope = 'feed-month') = (feed_id IS NOT NULL))
    ) STRICT;
    -- Prices the user put in; model * is every model of a provider.
    CREATE TABLE cost_own_prices (
      -- provider/model
      id TEXT PRIMARY KEY,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      input_per_million INTEGER,
      output_per_million INTEGER,
      cached_input_per_million INTEGER,
      cache_write_per_million INTEGER,
      audio_per_hour INTEGER,
      as_of TEXT NOT NULL,
      source TEXT NOT NULL,
      row_sha256 TEXT NOT NULL
    ) STRICT;

    -- Sums held for requests that are on their way; a process that dies leaves its own behind.
    CREATE TABLE cost_reservations (
      id TEXT PRIMARY KEY,
      made_at_ms INTEGER NOT NULL,
      owner_id TEXT NOT NULL,
      owner_host TEXT NOT NULL,
      owner_pid INTEGER NOT NULL,
      held_micro_usd INTEGER NOT NULL CHECK (held_micro_usd >= 0),
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      operation TEXT NOT NULL,
      job_id TEXT,
      feed_id TEXT,
      episode_id TEXT,
      template_name TEXT,
      approved_micro_usd INTEGER,
      -- Null when no price is known.
      estimate_low_micro_usd INTEGER,
      estimate_high_micro_usd INTEGER,
      estimate_reason TEXT NOT NULL,
      price_version TEXT
    ) STRICT;
    CREATE INDEX cost_reservations_by_job ON cost_reservations (job_id) WHERE job_id IS NOT NULL;
    -- Requests that were sent, or were just about to be, and have no row in the ledger yet: it gets this id.
    CREATE TABLE cost_attempts (
      id TEXT PRIMARY KEY,
      reservation_id TEXT NOT NULL REFERENCES cost_reservations (id) ON DELETE CASCADE,
      begun_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX cost_attempts_by_reservation ON cost_attempts (reservation_id);
  `,
}
