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
PRAGMA user_version = 1;
