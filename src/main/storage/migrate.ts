import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '#shared/result.ts'

export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly version: number
  readonly name: string
  readonly sql: string
}
export type MigrateFailure = 'profile-is-newer' | 'migration-failed'

const userVersion = (database: DatabaseSync): number =>
  Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version)

const latestOf = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0

/** Why a database may not be opened by this version; null when it may. Reads only. */
export function refusalOf(
  database: DatabaseSync,
  migrations: readonly Migration[],
): Result<never, 'profile-is-newer'> | null {
  const found = userVersion(database)
  const latest = latestOf(migrations)
  return found > latest
    ? fail(
        'profile-is-newer',
        `This profile was used by a newer Inkwell (schema ${found}, this one knows ${latest}). Nothing was changed. Update Inkwell, or choose another profile.`,
      )
    : null
}

/**
 * Brings the schema to the last migration. The database is copied aside first (`<path>.before-v<n>`), each migration is
 * one transaction, and a schema made by a newer version is refused untouched.
 */
export function migrate(
  database: DatabaseSync,
  path: string,
  migrations: readonly Migration[],
): Result<{ from: number; to: number }, MigrateFailure> {
  const refusal = refusalOf(database, migrations)
  if (refusal) return refusal
  const latest = latestOf(migrations)
  const from = userVersion(database)
  if (from === latest) return ok({ from, to: latest })
  if (from > 0) backUp(database, path, from)
  for (const migration of migrations.filter(({ version }) => version > from)) {
    // Another process may have migrated while this one waited for the lock.
    database.exec('BEGIN IMMEDIATE')
    try {
      if (userVersion(database) < migration.version) {
        database.exec(migration.sql)
        database.exec(`PRAGMA user_version = ${migration.version}`)
      }
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      return fail(
        'migration-failed',
        `The profile could not be brought to schema ${migration.version} (${migration.name}): ${(error as Error).message}. It is as it was; a copy lies beside it.`,
      )
    }
  }
  return ok({ from, to: latest })
}

function backUp(database: DatabaseSync, path: string, version: number): void {
  if (path === ':memory:') return
  const target = `${path}.before-v${version + 1}`
  if (existsSync(target)) return
  // All of the log must be in the main file before it is copied. A checkpoint kept from finishing by a reader would
  // leave the copy old, so that VACUUM INTO, which reads through the log, is used, and a plain copy only if it fails.
  const temporary = `${target}.${process.pid}.tmp`
  try {
    database.prepare('VACUUM INTO ?').run(temporary)
  } catch {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    copyFileSync(path, temporary)
  }
  const file = openSync(temporary, 'r+')
  fsyncSync(file)
  closeSync(file)
  renameSync(temporary, target)
}
