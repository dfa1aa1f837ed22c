import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '#shared/result.ts'
import { isStamped, schemaVersion, setSchemaVersion } from './schema-version.ts'

export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly version: number
  readonly name: string
  readonly sql: string
  /** What SQL cannot say, e.g. sealing rows that are there; after `sql`, in the same transaction. */
  readonly run?: (database: DatabaseSync) => void
}
export type MigrateFailure = 'profile-is-newer' | 'migration-failed'

const latestOf = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0

/** Why a database may not be opened by this version; null when it may. Reads only. */
export function refusalOf(
  database: DatabaseSync,
  migrations: readonly Migration[],
): Result<never, 'profile-is-newer'> | null {
  const found = schemaVersion(database).is
  const latest = latestOf(migrations)
  return found > latest
    ? fail(
        'profile-is-newer',
        `This profile was used by a newer Inkwell (schema ${found}, this one knows ${latest}). Nothing was changed. Update Inkwell, or choose another profile.`,
      )
    : null
}

/**
 * Brings the schema to the last migration. The database is copied aside first (`<path>.before-v<n>`); all migrations are
 * one transaction, so that a failure or a kill leaves everything as it was; a schema made by a newer version is refused
 * untouched. Throws when the database itself cannot be read.
 */
export function migrate(
  database: DatabaseSync,
  path: string,
  migrations: readonly Migration[],
): Result<{ from: number; to: number }, MigrateFailure> {
  const refusal = refusalOf(database, migrations)
  if (refusal) return refusal
  const latest = latestOf(migrations)
  const from = schemaVersion(database).said
  if (from === latest) {
    stampOnce(database, latest)
    return ok({ from, to: latest })
  }
  if (from > 0) backUp(database, path, from)
  let at: Migration | undefined
  try {
    database.exec('BEGIN IMMEDIATE')
    // Another process may have migrated while this one waited for the lock.
    const found = schemaVersion(database).said
    for (const migration of migrations.filter(({ version }) => version > found)) {
      at = migration
      database.exec(migration.sql)
      migration.run?.(database)
      setSchemaVersion(database, migration.version)
    }
    database.exec('COMMIT')
  } catch (error) {
    // A full disk ends the transaction by itself.
    if (database.isTransaction) database.exec('ROLLBACK')
    return fail(
      'migration-failed',
      `The profile could not be brought to schema ${at?.version ?? latest}${at ? ` (${at.name})` : ''}: ${(error as Error).message}. It is as it was${from > 0 ? '; a copy lies beside it' : ''}.`,
    )
  }
  return ok({ from, to: latest })
}

/** One from before there were stamps. It gets its own when it can be written. */
function stampOnce(database: DatabaseSync, version: number): void {
  if (isStamped(database)) return
  try {
    setSchemaVersion(database, version)
  } catch {
    // A full disk: nothing depends on it.
  }
}

/** VACUUM INTO reads through the log, and fails on pages that cannot be read: a damaged database replaces no good copy. */
function backUp(database: DatabaseSync, path: string, version: number): void {
  if (path === ':memory:') return
  const target = `${path}.before-v${version + 1}`
  const temporary = `${target}.${process.pid}.tmp`
  try {
    rmSync(temporary, { force: true })
    database.prepare('VACUUM INTO ?').run(temporary)
    syncPath(temporary, 'r+')
    renameSync(temporary, target)
    if (process.platform !== 'win32') syncPath(dirname(target), 'r')
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function syncPath(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
