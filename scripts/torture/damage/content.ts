import { DatabaseSync } from 'node:sqlite'
import { sealedTables } from '../../../src/main/compose/sealed-tables.ts'
import { isSealed } from '../../../src/main/storage/seals.ts'
import type { Reader, SqlParams, SqlValue, Storage } from '../../../src/main/storage/storage.ts'

export type Row = Readonly<Record<string, SqlValue>>
/** Every row of every table, as it is read, and every part of the structure. */
export interface Content {
  readonly rows: ReadonlyMap<string, readonly string[]>
  readonly structure: string
}

/** Tables that only say what a check or a start saw last. */
export const passing: ReadonlySet<string> = new Set(['health_report', 'health_marks', 'storage_notices', 'note_locks'])
const seals = new Map(sealedTables.map((table) => [table.name, table]))

/** Reads as the house does, through a connection that writes nothing. */
export function withReader<Value>(path: string, read: (storage: Storage) => Value): Value {
  const { storage, close } = openReader(path)
  try {
    return read(storage)
  } finally {
    close()
  }
}
export async function withReaderAsync<Value>(path: string, read: (storage: Storage) => Promise<Value>): Promise<Value> {
  const { storage, close } = openReader(path)
  try {
    return await read(storage)
  } finally {
    close()
  }
}

function openReader(path: string): { storage: Storage; close(): void } {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 1_000 })
  const close = (): void => database.close()
  const reader: Reader = {
    get: <Found>(sql: string, params: SqlParams = []) => database.prepare(sql).get(...params) as Found | undefined,
    all: <Found>(sql: string, params: SqlParams = []) => database.prepare(sql).all(...params) as Found[],
  }
  // A check that keeps how far it came.
  const nothing = (): never => undefined as never
  return { storage: { ...reader, write: nothing, writeUnaudited: nothing, dataVersion: () => 0, close }, close }
}

export function contentOf(reader: Reader): Content {
  const tables = reader
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .map(({ name }) => name)
    .filter((name) => !passing.has(name))
  return {
    rows: new Map(
      tables.map((name) => [
        name,
        reader.all<Row>(`SELECT * FROM "${name}" NOT INDEXED`).map((row) => JSON.stringify(row)),
      ]),
    ),
    structure: JSON.stringify(reader.all('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')),
  }
}

export interface Difference {
  readonly table: string
  readonly isSealed: boolean
  /** Rows that nobody wrote, and whose seal fits. */
  readonly accepted: readonly string[]
  /** Rows whose seal does not fit. */
  readonly rotten: number
  /** Rows that are away altogether. */
  readonly vanished: number
  /** What reads otherwise though no seal is over it. */
  readonly unsealed: readonly string[]
}

/** What reads otherwise than it was written, table by table. */
export function differences(before: Content, after: Content): Difference[] {
  const found: Difference[] = []
  for (const table of new Set([...before.rows.keys(), ...after.rows.keys()])) {
    const [was, is] = [before.rows.get(table) ?? [], after.rows.get(table) ?? []]
    const [old, now] = [new Set(was), new Set(is)]
    const gone = was.filter((row) => !now.has(row))
    const strange = is.filter((row) => !old.has(row))
    if (gone.length + strange.length + Math.abs(was.length - is.length) > 0)
      found.push(differenceOf(table, was, is, gone, strange))
  }
  return found
}

function differenceOf(
  table: string,
  was: readonly string[],
  is: readonly string[],
  gone: readonly string[],
  strange: readonly string[],
): Difference {
  const seal = seals.get(table)
  const unsealed = columnsOf(gone, strange)
  if (!seal) return { table, isSealed: false, accepted: [], rotten: 0, vanished: 0, unsealed }
  const underSeal = (row: string): string => {
    const values = JSON.parse(row) as Row
    return JSON.stringify(seal.columns.map((column) => values[column]))
  }
  const written = new Set(was.map(underSeal))
  const whole = strange.filter((row) => isSealed(seal, JSON.parse(row) as Row))
  const accepted = whole.filter((row) => !written.has(underSeal(row)))
  const rotten = strange.length - whole.length
  const vanished = Math.max(0, was.length - is.length)
  const isUnsealed = accepted.length + rotten + vanished === 0
  return { table, isSealed: true, accepted, rotten, vanished, unsealed: isUnsealed ? unsealed : [] }
}

function columnsOf(gone: readonly string[], strange: readonly string[]): string[] {
  if (gone.length !== 1 || strange.length !== 1) return ['rows']
  const [one, other] = [JSON.parse(gone[0]!) as Row, JSON.parse(strange[0]!) as Row]
  return Object.keys(one).filter((column) => one[column] !== other[column])
}
