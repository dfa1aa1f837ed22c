import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { Clock } from '../ports.ts'
import { insertAudit } from './audit-row.ts'
import { type MigrateFailure, migrate, refusalOf } from './migrate.ts'
import { migrations } from './migrations/index.ts'

export type SqlValue = SQLInputValue
export type SqlParams = readonly SqlValue[]

/** Reads see the last commit; nothing is held between two calls. */
export interface Reader {
  get<Row>(sql: string, params?: SqlParams): Row | undefined
  all<Row>(sql: string, params?: SqlParams): Row[]
}
export interface Transaction extends Reader {
  /** Rows changed. */
  run(sql: string, params?: SqlParams): number
  /** The audit row of this change. Every write has at least one; secrets and private addresses must be masked. */
  audit(subject: string, before: Json, after: Json): void
}
export interface Storage extends Reader {
  /**
   * The one writer: BEGIN IMMEDIATE, `change`, its audit rows, COMMIT. Whatever `change` throws rolls all of it back and
   * is thrown on; a failed Result rolls back too and is the answer. It is synchronous, so no network call can be held
   * inside.
   * @param action name of the command, e.g. `feeds.rename`
   */
  write<Value>(action: string, change: (tx: Transaction) => Value): Value
  /** Writes without an audit row: caches, progress and leases, nothing that a user changed. */
  writeUnaudited<Value>(change: (tx: Transaction) => Value): Value
  /** Grows when another process has written. */
  dataVersion(): number
  close(): void
}
export type StorageFailure = MigrateFailure | 'sqlite-too-old' | 'sqlite-without-fts5' | 'database-unreadable'

const requiredVersion = [3, 51, 3] as const

function checkBuild(database: DatabaseSync): Result<null, 'sqlite-too-old' | 'sqlite-without-fts5'> {
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string }
  const parts = version.split('.').map(Number)
  const at = requiredVersion.findIndex((part, index) => part !== parts[index])
  if (at >= 0 && (parts[at] ?? 0) < requiredVersion[at]!)
    return fail(
      'sqlite-too-old',
      `This build brings SQLite ${version}; Inkwell needs ${requiredVersion.join('.')} or later, which mends a loss of data in WAL mode.`,
    )
  const { fts5 } = database.prepare("SELECT sqlite_compileoption_used('ENABLE_FTS5') AS fts5").get() as { fts5: number }
  return fts5 ? ok(null) : fail('sqlite-without-fts5', 'This build of SQLite has no full-text search (FTS5).')
}

/** Looks at the schema's version through a connection that cannot write: what a newer Inkwell made stays as it is. */
function refuseNewer(path: string): Result<never, MigrateFailure> | null {
  if (path === ':memory:' || !existsSync(path)) return null
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  try {
    return refusalOf(database, migrations)
  } finally {
    database.close()
  }
}

/** @param origin who writes, for the audit trail: `app`, `headless` */
export function openStorage(path: string, options: { clock: Clock; origin: string }): Result<Storage, StorageFailure> {
  let database: DatabaseSync
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const newer = refuseNewer(path)
    if (newer) return newer
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true })
  } catch (error) {
    return fail('database-unreadable', `The profile's database cannot be opened: ${(error as Error).message}.`)
  }
  try {
    // First of all: `journal_mode=WAL` itself can throw "locked".
    database.exec('PRAGMA busy_timeout = 10000')
    const build = checkBuild(database)
    if (!build.ok) {
      database.close()
      return build
    }
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    if (process.platform === 'darwin') database.exec('PRAGMA fullfsync = ON')
    const migrated = migrate(database, path, migrations)
    if (!migrated.ok) {
      database.close()
      return migrated
    }
  } catch (error) {
    database.close()
    return fail(
      'database-unreadable',
      `The profile's database cannot be read: ${(error as Error).message}. It was left as it is.`,
    )
  }
  return ok(wrap(database, options))
}

const isRefusal = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'ok' in value && value.ok === false

function wrap(database: DatabaseSync, { clock, origin }: { clock: Clock; origin: string }): Storage {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    const made = database.prepare(sql)
    statements.set(sql, made)
    return made
  }
  const reader: Reader = {
    get: <Row>(sql: string, params: SqlParams = []) => prepare(sql).get(...params) as Row | undefined,
    all: <Row>(sql: string, params: SqlParams = []) => prepare(sql).all(...params) as Row[],
  }
  const transact = <Value>(action: string | null, change: (tx: Transaction) => Value): Value => {
    let audited = 0
    const tx: Transaction = {
      ...reader,
      run: (sql, params = []) => Number(prepare(sql).run(...params).changes),
      audit: (subject, before, after) => {
        audited += 1
        insertAudit(tx, { atMs: clock.now(), action: action ?? 'internal', origin, subject, before, after })
      },
    }
    database.exec('BEGIN IMMEDIATE')
    try {
      const value = change(tx)
      if (value instanceof Promise) throw new Error('a transaction cannot wait')
      if (isRefusal(value)) {
        database.exec('ROLLBACK')
        return value
      }
      if (action !== null && audited === 0) throw new Error(`${action} wrote no audit row`)
      database.exec('COMMIT')
      return value
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
  return {
    ...reader,
    write: (action, change) => transact(action, change),
    writeUnaudited: (change) => transact(null, change),
    dataVersion: () => Number((prepare('PRAGMA data_version').get() as { data_version: number }).data_version),
    close: () => {
      statements.clear()
      database.close()
    },
  }
}
