import type { DatabaseSync } from 'node:sqlite'
import { sqliteTrouble } from '../sqlite-errors.ts'
import type { Row, Table } from './tables.ts'

const maxRowid = Number.MAX_SAFE_INTEGER
/** A whole part of the tree may be gone: then every rowid below it would be asked for one by one. */
const maxFailuresInARow = 32_768

/**
 * Every row that can be read. What cannot is closed in on by halves, so that one bad page costs only its own rows.
 * @param isWanted SQL about the row `d`
 */
export function readRows(database: DatabaseSync, table: Table, isWanted: string, take: (row: Row) => void): boolean {
  return table.hasRowid ? byRowid(database, table.name, isWanted, take) : byKey(database, table, isWanted, take)
}

/** SQL for a row `d` that the schema `other` does not have just so. @param columns those that both have */
export function isNotIn(other: string, { name, key }: Table, columns: readonly string[]): string {
  // The key by =, which an index serves.
  const isSame = [
    ...key.map((column) => `m."${column}" = d."${column}"`),
    ...columns.map((column) => `m."${column}" IS d."${column}"`),
  ]
  return `NOT EXISTS (SELECT 1 FROM ${other}."${name}" AS m WHERE ${isSame.join(' AND ')})`
}

function byRowid(database: DatabaseSync, name: string, isWanted: string, take: (row: Row) => void): boolean {
  const between = database.prepare(
    `SELECT d.rowid AS inkwell_rowid, d.* FROM main."${name}" AS d
     WHERE d.rowid BETWEEN ? AND ? AND ${isWanted} ORDER BY d.rowid`,
  )
  return inRanges(database, name, (from, to, reached) => {
    for (const found of between.iterate(from, to) as Iterable<Row>) {
      const { inkwell_rowid, ...row } = found
      reached(Number(inkwell_rowid))
      take(row)
    }
  })
}

/** Rowids between which the way to each row can be read; what the rows hold may still be lost. */
export function readableRanges(database: DatabaseSync, { name }: Table): [from: number, to: number][] {
  const between = database.prepare(
    `SELECT rowid AS inkwell_rowid FROM main."${name}" NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid`,
  )
  between.setReturnArrays(true)
  const ranges: [number, number][] = []
  inRanges(database, name, (from, to, reached) => {
    let range: [number, number] | null = null
    for (const [rowid] of between.iterate(from, to) as unknown as Iterable<[number]>) {
      reached(rowid)
      if (range === null) {
        range = [rowid, rowid]
        ranges.push(range)
      }
      range[1] = rowid
    }
  })
  return ranges
}

/** @param work throws where it cannot read, and says before how far it came @returns whether it never did */
export function inRanges(
  database: DatabaseSync,
  name: string,
  work: (from: number, to: number, reached: (rowid: number) => void) => void,
): boolean {
  let hasFailed = false
  let inARow = 0
  const read = (from: number, to: number): void => {
    if (from > to || inARow > maxFailuresInARow) return
    let next = from
    try {
      work(from, to, (rowid) => {
        next = rowid + 1
        inARow = 0
      })
    } catch (error) {
      if (!isDamage(error)) throw error
      hasFailed = true
      inARow += 1
      if (from === to) return
      const half = next + Math.floor((to - next) / 2)
      read(next, half)
      read(half + 1, to)
    }
  }
  const last = highest(database, name)
  read(0, last.rowid)
  return !hasFailed && last.isSure
}

/** Past the highest rowid halves would find nothing but failures. */
function highest(database: DatabaseSync, name: string): { rowid: number; isSure: boolean } {
  try {
    const { last } = database.prepare(`SELECT max(rowid) AS last FROM main."${name}"`).get() as { last: number | null }
    return { rowid: Math.min(Math.max(0, last ?? 0), maxRowid), isSure: true }
  } catch (error) {
    if (!isDamage(error)) throw error
    return { rowid: 2 ** 24, isSure: false }
  }
}

/** From both ends to the first place that cannot be read. */
function byKey(database: DatabaseSync, table: Table, isWanted: string, take: (row: Row) => void): boolean {
  const readInOrder = (order: 'ASC' | 'DESC'): boolean => {
    try {
      const columns = table.key.map((column) => `d."${column}" ${order}`).join(', ')
      const select = `SELECT d.* FROM main."${table.name}" AS d WHERE ${isWanted} ORDER BY ${columns}`
      for (const row of database.prepare(select).iterate()) take(row as Row)
      return true
    } catch (error) {
      if (!isDamage(error)) throw error
      return false
    }
  }
  return readInOrder('ASC') || (readInOrder('DESC') && false)
}

/** What the file holds there is no row of the table. */
export const breaksRule = (error: unknown): boolean => ((error as { errcode?: number }).errcode ?? 0) % 256 === 19

/** SQLite also answers with SQLITE_ERROR when a schema that is damaged names what is not there. */
export const isDamage = (error: unknown): boolean => {
  const trouble = sqliteTrouble(error)
  return trouble === 'damaged' || trouble === 'io' || (error as { errcode?: number }).errcode === 1
}
