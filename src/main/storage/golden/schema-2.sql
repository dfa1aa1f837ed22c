CREATE TABLE settings (
      name TEXT PRIMARY KEY,
      value_json TEXT NOT NULL,
      updated_at_ms INTEGER NOT NULL
    ) STRICT;
CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at_ms INTEGER NOT NULL,
      action TEXT NOT NULL,
      origin TEXT NOT NULL,
      subject TEXT NOT NULL,
      before_json TEXT,
      after_json TEXT
    ) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, id);
CREATE TABLE feeds (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('rss', 'youtube', 'local', 'sample')),
      own_title TEXT NOT NULL,
      user_title TEXT,
      author TEXT,
      language TEXT,
      site_url TEXT,
      category TEXT,
      paused INTEGER NOT NULL DEFAULT 0,
      -- Null for private and local feeds: a private address is in the keychain only.
      url TEXT,
      url_display TEXT,
      -- HMAC of the address without user and password, with the profile's salt.
      url_key TEXT NOT NULL UNIQUE,
      is_private INTEGER NOT NULL DEFAULT 0,
      secret_storage TEXT CHECK (secret_storage IN ('keychain', 'session')),
      allow_local INTEGER NOT NULL DEFAULT 0,
      podcast_guid TEXT,
      artwork_key TEXT,
      artwork_sha256 TEXT,
      artwork_type TEXT,
      artwork_tried_at_ms INTEGER,
      added_at_ms INTEGER NOT NULL,
      removed_at_ms INTEGER,
      state_kind TEXT NOT NULL,
      state_message TEXT NOT NULL,
      state_detail TEXT,
      state_since_ms INTEGER,
      etag TEXT,
      last_modified TEXT,
      body_sha256 TEXT,
      parser_version INTEGER,
      was_mended INTEGER NOT NULL DEFAULT 0,
      ttl_minutes INTEGER,
      last_checked_at_ms INTEGER,
      last_ok_at_ms INTEGER,
      next_check_at_ms INTEGER,
      failure_count INTEGER NOT NULL DEFAULT 0,
      -- Grows with every merge of episodes: a merge in several transactions notices another process.
      revision INTEGER NOT NULL DEFAULT 0,
      description TEXT
    ) STRICT;
CREATE TABLE feed_moves (
      id TEXT PRIMARY KEY,
      feed_id TEXT NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
      status TEXT NOT NULL CHECK (status IN ('proposed', 'unproven', 'dismissed', 'accepted', 'undone')),
      reason TEXT NOT NULL CHECK (reason IN ('permanent-redirect', 'new-feed-url', 'redirect-to-other-host')),
      -- Addresses are null when they are private: then they are in the keychain under the move's id.
      to_url TEXT,
      to_display TEXT NOT NULL,
      to_key TEXT NOT NULL,
      from_url TEXT,
      from_display TEXT,
      from_key TEXT,
      matching_episodes INTEGER NOT NULL,
      known_episodes INTEGER NOT NULL,
      proposed_at_ms INTEGER NOT NULL,
      decided_at_ms INTEGER,
      UNIQUE (feed_id, to_key)
    ) STRICT;
CREATE TABLE episodes (
      id TEXT PRIMARY KEY,
      feed_id TEXT NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
      title TEXT NOT NULL,
      number TEXT,
      season TEXT,
      published_at_ms INTEGER,
      duration_seconds REAL,
      state TEXT NOT NULL CHECK (state IN ('new', 'seen', 'processed')),
      in_feed INTEGER NOT NULL DEFAULT 1,
      transcript_count INTEGER NOT NULL DEFAULT 0,
      language TEXT,
      guid TEXT,
      link TEXT,
      media_url TEXT,
      media_type TEXT,
      media_bytes INTEGER,
      media_path TEXT,
      media_key TEXT,
      image_url TEXT,
      episode_type TEXT,
      explicit INTEGER,
      transcripts_json TEXT NOT NULL DEFAULT '[]',
      chapters_url TEXT,
      chapters_json TEXT NOT NULL DEFAULT '[]',
      persons_json TEXT NOT NULL DEFAULT '[]',
      content_sha256 TEXT,
      -- Of what the feed says about it: equal means nothing to write.
      feed_hash TEXT,
      first_seen_at_ms INTEGER NOT NULL,
      updated_at_ms INTEGER NOT NULL,
      -- Last: a list of rows then never reads its overflow pages.
      description_html TEXT
    ) STRICT;
CREATE INDEX episodes_by_feed ON episodes (feed_id, published_at_ms DESC, id DESC);
CREATE INDEX episodes_of_feed ON episodes (feed_id);
CREATE INDEX episodes_by_date ON episodes (published_at_ms DESC, id DESC);
CREATE INDEX episodes_counted ON episodes (feed_id, state, published_at_ms);
CREATE INDEX episodes_new ON episodes (published_at_ms DESC, id DESC) WHERE state = 'new';
CREATE TABLE episode_keys (
      feed_id TEXT NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      key TEXT NOT NULL,
      episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
      PRIMARY KEY (feed_id, kind, key)
    ) STRICT, WITHOUT ROWID;
CREATE INDEX episode_keys_by_episode ON episode_keys (episode_id);
PRAGMA user_version = 2;
