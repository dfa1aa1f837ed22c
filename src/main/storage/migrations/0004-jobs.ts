import type { Migration } from '../migrate.ts'

export const jobs: Migration = {
  version: 4,
  name: 'jobs',
  sql: `
    CREATE TABLE jobs (
      id TEXT PRIMARY KEY,
      episode_id TEXT NOT NULL,
      params_json TEXT NOT NULL,
      run INTEGER NOT NULL DEFAULT 1,
      state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
      stage TEXT NOT NULL,
      fraction REAL NOT NULL DEFAULT 0,
      words TEXT NOT NULL,
      done_templates_json TEXT NOT NULL DEFAULT '[]',
      failed_templates_json TEXT NOT NULL DEFAULT '[]',
      error_json TEXT,
      cost_micro_usd INTEGER NOT NULL DEFAULT 0,
      cancel_requested INTEGER NOT NULL DEFAULT 0,
      deaths INTEGER NOT NULL DEFAULT 0,
      lease_owner TEXT,
      lease_host TEXT,
      lease_pid INTEGER,
      lease_expires_at_ms INTEGER,
      created_at_ms INTEGER NOT NULL,
      started_at_ms INTEGER,
      finished_at_ms INTEGER,
      cleared_at_ms INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX jobs_one_active_per_episode ON jobs (episode_id) WHERE state IN ('queued', 'running');
    CREATE INDEX jobs_by_state ON jobs (state, created_at_ms, id);
    CREATE INDEX jobs_by_episode ON jobs (episode_id, created_at_ms);
    CREATE TABLE job_steps (
      job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
      stage TEXT NOT NULL,
      key TEXT NOT NULL,
      result_json TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      finished_at_ms INTEGER,
      PRIMARY KEY (job_id, stage, key)
    ) STRICT;
    CREATE TABLE job_log (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
      at_ms INTEGER NOT NULL,
      level TEXT NOT NULL,
      words TEXT NOT NULL
    ) STRICT;
    CREATE INDEX job_log_by_job ON job_log (job_id, id);
  `,
}
