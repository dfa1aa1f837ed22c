import type { Migration } from '../migrate.ts'

export const interviews: Migration = {
  version: 8,
  name: 'interviews',
  // No foreign key to episodes: what the user said outlives a removed feed.
  sql: `
    CREATE TABLE interview_sessions (
      id TEXT PRIMARY KEY,
      episode_id TEXT,
      episode_title TEXT NOT NULL,
      feed_title TEXT NOT NULL,
      style TEXT NOT NULL,
      max_questions INTEGER NOT NULL CHECK (max_questions BETWEEN 1 AND 100),
      guidelines_json TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'completed', 'abandoned')),
      -- One more with every change: whoever writes says which one they saw.
      revision INTEGER NOT NULL,
      started_at_ms INTEGER NOT NULL,
      updated_at_ms INTEGER NOT NULL,
      completed_at_ms INTEGER,
      -- When its text was written to the notes folder; null while it is only here.
      exported_at_ms INTEGER,
      row_sha256 TEXT NOT NULL
    ) STRICT;
    CREATE INDEX interview_sessions_by_state ON interview_sessions (state, updated_at_ms);
    CREATE INDEX interview_sessions_by_episode ON interview_sessions (episode_id);

    CREATE TABLE interview_exchanges (
      id TEXT PRIMARY KEY,
      session_id TEXT NOT NULL REFERENCES interview_sessions (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      question TEXT NOT NULL,
      -- Where the question comes from: minute, depth, parent.
      question_json TEXT NOT NULL,
      answer TEXT,
      asked_at_ms INTEGER NOT NULL,
      answered_at_ms INTEGER,
      row_sha256 TEXT NOT NULL,
      UNIQUE (session_id, position)
    ) STRICT;

    -- What is being typed; an earlier answer that is edited has a draft of its own.
    CREATE TABLE interview_drafts (
      exchange_id TEXT PRIMARY KEY REFERENCES interview_exchanges (id) ON DELETE CASCADE,
      session_id TEXT NOT NULL REFERENCES interview_sessions (id) ON DELETE CASCADE,
      text TEXT NOT NULL,
      revision INTEGER NOT NULL,
      saved_at_ms INTEGER NOT NULL,
      row_sha256 TEXT NOT NULL
    ) STRICT;
    CREATE INDEX interview_drafts_by_session ON interview_drafts (session_id);
  `,
}
