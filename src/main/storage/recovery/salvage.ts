import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { SealedTable } from '../seals.ts'
import { pageSizeOf } from './damage.ts'
import { createRowKeeper, type Kept } from './keep-rows.ts'
import { isDamage, readRows } from './read-rows.ts'
import { scanPages } from './scan-pages.ts'
import { type Row, type Table, tablesOf } from './tables.ts'
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
}

/**
 * Brings over what can be read of a damaged database and is newer than what `target` has. One transaction.
 * @param source a copy of the damaged files that may be changed
 */
export function salvage(source: string, target: DatabaseSync, sealed: readonly SealedTable[]): Salvaged {
  mendLog(source)
  const tables = tablesOf(target, sealed)
  const broughtBack: Record<string, number> = {}
  let damaged = 0
  const count = (table: Table, kept: Kept): void => {
    if (kept === 'kept') broughtBack[table.name] = (broughtBack[table.name] ?? 0) + 1
    if (kept === 'damaged') damaged += 1
  }
  target.exec('PRAGMA foreign_keys = OFF')
  target.exec('BEGIN IMMEDIATE')
  const incomplete = readBySql(source, target, tables, count)
  if (incomplete.length > 0) {
    const keeper = createRowKeeper(target, true)
    const wanted = new Set(incomplete)
    scanPages(source, tables, (table, row) => {
      if (wanted.has(table.name)) count(table, keeper.keep(table, row, 'found'))
    })
  }
  let orphans = 0
  for (const [name, dropped] of dropOrphans(target, tables)) {
    orphans += dropped
    broughtBack[name] = Math.max(0, (broughtBack[name] ?? 0) - dropped)
  }
  target.exec('COMMIT')
  target.exec('PRAGMA foreign_keys = ON')
  // What pages hold besides rows, entries of indexes, may look like rows until their owners are asked for.
  return { broughtBack, damaged, incomplete, orphans: incomplete.length > 0 ? 0 : orphans }
}

/** SQLite would read the log up to the first page that rotted only. */
function mendLog(source: string): void {
  const path = `${source}-wal`
  if (!existsSync(path)) return
  const index = existsSync(`${source}-shm`) ? readWalIndex(readFileSync(`${source}-shm`)) : null
  const wal = readWal(readFileSync(path), pageSizeOf(source), index?.salts ?? null)
  if (!wal) return
  // One whose mark rotted stands among those that have it; what an earlier log left comes after the last.
  const ours = wal.frames.findLastIndex(({ isOfThisLog }) => isOfThisLog) + 1
  const upTo = index?.salts.equals(wal.salts) ? index.frames : ours
  if (committedFrames(wal) < upTo) writeFileSync(path, mendedWal(wal, upTo))
}

/** @returns the tables that could not be read whole */
function readBySql(
  source: string,
  target: DatabaseSync,
  tables: readonly Table[],
  count: (table: Table, kept: Kept) => void,
): string[] {
  const all = tables.map(({ name }) => name)
  if (statSync(source).size === 0) return all
  let database: DatabaseSync | null = null
  try {
    // Read only: closing it must not change the log that the pages are looked for in afterwards.
    database = new DatabaseSync(source, { readOnly: true })
    // Entries of the schema that make no sense are passed over instead of ending all.
    database.exec('PRAGMA writable_schema = ON')
    if (isEarlierThan(target, database)) return []
    const version = (of: DatabaseSync): unknown => of.prepare('PRAGMA user_version').get()?.user_version
    const keeper = createRowKeeper(target, version(database) === version(target))
    const present = new Set(tablesOf(database, []).map(({ name }) => name))
    const incomplete: string[] = []
    for (const table of tables) {
      // A version from before the table was made has none.
      if (!present.has(table.name)) {
        if (version(database) === version(target)) incomplete.push(table.name)
        continue
      }
      if (!readTable(database, table, (row, trust) => count(table, keeper.keep(table, row, trust))))
        incomplete.push(table.name)
    }
    return incomplete
  } catch (error) {
    if (!isDamage(error)) throw error
    return all
  } finally {
    database?.close()
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
    if (JSON.stringify(same) !== JSON.stringify(newest)) return false
    const check = damaged.prepare('PRAGMA integrity_check("audit")').all() as { integrity_check: string }[]
    return check.every(({ integrity_check }) => integrity_check === 'ok')
  } catch (error) {
    if (!isDamage(error)) throw error
    return false
  }
}

function readTable(database: DatabaseSync, table: Table, take: (row: Row, trust: 'whole' | 'found') => void): boolean {
  let isWhole = false
  try {
    const check = database.prepare(`PRAGMA integrity_check("${table.name}")`).all() as { integrity_check: string }[]
    isWhole = check.every(({ integrity_check }) => integrity_check === 'ok')
    return readRows(database, table, (row) => take(row, isWhole ? 'whole' : 'found')) && isWhole
  } catch (error) {
    if (!isDamage(error)) throw error
    return false
  }
}

/** Rows that can be made again, whose owner is gone. Sealed ones stay: the user may still want them. */
function dropOrphans(target: DatabaseSync, tables: readonly Table[]): ReadonlyMap<string, number> {
  const dropped = new Map<string, number>()
  for (let isDone = false; !isDone; ) {
    isDone = true
    for (const table of tables.filter(({ seal }) => !seal)) {
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
