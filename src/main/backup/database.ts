import { createHash } from 'node:crypto'
import { backup, DatabaseSync } from 'node:sqlite'
import type { z } from 'zod'
import type { BackupCounts } from '#shared/contract/backup.ts'
import { isSealed, type SealedTable } from '../storage/seals.ts'
import type { Reader, SqlValue } from '../storage/storage.ts'
import { BackupError } from './archive/failures.ts'
import type { Manifest } from './archive/manifest.ts'

type Counts = z.infer<typeof BackupCounts>
export type DatabaseFacts = Pick<Manifest, 'databaseSchema' | 'profileId' | 'tables' | 'counts' | 'flaws'>

const broken = (why: string): BackupError =>
  new BackupError(
    'database-damaged',
    `The database is damaged (${why}). No backup was made of it; the ones from before are kept.`,
  )

/**
 * A copy by SQLite's backup API, of one moment, whatever is written meanwhile. All pages in one step: several steps
 * begin anew each time another connection commits.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 })
  try {
    await backup(source, to, { rate: 2_147_483_647 })
  } catch (error) {
    throw sqliteFailure(error)
  } finally {
    source.close()
  }
  const copy = new DatabaseSync(to)
  try {
    // One file: the copy would otherwise bring a log of its own.
    copy.exec('PRAGMA journal_mode = DELETE')
    const check = copy.prepare('PRAGMA quick_check(5)').all() as { quick_check: string }[]
    if (check[0]?.quick_check !== 'ok') throw broken(check.map(({ quick_check }) => quick_check).join('; '))
  } catch (error) {
    throw sqliteFailure(error)
  } finally {
    copy.close()
  }
}

/** A full disk is not a damaged database. */
function sqliteFailure(error: unknown): unknown {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message: string }
  if (code !== 'ERR_SQLITE_ERROR') return error
  return errcode === 13 ? Object.assign(new Error(message), { code: 'ENOSPC' }) : broken(message)
}

/** What is wrong with a database file, in SQLite's words; null when its pages are sound. Reads every page. */
export function pageDamage(path: string): string | null {
  try {
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      const check = database.prepare('PRAGMA integrity_check(5)').all() as { integrity_check: string }[]
      return check[0]?.integrity_check === 'ok' ? null : check.map((row) => row.integrity_check).join('; ')
    } finally {
      database.close()
    }
  } catch (error) {
    return (error as Error).message
  }
}

