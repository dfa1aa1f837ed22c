import { rmSync, statSync, unlinkSync } from 'node:fs'
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
  release(): void
}

const shareMs = 60_000

/** Throws SQLite's error when the folder cannot be written. */
export function openProfileLock(profilePath: string): ProfileLock {
  const path = join(profilePath, 'inkwell.lock')
  // Nothing is ever committed to it: what is there is damage, and could make SQLite lock in another way.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    unlinkSync(path)
    rmSync(`${path}-journal`, { force: true })
  }
  const database = new DatabaseSync(path, { timeout: shareMs })
  let isHeld = false
  const end = (): void => {
    if (isHeld) database.exec('ROLLBACK')
    isHeld = false
  }
  return {
    takeAlone: () => {
      try {
        database.exec('PRAGMA busy_timeout = 0')
        database.exec('BEGIN EXCLUSIVE')
        isHeld = true
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
      isHeld = true
      // The lock is taken by the first read and held to the end of the transaction.
      database.prepare('SELECT count(*) FROM sqlite_schema').get()
    },
    release: () => {
      end()
      database.close()
    },
  }
}
