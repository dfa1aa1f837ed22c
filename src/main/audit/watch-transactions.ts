import { DatabaseSync } from 'node:sqlite'

/** For tests: what changed in a transaction that left no row in the trail. */
export interface Unaudited {
  readonly tables: readonly string[]
}

/** Tables and columns that hold progress, caches and leases; everything else is the user's, also what is new. */
const ownBusiness: Readonly<Record<string, readonly string[] | 'all'>> = {
  audit: 'all',
  job_steps: 'all',
  job_log: 'all',
  note_locks: 'all',
  // Displaced files until they were looked at again: what stands in the vault was audited when it was written.
  note_kept: 'all',
  note_intent_files: ['outcome', 'placeholder', 'row_sha256'],
  sweep_files: 'all',
  swept_secrets: 'all',
  // What is known of the files in the folder of backups; a look at it finds one that was put there.
  backups: 'all',
  health_marks: 'all',
  health_report: 'all',
  jobs: [
    ...['state', 'stage', 'fraction', 'words', 'done_templates_json', 'failed_templates_json', 'error_json'],
    ...[
      'cost_micro_usd',
      'cancel_requested',
      'deaths',
      'lease_owner',
      'lease_host',
      'lease_pid',
      'lease_expires_at_ms',
    ],
    ...['started_at_ms', 'finished_at_ms', 'run'],
  ],
  // How the last reading went, and what it saw.
  feeds: [
    ...['state_kind', 'state_message', 'state_detail', 'state_since_ms', 'etag', 'last_modified', 'body_sha256'],
    ...['parser_version', 'was_mended', 'ttl_minutes', 'last_checked_at_ms', 'last_ok_at_ms', 'next_check_at_ms'],
    ...[
      'failure_count',
      'revision',
      'artwork_key',
      'artwork_sha256',
      'artwork_type',
      'artwork_tried_at_ms',
      'row_sha256',
    ],
    ...['own_title', 'author', 'language', 'site_url', 'description', 'podcast_guid'],
  ],
  episodes: ['updated_at_ms', 'chapters_json', 'feed_hash', 'state'],
}

/** What Inkwell notes for itself: who the profile is, and when it swept last. */
const ownSettings = ['profile.id', 'profile.salt', 'retention.state']

const install = (database: DatabaseSync): void => {
  database.exec('CREATE TEMP TABLE test_changes (what TEXT NOT NULL)')
  const tables = database
    .prepare(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%VIRTUAL%'",
    )
    .all() as { name: string }[]
  for (const { name } of tables) {
    const left = ownBusiness[name] ?? []
    if (left === 'all') continue
    const columns = (database.prepare(`SELECT name FROM pragma_table_info(?)`).all(name) as { name: string }[])
      .map((column) => column.name)
      .filter((column) => !left.includes(column))
    const changed = columns.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ')
    const ours = (row: string): string =>
      name === 'settings' ? `${row}.name NOT IN (${ownSettings.map((one) => `'${one}'`).join(', ')})` : '1'
    for (const [event, when] of [
      ['INSERT', `WHEN ${ours('NEW')}`],
      ['DELETE', `WHEN ${ours('OLD')}`],
      [`UPDATE OF ${columns.join(', ')}`, `WHEN ${ours('NEW')} AND (${changed})`],
    ])
      database.exec(
        `CREATE TEMP TRIGGER test_${name}_${event!.slice(0, 6)} AFTER ${event} ON main.${name} ${when}
         BEGIN INSERT INTO test_changes VALUES ('${name} ${event!.slice(0, 6)}'); END`,
      )
  }
}

/**
 * Watches every transaction of this process, beneath all that Inkwell does: SQLite itself tells what changed.
 * @returns what was found so far, and how to stop
 */
export function watchTransactions(): { unaudited: Unaudited[]; audited: () => number; stop: () => void } {
  const unaudited: Unaudited[] = []
  const exec = DatabaseSync.prototype.exec
  const watched = new WeakMap<DatabaseSync, { rows: number } | null>()
  let audited = 0
  const rows = (database: DatabaseSync): number =>
    (database.prepare('SELECT coalesce(max(id), 0) AS rows FROM audit').get() as { rows: number }).rows
  const isOurs = (database: DatabaseSync): boolean =>
    database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sweep_files'").get() !== undefined

  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    if (sql === 'BEGIN IMMEDIATE' && (watched.has(this) || isOurs(this))) {
      if (!watched.has(this)) install(this)
      exec.call(this, sql)
      exec.call(this, 'DELETE FROM test_changes')
      watched.set(this, { rows: rows(this) })
      return
    }
    const begun = sql === 'COMMIT' ? watched.get(this) : null
    if (begun) {
      const found = this.prepare('SELECT DISTINCT what FROM test_changes').all() as { what: string }[]
      const wrote = rows(this) > begun.rows
      if (found.length > 0 && !wrote) unaudited.push({ tables: found.map(({ what }) => what) })
      if (found.length > 0 && wrote) audited += 1
    }
    exec.call(this, sql)
  }
  return {
    unaudited,
    audited: () => audited,
    stop: () => {
      DatabaseSync.prototype.exec = exec
    },
  }
}
