import { closeSync, existsSync, lstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { lastEntry } from '../audit-row.ts'
import { openConnection, pageProblems } from '../connection.ts'
import { migrations } from '../migrations/index.ts'
import { schemaVersion } from '../schema-version.ts'
import { sqliteTrouble } from '../sqlite-errors.ts'
import type { TrailEntry } from '../trail-head.ts'
import { isForeignLog } from './foreign-log.ts'
import { profileIdOf } from './profile-id.ts'
import { readWal, readWalIndex, walProblem } from './wal.ts'

export type Inspected =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'sound'
      readonly schema: number
      /** Null in a schema that is not known here. */
      readonly trailEnd: TrailEntry | null
      readonly profileId: string | null
    }
  | { readonly kind: 'damaged'; readonly reason: string }

const defaultPageSize = 4_096
/** Above this only tables that cannot be made again are read, so that a start does not take seconds. */
const checkedWholeBytes = 512 * 1_048_576

/**
 * Looks at the files of a database without changing a byte of them; nobody else may have them open. Throws what is no
 * sign of damage: rights, a full disk, too many open files, a disk that does not answer at all.
 * @param wasUsed the profile had a database before: then none, or an empty one, is a loss
 * @param isSuspect something was wrong when it was last used: all of it is read
 */
export function inspect(path: string, { wasUsed, isSuspect }: { wasUsed: boolean; isSuspect: boolean }): Inspected {
  refuseWhatIsNoFile(path)
  const size = sizeOf(path)
  const walBytes = sizeOf(`${path}-wal`) ? readFileSync(`${path}-wal`) : null
  if (!size) {
    if (!wasUsed && !walBytes) return { kind: 'new' }
    return { kind: 'damaged', reason: size === null ? 'its file is gone' : 'its file is empty' }
  }
  const index = existsSync(`${path}-shm`) ? readWalIndex(readFileSync(`${path}-shm`)) : null
  const wal = walBytes && readWal(walBytes, pageSizeOf(path), index?.salts ?? null)
  const lost = walProblem(wal, index)
  if (lost) return { kind: 'damaged', reason: lost }
  if (wal && isForeignLog(path, wal, null))
    return { kind: 'damaged', reason: 'the log beside it is of another profile' }
  try {
    return checkPages(path, { wasUsed, isWhole: isSuspect || size <= checkedWholeBytes })
  } catch (error) {
    const trouble = sqliteTrouble(error)
    // SQLITE_ERROR: the header names a format that SQLite does not have.
    if (trouble === 'damaged' || (error as { errcode?: number }).errcode === 1)
      return { kind: 'damaged', reason: (error as Error).message }
    const page = trouble === 'io' ? unreadablePage(path, size) : null
    if (page !== null) return { kind: 'damaged', reason: `the disk cannot read its page ${page}` }
    throw error
  }
}

function checkPages(path: string, { wasUsed, isWhole }: { wasUsed: boolean; isWhole: boolean }): Inspected {
  // A first write that was cut off has a journal, which only a connection that may write can roll back.
  const database = sizeOf(`${path}-journal`)
    ? openConnection(path)
    : new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  try {
    const { said, is: schema } = schemaVersion(database)
    if (said !== schema) return { kind: 'damaged', reason: `its head says structure ${said} instead of ${schema}` }
    database.exec('PRAGMA cell_size_check = ON')
    const { encoding } = database.prepare('PRAGMA encoding').get() as { encoding: string }
    if (encoding !== 'UTF-8') return { kind: 'damaged', reason: `its text is said to be ${encoding}` }
    const reason =
      (isWhole ? pageProblems(database) : sealedTableProblems(database)) ?? foreignness(database, schema, wasUsed)
    if (reason !== null) return { kind: 'damaged', reason }
    const get = <Row>(sql: string): Row | undefined => database.prepare(sql).get() as Row | undefined
    // What a newer Inkwell has is not known here; it is refused as newer.
    if (!isKnown(schema)) return { kind: 'sound', schema, trailEnd: null, profileId: null }
    return { kind: 'sound', schema, trailEnd: lastEntry({ get }), profileId: profileIdOf({ get }) }
  } finally {
    database.close()
  }
}

const isKnown = (schema: number): boolean => schema > 0 && schema <= migrations.length

/** Tables of the first schema, which each later one has. */
const alwaysThere = ['audit', 'settings']

/** A sound file need not be ours: another program's, or one that a tool made anew, took the place of all there was. */
function foreignness(database: DatabaseSync, schema: number, wasUsed: boolean): string | null {
  if (schema > migrations.length) return null
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name)
  if (schema === 0 && tables.length === 0) return wasUsed ? 'it holds nothing' : null
  return alwaysThere.every((name) => tables.includes(name)) ? null : 'it is a database of another program'
}

/** Throws for a link whose target is away, which may come back, and for what would be waited for or cannot be moved. */
function refuseWhatIsNoFile(path: string): void {
  const link = lstatSync(path, { throwIfNoEntry: false })
  if (!link) return
  const there = statSync(path, { throwIfNoEntry: false })
  if (!there)
    throw new NoDatabaseFile(
      `${path} is a link to a file that is not there. Nothing was changed. Connect the disk that it leads to, then open Inkwell again.`,
    )
  if (there.isFile()) return
  throw new NoDatabaseFile(
    `There is ${there.isDirectory() ? 'a folder' : 'something that is no file'} where the database should be: ${path}. Nothing was changed. Move it away, put the database back there if you have it elsewhere, and open Inkwell again; without it the newest backup is used.`,
  )
}

/** `message` is for the user. */
export class NoDatabaseFile extends Error {
  override readonly name = 'NoDatabaseFile'
}

function sealedTableProblems(database: DatabaseSync): string | null {
  const sealed = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%row_sha256%'")
  for (const { name } of sealed.all() as { name: string }[]) {
    const problems = pageProblems(database, name)
    if (problems !== null) return problems
  }
  return null
}

/** Null when there is no such file. */
function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null
}

export function pageSizeOf(path: string): number {
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, 100, 0)
  } finally {
    closeSync(file)
  }
  return pageSizeIn(header)
}

/** As the header says; what Inkwell's databases have when that cannot be. */
export function pageSizeIn(header: Buffer): number {
  const said = header.length < 18 ? 0 : header.readUInt16BE(16)
  const size = said === 1 ? 65_536 : said
  return size >= 512 && (size & (size - 1)) === 0 ? size : defaultPageSize
}

/** The first page that cannot be read while others can: a bad sector, not a disk that is away. */
function unreadablePage(path: string, size: number): number | null {
  const page = Buffer.alloc(defaultPageSize)
  const file = openSync(path, 'r')
  let read = 0
  let bad: number | null = null
  try {
    for (let at = 0; at < size; at += page.length)
      try {
        readSync(file, page, 0, page.length, at)
        read += 1
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EIO') throw error
        bad ??= at / page.length + 1
      }
  } finally {
    closeSync(file)
  }
  return read > 0 ? bad : null
}