/** Schema, content and flaws of a database that nobody writes to. */
export function describeDatabase(path: string, sealedTables: readonly SealedTable[]): DatabaseFacts {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
    const names = tableNames(database)
    return {
      databaseSchema: Number(user_version),
      profileId: profileIdOf(database, names),
      tables: names.map((name) => fingerprint(database, name)),
      counts: countsOf(database, names),
      flaws: [...brokenSeals(database, names, sealedTables), ...danglingRows(database)],
    }
  } catch (error) {
    throw sqliteFailure(error)
  } finally {
    database.close()
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function tableNames(database: DatabaseSync): string[] {
  const rows = database.prepare('PRAGMA table_list').all() as { schema: string; name: string; type: string }[]
  return rows
    .filter(({ schema, name, type }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'))
    .map(({ name }) => name)
    .sort()
}

/** SHA-256 over all values of all rows in the order of the key. */
function fingerprint(database: DatabaseSync, name: string): Manifest['tables'][number] {
  const columns = database.prepare(`PRAGMA table_info(${quoted(name)})`).all() as { name: string; pk: number }[]
  const key = columns.filter(({ pk }) => pk > 0).sort((left, right) => left.pk - right.pk)
  const order = key.length > 0 ? key.map((column) => quoted(column.name)).join(', ') : 'rowid'
  const select = database.prepare(`SELECT * FROM ${quoted(name)} ORDER BY ${order}`)
  select.setReadBigInts(true)
  select.setReturnArrays(true)
  const hash = createHash('sha256').update(JSON.stringify(columns.map((column) => column.name)))
  let rows = 0
  for (const row of select.iterate() as Iterable<unknown>) {
    rows += 1
    for (const value of row as SqlValue[]) hashValue(hash, value)
  }
  return { name, rows, sha256: hash.digest('hex') }
}

/** Kind and length go first: no two rows look alike. */
function hashValue(hash: ReturnType<typeof createHash>, value: SqlValue): void {
  if (value === null) hash.update('n;')
  else if (typeof value === 'bigint') hash.update(`i${value};`)
  else if (typeof value === 'number') hash.update(`r${Object.is(value, -0) ? '-0' : value};`)
  else if (typeof value === 'string') hash.update(`t${Buffer.byteLength(value)}:`).update(value)
  else hash.update(`b${value.byteLength}:`).update(value as Uint8Array)
}

const profileIdOf = (database: DatabaseSync, names: readonly string[]): string => {
  if (!names.includes('settings')) return ''
  const row = database.prepare("SELECT value_json FROM settings WHERE name = 'profile.id'").get() as
    | { value_json: string }
    | undefined
  try {
    const id: unknown = row && JSON.parse(row.value_json)
    return typeof id === 'string' ? id.slice(0, 64) : ''
  } catch {
    return ''
  }
}

/** What people count, and the table it is in. A profile of an older schema has none of some. */
const counted: Readonly<Record<keyof Counts, readonly [table: string, where?: string]>> = {
  feeds: ['feeds', "removed_at_ms IS NULL AND kind <> 'local'"],
  episodes: ['episodes'],
  transcripts: ['transcripts'],
  notes: ['note_files', "kind = 'template' AND state IN ('current', 'edited')"],
  interviews: ['interview_sessions'],
  costEntries: ['cost_entries'],
  jobs: ['jobs'],
}

function countsOf(database: DatabaseSync, names: readonly string[]): Counts {
  return countEach((sql, table) => (names.includes(table) ? (database.prepare(sql).get() as { n: number }).n : 0))
}

const countEach = (count: (sql: string, table: string) => number): Counts =>
  Object.fromEntries(
    Object.entries(counted).map(([name, [table, where]]) => [
      name,
      count(`SELECT count(*) AS n FROM ${table}${where ? ` WHERE ${where}` : ''}`, table),
    ]),
  ) as Counts

/** Of the profile in use, whose schema is this version's. */
export const countsHere = (reader: Reader): Counts => countEach((sql) => reader.get<{ n: number }>(sql)!.n)

export interface PrivateFeed {
  readonly id: string
  readonly title: string
  readonly storage: 'keychain' | 'session'
}
/** Feeds whose secret lies outside the database. */
export function privateFeedsIn(path: string): PrivateFeed[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    if (!tableNames(database).includes('feeds')) return []
    const sql = `SELECT id, coalesce(user_title, own_title) AS title, secret_storage AS storage FROM feeds
                 WHERE secret_storage IS NOT NULL AND removed_at_ms IS NULL ORDER BY title`
    return database.prepare(sql).all() as unknown as PrivateFeed[]
  } finally {
    database.close()
  }
}

function brokenSeals(database: DatabaseSync, names: readonly string[], sealedTables: readonly SealedTable[]): string[] {
  const flaws: string[] = []
  for (const table of sealedTables.filter(({ name }) => names.includes(name))) {
    const columns = (database.prepare(`PRAGMA table_info(${quoted(table.name)})`).all() as { name: string }[]).map(
      ({ name }) => name,
    )
    // Older than the seal: the migration that brings it seals what is there.
    if (![...table.columns, 'row_sha256'].every((column) => columns.includes(column))) continue
    for (const row of database.prepare(`SELECT * FROM ${quoted(table.name)}`).iterate() as Iterable<unknown>)
      if (!isSealed(table, row as Record<string, SqlValue>))
        flaws.push(`${table.name} ${String((row as Record<string, SqlValue>)[table.key])}: not as it was written`)
  }
  return flaws.slice(0, 1_000)
}

const danglingRows = (database: DatabaseSync): string[] =>
  (database.prepare('PRAGMA foreign_key_check').all() as { table: string; rowid: number | null; parent: string }[])
    .slice(0, 1_000)
    .map(({ table, rowid, parent }) => `${table} ${rowid ?? ''}: belongs to no row of ${parent}`)

/** What differs between what a manifest says and what a database holds, in words; null when nothing does. */
export function differenceOf(manifest: Manifest, facts: DatabaseFacts): string | null {
  if (facts.databaseSchema !== manifest.databaseSchema)
    return `its schema is ${facts.databaseSchema}, not ${manifest.databaseSchema}`
  const tables = new Map(facts.tables.map((table) => [table.name, table]))
  for (const { name, rows, sha256 } of manifest.tables) {
    const found = tables.get(name)
    if (!found) return `table ${name} is missing`
    if (found.rows !== rows) return `table ${name} has ${found.rows} rows instead of ${rows}`
    if (found.sha256 !== sha256) return `rows of table ${name} are not as they were`
  }
  return tables.size === manifest.tables.length ? null : 'it has more tables than it should'
}
