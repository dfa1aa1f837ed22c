/** What an error of SQLite means for the data, by its code (sqlite.org/rescode.html). */
export type SqliteTrouble =
  | 'full' // the disk, or this user's part of it
  | 'io' // a read, write, flush or lock failed in the system
  | 'damaged' // pages are not what SQLite wrote
  | 'busy' // another connection holds the lock
  | 'refused' // rights, too many open files, a folder that is gone: nothing is known of the data

const primary: Readonly<Record<number, SqliteTrouble>> = {
  3: 'refused',
  5: 'busy',
  8: 'refused',
  10: 'io',
  11: 'damaged',
  13: 'full',
  14: 'refused',
  23: 'refused',
  26: 'damaged',
}
/** SQLITE_IOERR_CORRUPTFS, SQLITE_IOERR_DATA: the file system or SQLite compared checksums. */
const damagedIo: ReadonlySet<number> = new Set([8_458, 8_202])

/** SQLITE_IOERR_SHMSIZE: the shared index of the log could not grow, which is how a full disk shows there. */
const shmSize = 4_874

/** Null for what is no trouble of the file: constraints, wrong SQL, errors of other origin. */
export function sqliteTrouble(error: unknown): SqliteTrouble | null {
  const { errcode } = (error ?? {}) as { errcode?: unknown }
  if (typeof errcode !== 'number') return null
  if (errcode === shmSize) return 'full'
  return damagedIo.has(errcode) ? 'damaged' : (primary[errcode & 0xff] ?? null)
}

export type StorageErrorCode = 'disk-full' | 'write-failed' | 'database-damaged' | 'database-busy'

/** Thrown when the database cannot do what was asked; `message` says what happened, what was kept and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
