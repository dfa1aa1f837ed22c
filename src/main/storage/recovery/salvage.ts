import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { schemaVersion } from '../schema-version.ts'
import type { SealedTable } from '../seals.ts'
import { attach } from './attached.ts'
import { pageSizeOf } from './damage.ts'
import { isForeignLog } from './foreign-log.ts'
import { createRowKeeper, type Kept, type RowKeeper } from './keep-rows.ts'
import { profileIdIn } from './profile-id.ts'
import { isDamage, isNotIn, readableRanges, readRows } from './read-rows.ts'
import { type IsKnown, scanPages } from './scan-pages.ts'
import { listed, marksOf, type Row, type Table, tablesOf } from './tables.ts'
import { committedFrames, mendedWal, readWal, readWalIndex } from './wal.ts'

export interface Salvaged {
  /** Rows by table that the copy in use did not have, or had older. */
  readonly broughtBack: Readonly<Record<string, number>>
  /** Rows whose checksum does not match, kept as they are. */
  readonly damaged: number
  /** Tables with rows that could not be read. */
  readonly incomplete: readonly string[]
  /** Rows without what they belong to, left out. */
  readonly orphans: number
  /** What was left out because it is of another profile: nothing, the log, or all of it. */
  readonly foreign: 'nothing' | 'log' | 'file'
}

/**
 * Brings over what can be read of a damaged database and is newer than what `target` has. One transaction.
 * @param source the damaged file, and copies of its log, which may be changed
 * @param profileId rows of any other profile are left out; null when it is not known
 */
export function salvage(
  source: string,
  target: DatabaseSync,
  { sealedTables, profileId }: { sealedTables: readonly SealedTable[]; profileId: string | null },
): Salvaged {
  const fileId = profileId === null ? null : profileIdIn(source)
  if (fileId !== null && fileId !== profileId)
    return { broughtBack: {}, damaged: 0, incomplete: [], orphans: 0, foreign: 'file' }
  const foreign = readyLog(source, profileId) ? 'nothing' : 'log'
  const tables = tablesOf(target, sealedTables)
  const broughtBack: Record<string, number> = {}
  let damaged = 0
  const count: Count = (table, kept, rows = 1) => {
    if (kept === 'kept') broughtBack[table.name] = (broughtBack[table.name] ?? 0) + rows
    if (kept === 'damaged') damaged += rows
  }
  target.exec('PRAGMA foreign_keys = OFF')
  const incomplete = readBySql(source, target, tables, count)
  if (!target.isTransaction) target.exec('BEGIN IMMEDIATE')
  if (incomplete.length > 0) {
    const keeper = createRowKeeper(target, true)
    scanPages(source, tables, new Set(incomplete), knownIn(target), (table, row) =>
      count(table, keeper.keep(table, row, 'found')),
    )
  }
  let orphans = 0
  for (const [name, dropped] of dropOrphans(target, tables)) {
    orphans += dropped
    broughtBack[name] = Math.max(0, (broughtBack[name] ?? 0) - dropped)
  }
  target.exec('COMMIT')
  target.exec('PRAGMA foreign_keys = ON')
  // What pages hold besides rows, entries of indexes, may look like rows until their owners are asked for.
  return { broughtBack, damaged, incomplete, orphans: incomplete.length > 0 ? 0 : orphans, foreign }
}

type Count = (table: Table, kept: Kept, rows?: number) => void

/**
 * SQLite would read the log up to the first page that rotted only, and take one of any database.
 * @returns whether it is of this one
 */
function readyLog(source: string, profileId: string | null): boolean {
  const path = `${source}-wal`
  if (!existsSync(path)) return true
  const index = existsSync(`${source}-shm`) ? readWalIndex(readFileSync(`${source}-shm`)) : null
  const wal = readWal(readFileSync(path), pageSizeOf(source), index?.salts ?? null)
  if (!wal) return true
  if (isForeignLog(source, wal, profileId)) {
    for (const suffix of ['-wal', '-shm']) rmSync(source + suffix, { force: true })
    return false
  }
  // One whose mark rotted stands among those that have it; what an earlier log left comes after the last.
  const ours = wal.frames.findLastIndex(({ isOfThisLog }) => isOfThisLog) + 1
  const upTo = index?.salts.equals(wal.salts) ? index.frames : ours
  if (committedFrames(wal) < upTo) writeFileSync(path, mendedWal(wal, upTo))
  return true
}

/** Whole tables first, in a transaction of their own. @returns the tables that could not be read whole */
function readBySql(source: string, target: DatabaseSync, tables: readonly Table[], count: Count): string[] {
  const all = tables.map(({ name }) => name)
  if (statSync(source).size === 0) return all
  let database: DatabaseSync | null = null
  try {
    // Read only: closing it must not change the log that the pages are looked for in afterwards.
    database = new DatabaseSync(source, { readOnly: true })
    // Entries of the schema that make no sense are passed over instead of ending all.
    database.exec('PRAGMA writable_schema = ON')
    if (isEarlierThan(target, database)) return []
    const isSameSchema = schemaVersion(database).is === schemaVersion(target).is
    const present = new Map(tablesOf(database, []).map((table) => [table.name, table]))
    // A version from before the table was made has none.
    const missing = isSameSchema ? tables.filter(({ name }) => !present.has(name)) : []
    const whole: TableInBoth[] = []
    const others: TableInBoth[] = []
    for (const table of tables) {
      const there = present.get(table.name)
      if (there) (isWhole(database, table) ? whole : others).push({ table, columns: common(table, there) })
    }
    const keeper = createRowKeeper(target, isSameSchema)
    const filled = takeAtOnce(source, target, { database, whole, others, keeper, isSameSchema, count })
    const rest = others.filter(({ table }) => !filled.has(table))
    const found = readFound(database, target, rest)
    target.exec('BEGIN IMMEDIATE')
    for (const { table, row } of found) count(table, keeper.keep(table, row, 'found'))
    return [...missing, ...others.map(({ table }) => table)].map(({ name }) => name)
  } catch (error) {
    if (!isDamage(error)) throw error
    return all
  } finally {
    database?.close()
  }
}

