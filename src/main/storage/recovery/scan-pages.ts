import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { isSealed } from '../seals.ts'
import type { SqlValue } from '../storage.ts'
import { errorCode } from '../write-file.ts'
import { pageSizeIn } from './damage.ts'
import { type FoundRecord, isTableLeaf, type ReadPage, recordsOn } from './records.ts'
import { marksOf, type Row, type Table } from './tables.ts'
import { committedFrames, readWal } from './wal.ts'

/** Whether a row is there already. @param marks values of `marksOf` */
export type IsKnown = (table: Table, marks: readonly (SqlValue | undefined)[]) => boolean

/**
 * Goes through every page of a file and its log without asking SQLite, for rows of the tables `wanted` that it cannot
 * reach any more: the schema or the way to a page is gone, the page is not. A row with a checksum proves itself which
 * table it is of; one without is taken when it fits one table only.
 */
export function scanPages(
  path: string,
  tables: readonly Table[],
  wanted: ReadonlySet<string>,
  isKnown: IsKnown,
  take: (table: Table, row: Row) => void,
): void {
  const byShape = new Map<string, Table[]>()
  for (const table of tables)
    for (let columns = fewestColumns(table); columns <= table.columns.length; columns += 1) {
      const shape = shapeOf(table.hasRowid, columns)
      byShape.set(shape, [...(byShape.get(shape) ?? []), table])
    }
  const fittingOf = ({ rowid, columns }: FoundRecord): readonly Table[] =>
    byShape.get(shapeOf(rowid !== null, columns)) ?? []
  const isOfWanted = (record: FoundRecord): boolean => fittingOf(record).some(({ name }) => wanted.has(name))
  const isOfTable = new Set(tables.filter(({ name }) => wanted.has(name)).map(({ hasRowid }) => hasRowid))
  const places = new Map(tables.map((table) => [table, placesOf(table)]))
  const marksIn = ({ rowid, value }: FoundRecord, table: Table): (SqlValue | undefined)[] =>
    places.get(table)!.map((at) => (at < 0 ? (rowid ?? undefined) : value(at)))
  const mayBeNew = (record: FoundRecord, fitting: readonly Table[]): boolean =>
    fitting.some((table) => wanted.has(table.name) && !isKnown(table, marksIn(record, table)))
  const pages = openPages(path)
  try {
    const free = freePages(pages.read)
    for (let number = 1; number <= pages.last; number += 1) {
      const page = free.has(number) ? null : pages.read(number)
      if (!page || !isOfTable.has(isTableLeaf(page, number))) continue
      for (const record of recordsOn(page, number, pages.read, isOfWanted)) {
        const fitting = fittingOf(record)
        const placed = mayBeNew(record, fitting) ? placeOf(record, fitting) : null
        if (placed && wanted.has(placed.table.name)) take(placed.table, placed.row)
      }
    }
  } finally {
    pages.close()
  }
}

/** Where the marks of a table stand in its records; -1 for the rowid. */
const placesOf = (table: Table): number[] =>
  marksOf(table).map((name) => (name === table.rowidColumn ? -1 : storedOrder(table).indexOf(name)))

/** Without rowids the key comes first. */
function storedOrder({ hasRowid, columns, key }: Table): readonly string[] {
  const names = columns.map(({ name }) => name)
  return hasRowid ? names : [...key, ...names.filter((name) => !key.includes(name))]
}

/** A row from before a column was added does not have it; only a seal can tell such a row from one of another table. */
const fewestColumns = ({ seal, columns }: Table): number =>
  seal ? columns.findLastIndex(({ isRequired }) => isRequired) + 1 : columns.length

const shapeOf = (hasRowid: boolean, columns: number): string => `${hasRowid}:${columns}`

/** Pages as they were after the last commit, each also when SQLite makes nothing of the file. */
interface Pages {
  readonly last: number
  readonly read: ReadPage
  close(): void
}

function openPages(path: string): Pages {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  const header = Buffer.alloc(100)
  if (size > 0) readSync(file, header, 0, 100, 0)
  const logBytes = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0)
  const log = readWal(logBytes, pageSizeIn(header), null)
  const pageSize = log?.headerIsWhole ? log.pageSize : pageSizeIn(header)
  const newest = new Map(
    (log?.frames.slice(0, committedFrames(log)) ?? []).map(({ pageNumber, page }) => [pageNumber, page]),
  )
  const perPiece = Math.max(1, Math.floor(pieceBytes / pageSize))
  let piece: Buffer = Buffer.alloc(0)
  let firstOfPiece = 0
  return {
    last: Math.max(Math.floor(size / pageSize), ...newest.keys()),
    read: (number) => {
      const logged = newest.get(number)
      if (logged) return logged
      const first = number - ((number - 1) % perPiece)
      if (first !== firstOfPiece) {
        piece = readPages(file, pageSize, first, perPiece)
        firstOfPiece = first
      }
      const at = (number - first) * pageSize
      return at + pageSize <= piece.length ? piece.subarray(at, at + pageSize) : null
    },
    close: () => closeSync(file),
  }
}

const pieceBytes = 262_144

/** Those on a bad sector are zeros. */
function readPages(file: number, pageSize: number, first: number, count: number): Buffer {
  const pages = Buffer.allocUnsafe(count * pageSize)
  try {
    return pages.subarray(0, readSync(file, pages, 0, pages.length, (first - 1) * pageSize))
  } catch (error) {
    if (errorCode(error) !== 'EIO') throw error
    if (count === 1) return pages.fill(0)
    return Buffer.concat(Array.from({ length: count }, (_, index) => readPages(file, pageSize, first + index, 1)))
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

/** @param tables of its shape */
function placeOf(record: FoundRecord, tables: readonly Table[]): { table: Table; row: Row } | null {
  const values = record.values()
  if (!values) return null
  const fitting = tables.flatMap((table) => {
    const row = rowOf(record.rowid, values, table)
    return row ? [{ table, row }] : []
  })
  const proven = fitting.find(({ table, row }) => table.seal && isSealed(table.seal, row))
  if (proven) return proven
  const others = fitting.filter(
    ({ table, row }) => (!table.seal || table.seal.comesAgain) && uuid.test(String(row[table.key[0]!])),
  )
  return others.length === 1 ? others[0]! : null
}

const kinds: Readonly<Record<string, (value: SqlValue) => boolean>> = {
  TEXT: (value) => typeof value === 'string',
  INTEGER: (value) => Number.isSafeInteger(value),
  REAL: (value) => typeof value === 'number',
  BLOB: (value) => value instanceof Uint8Array,
}

/** Null when the record cannot be a row of the table. */
function rowOf(rowid: number | null, values: readonly SqlValue[], table: Table): Row | null {
  const stored: Row = Object.fromEntries(storedOrder(table).map((name, index) => [name, values[index] ?? null]))
  if (table.rowidColumn !== null && stored[table.rowidColumn] === null) stored[table.rowidColumn] = rowid
  const fits = table.columns.every(({ name, type, isRequired }) => {
    const value = stored[name] ?? null
    return value === null ? !isRequired : (kinds[type]?.(value) ?? true)
  })
  return fits ? stored : null
}
