import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { Clock } from '../ports.ts'
import { checkBuild, openConnection } from './connection.ts'
import { createDurable } from './durable.ts'
import { type MigrateFailure, migrate, refusalOf } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { sqliteTrouble } from './sqlite-errors.ts'
import type { TrailEntry } from './trail-head.ts'

export type SqlValue = SQLInputValue
export type SqlParams = readonly SqlValue[]

/** Reads see the last commit; nothing is held between two calls. They never write, not even with RETURNING. */
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
   * is thrown on; a failed Result rolls back too and is the answer. It is synchronous, so no network call can be held inside. A disk that is full or fails throws a
   * StorageError that says what was kept.
   * @param action name of the command, e.g. `feeds.rename`
   */
  write<Value>(action: string, change: (tx: Transaction) => Value): Value
  /** Writes without an audit row: caches, progress and leases, nothing that a user changed. */
  writeUnaudited<Value>(change: (tx: Transaction) => Value): Value
  /** Grows when another process has written. */
  dataVersion(): number
  close(): void
}
export type StorageFailure =
  | MigrateFailure
  | 'sqlite-too-old'
  | 'sqlite-without-fts5'
  | 'database-unreadable'
  | 'database-damaged'
  | 'database-busy'

/** What befell the database while it was open; `words` are for the user. */
export interface StorageTrouble {
  readonly kind: 'disk-full' | 'write-failed' | 'damaged'
  readonly title: string
  readonly words: string
}
export interface StorageOptions {
  readonly clock: Clock
  /** Who writes, for the audit trail: `app`, `headless`. */
  readonly origin: string
  /** Frees what is kept for a full disk; whether there was something to free. */
  readonly makeRoom?: () => boolean
  readonly onTrouble?: (trouble: StorageTrouble) => void
  /** After each commit with the last entry it added to the trail. Must not throw. */
  readonly onAudited?: (last: TrailEntry) => void
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

/** Opens a database that is sound, and brings it to this version's schema. Nothing of a damaged one is changed. */
export function openStorage(path: string, options: StorageOptions): Result<Storage, StorageFailure> {
  let database: DatabaseSync | null = null
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const newer = refuseNewer(path)
    if (newer) return newer
    database = openConnection(path)
    const build = checkBuild(database)
    const ready = build.ok ? migrate(database, path, migrations) : build
    if (ready.ok) return ok(createDurable(path, database, options))
    database.close()
    return ready
  } catch (error) {
    database?.close()
    return fail(...whyNotOpened(error))
  }
}

/** Code and words for a database that did not open. */
export function whyNotOpened(error: unknown): [StorageFailure, string, { retryable: boolean }] {
  const { message } = error as Error
  switch (sqliteTrouble(error)) {
    case 'damaged':
      return [
        'database-damaged',
        `The profile's database is damaged: ${message}. It was left as it is.`,
        { retryable: false },
      ]
    case 'busy':
      return [
        'database-busy',
        `Another program holds the profile's database. Nothing was changed. Try again in a moment.`,
        { retryable: true },
      ]
    case 'full':
      return [
        'database-unreadable',
        `The disk is full: the profile cannot be opened. Nothing was changed. Free some space, then open Inkwell again.`,
        { retryable: true },
      ]
    default:
      return [
        'database-unreadable',
        `The profile's database cannot be opened: ${message}. Nothing was changed. Look at the disk and at who may use the folder, then open Inkwell again.`,
        { retryable: true },
      ]
  }
}