interface TableInBoth {
  readonly table: Table
  /** Those that both have. */
  readonly columns: readonly string[]
}
const common = (table: Table, there: Table): string[] =>
  table.columns.map(({ name }) => name).filter((name) => there.columns.some((column) => column.name === name))

interface AtOnce {
  readonly database: DatabaseSync
  /** They passed the check: a row of theirs is newer than one that is here. */
  readonly whole: readonly TableInBoth[]
  readonly others: readonly TableInBoth[]
  readonly keeper: RowKeeper
  readonly isSameSchema: boolean
  readonly count: Count
}
/** What needs no look at each row. @returns which of the others are done with */
function takeAtOnce(
  source: string,
  target: DatabaseSync,
  { database, whole, others, keeper, isSameSchema, count }: AtOnce,
): ReadonlySet<Table> {
  const attached = attach(target, source)
  try {
    const mayFill = (table: Table): boolean => isSameSchema && attached.isEmptyHere(table)
    const filled = new Set(others.map(({ table }) => table).filter((table) => table.hasRowid && mayFill(table)))
    for (const table of filled)
      for (const [from, to] of readableRanges(database, table))
        count(table, 'kept', attached.fillRange(table, from, to))
    target.exec('BEGIN IMMEDIATE')
    for (const { table, columns } of whole) {
      const rows = mayFill(table) ? attached.fill(table) : null
      if (rows !== null) count(table, 'kept', rows)
      else for (const row of attached.differing(table, columns)) count(table, keeper.keep(table, row, 'whole'))
    }
    target.exec('COMMIT')
    return filled
  } finally {
    if (target.isTransaction) target.exec('ROLLBACK')
    attached.detach()
  }
}

/**
 * Whether the copy is what became of the damaged file later, as when the file's log is lost: then all in it is old, and
 * rows that have gone since must stay gone. Told by the trail, which only grows: its last entry is in the copy's, before
 * others.
 */
function isEarlierThan(copy: DatabaseSync, damaged: DatabaseSync): boolean {
  const last = 'SELECT id, at_ms, action, subject, before_json, after_json FROM audit ORDER BY id DESC LIMIT 1'
  try {
    const [newest, newestOfCopy] = [damaged.prepare(last).get(), copy.prepare(last).get()]
    if (!newest || !newestOfCopy || Number(newest.id) >= Number(newestOfCopy.id)) return false
    const same = copy.prepare(last.replace('ORDER BY', 'WHERE id = ? ORDER BY')).get(newest.id!)
    return JSON.stringify(same) === JSON.stringify(newest) && isWhole(damaged, { name: 'audit' })
  } catch (error) {
    if (!isDamage(error)) throw error
    return false
  }
}

function isWhole(database: DatabaseSync, { name }: Pick<Table, 'name'>): boolean {
  try {
    const check = database.prepare(`PRAGMA integrity_check("${name}")`).all() as { integrity_check: string }[]
    return check.every(({ integrity_check }) => integrity_check === 'ok')
  } catch (error) {
    if (!isDamage(error)) throw error
    return false
  }
}

/** What can be read of tables that did not pass the check and the new one does not have; before its transaction. */
function readFound(
  database: DatabaseSync,
  target: DatabaseSync,
  tables: readonly TableInBoth[],
): { table: Table; row: Row }[] {
  const found: { table: Table; row: Row }[] = []
  if (tables.length === 0) return found
  database.prepare('ATTACH ? AS made').run(`${pathToFileURL(target.location()!).href}?mode=ro`)
  for (const { table, columns } of tables)
    try {
      readRows(database, table, isNotIn('made', table, columns), (row) => found.push({ table, row }))
    } catch (error) {
      if (!isDamage(error)) throw error
    }
  return found
}

/** Rows that SQLite has reached need not be looked for among the pages; one with another seal may be in a better state. */
function knownIn(target: DatabaseSync): IsKnown {
  const known = new Map<string, ReadonlySet<string>>()
  return (table, marks) => {
    let rows = known.get(table.name)
    if (!rows) {
      const all = target.prepare(`SELECT ${listed(marksOf(table))} FROM "${table.name}"`).all()
      rows = new Set(all.map((row) => JSON.stringify(Object.values(row))))
      known.set(table.name, rows)
    }
    return rows.has(JSON.stringify(marks))
  }
}

/** Rows that can be made again, whose owner is gone. Sealed ones stay: the user may still want them. */
function dropOrphans(target: DatabaseSync, tables: readonly Table[]): ReadonlyMap<string, number> {
  const dropped = new Map<string, number>()
  for (let isDone = false; !isDone; ) {
    isDone = true
    for (const table of tables.filter(({ seal }) => !seal || seal.comesAgain)) {
      const links = target
        .prepare('SELECT "table" AS parent, "from" AS child, "to" AS key FROM pragma_foreign_key_list(?)')
        .all(table.name) as {
        parent: string
        child: string
        key: string
      }[]
      for (const { parent, child, key } of links) {
        const { changes } = target
          .prepare(
            `DELETE FROM "${table.name}" WHERE "${child}" IS NOT NULL AND "${child}" NOT IN (SELECT "${key}" FROM "${parent}")`,
          )
          .run()
        if (changes === 0) continue
        isDone = false
        dropped.set(table.name, (dropped.get(table.name) ?? 0) + Number(changes))
      }
    }
  }
  return dropped
}
