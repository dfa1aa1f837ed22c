import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteTrouble } from './sqlite-errors.ts'

/**
 * Who has the profile open, across processes. Its locks are SQLite's own on an empty database beside the real one: the
 * system lets go of them when a process dies, however it dies. Whoever uses the profile shares the lock; whoever checks
 * the files and sets damaged ones aside has it alone, because a file that another process has open must not be moved.
 *
 * No file of an open database may be read through `node:fs` in the same process: closing it would drop SQLite's locks.
 */
export interface ProfileLock {
  /** Whether nobody else has the profile open; then it is this process's alone until `share`. */
  takeAlone(): boolean
  /** From now on others may share it; waits for one that has it alone. Throws when that takes over a minute. */
  share(): void
  /** The schema version of the database that was last opened here; 0 before the first. */
  knownSchema(): number
  /** Only while it is this process's alone. */
  setKnownSchema(version: number): void
  release(): void
}

const shareMs = 60_000

/** Throws SQLite's error when the folder cannot be written. */
export function openProfileLock(profilePath: string): ProfileLock {
  const database = new DatabaseSync(join(profilePath, 'inkwell.lock'), { timeout: shareMs })
  let held: 'alone' | 'shared' | null = null
  const end = (): void => {
    if (held !== null) database.exec('ROLLBACK')
    held = null
  }
  const knownSchema = (): number => Number(database.prepare('PRAGMA user_version').get()?.user_version)
  return {
    takeAlone: () => {
      try {
        database.exec('PRAGMA busy_timeout = 0')
        database.exec('BEGIN EXCLUSIVE')
        held = 'alone'
        return true
      } catch (error) {
        if (sqliteTrouble(error) === 'busy') return false
        throw error
      } finally {
        database.exec(`PRAGMA busy_timeout = ${shareMs}`)
      }
    },
    share: () => {
      end()
      database.exec('BEGIN')
      held = 'shared'
      // The lock is taken by the first read and held to the end of the transaction.
      knownSchema()
    },
    knownSchema,
    setKnownSchema: (version) => {
      if (held !== 'alone' || knownSchema() === version) return
      database.exec(`PRAGMA user_version = ${Math.trunc(version)}`)
      database.exec('COMMIT')
      database.exec('BEGIN EXCLUSIVE')
    },
    release: () => {
      end()
      database.close()
    },
  }
}
