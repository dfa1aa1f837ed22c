import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { isSealed } from '../seals.ts'
import type { SqlValue } from '../storage.ts'
import { pageSizeIn } from './damage.ts'
import { type FoundRecord, type ReadPage, recordsOn } from './records.ts'
import type { Row, Table } from './tables.ts'
import { committedFrames, readWal } from './wal.ts'

/**
 * Goes through every page of a file and its log without asking SQLite, for what it cannot reach any more: the schema or
 * the way to a page is gone, the page is not. A row with a checksum proves itself which table it is of; one without is
 * taken when it fits one table only.
 */
export function scanPages(path: string, tables: readonly Table[], take: (table: Table, row: Row) => void): void {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const header = Buffer.alloc(100)
    if (size > 0) readSync(file, header, 0, 100, 0)
    const logBytes = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0)
    const log = readWal(logBytes, pageSizeIn(header), null)
    const pageSize = log?.headerIsWhole ? log.pageSize : pageSizeIn(header)
    const newest = new Map(
      (log?.frames.slice(0, committedFrames(log)) ?? []).map(({ pageNumber, page }) => [pageNumber, page]),
    )
    const readPage: ReadPage = (number) => {
      const logged = newest.get(number)
      if (logged) return logged
      const page = Buffer.alloc(pageSize)
      try {
        return readSync(file, page, 0, pageSize, (number - 1) * pageSize) === pageSize ? page : null
      } catch (error) {
        // A bad sector.
        if ((error as NodeJS.ErrnoException).code !== 'EIO') throw error
        return null
      }
    }
    const free = freePages(readPage)
    const last = Math.max(Math.floor(size / pageSize), ...newest.keys())
    for (let number = 1; number <= last; number += 1) {
      const page = free.has(number) ? null : readPage(number)
      if (!page) continue
      for (const record of recordsOn(page, number, readPage)) {
        const placed = placeOf(record, tables)
        if (placed) take(placed.table, placed.row)
      }
    }
  } finally {
    closeSync(file)
  }
}

/** Pages the file has given up still hold the rows that were there. Empty when the list cannot be read. */
function freePages(readPage: ReadPage): Set<number> {
  const free = new Set<number>()
  const first = readPage(1)
  if (!first?.toString('latin1', 0, 15).startsWith('SQLite format 3')) return free
  for (let trunk = first.readUInt32BE(32); trunk !== 0 && !free.has(trunk); ) {
    const page = readPage(trunk)
    if (!page) return free
    free.add(trunk)
    const count = Math.min(page.readUInt32BE(4), page.length / 4 - 2)
    for (let index = 0; index < count; index += 1) free.add(page.readUInt32BE(8 + index * 4))
    trunk = page.readUInt32BE(0)
  }
  return free
}

/** Names a row of ours; anything else that fits a table may be an entry of an index. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function placeOf(record: FoundRecord, tables: readonly Table[]): { table: Table; row: Row } | null {
  const fitting = tables.flatMap((table) => {
    const row = rowOf(record, table)
    return row ? [{ table, row }] : []
  })
  const proven = fitting.find(({ table, row }) => table.seal && isSealed(table.seal, row))
  if (proven) return proven
  const others = fitting.filter(({ table, row }) => !table.seal && uuid.test(String(row[table.key[0]!])))
  return others.length === 1 ? others[0]! : null
}

const kinds: Readonly<Record<string, (value: SqlValue) => boolean>> = {
  TEXT: (value) => typeof value === 'string',
  INTEGER: (value) => Number.isSafeInteger(value),
  REAL: (value) => typeof value === 'number',
  BLOB: (value) => value instanceof Uint8Array,
}

/** Null when the record cannot be a row of the table. */
function rowOf({ rowid, values }: FoundRecord, table: Table): Row | null {
  if (table.hasRowid !== (rowid !== null) || values.length !== table.columns.length) return null
  // Without rowids the key comes first.
  const names = table.columns.map(({ name }) => name)
  const order = table.hasRowid ? names : [...table.key, ...names.filter((name) => !table.key.includes(name))]
  const stored: Row = Object.fromEntries(order.map((name, index) => [name, values[index]!]))
  if (table.rowidColumn !== null && stored[table.rowidColumn] === null) stored[table.rowidColumn] = rowid
  const fits = table.columns.every(({ name, type, isRequired }) => {
    const value = stored[name] ?? null
    return value === null ? !isRequired : (kinds[type]?.(value) ?? true)
  })
  return fits ? stored : null
}
