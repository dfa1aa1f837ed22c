import type { SqlValue } from '../storage.ts'

/** Rows as they lie on a page (sqlite.org/fileformat2.html#b_tree_pages, #record_format). */
export interface FoundRecord {
  /** Null in an index or a table without rowids. */
  readonly rowid: number | null
  readonly columns: number
  /** One of them; undefined when it is not on this page. */
  value(index: number): SqlValue | undefined
  /** Null when they do not hang together. */
  values(): readonly SqlValue[] | null
}
export type ReadPage = (number: number) => Buffer | null

/** Interior pages of tables hold no rows; those of indexes, which tables without rowids are, do. */
const tableLeaf = 13
const indexLeaf = 10
const indexInterior = 2

/** Of a table with rowids; others lie on pages of indexes. */
export const isTableLeaf = (page: Buffer, number: number): boolean => page[number === 1 ? 100 : 0] === tableLeaf

/** As many as say of a page whose records it holds. */
const sampledRecords = 4

/**
 * Records of a page; those that do not hang together are left out.
 * @param number page 1 has the file's header first
 * @param isWanted by shape; a page whose first records are not is of another table
 */
export function recordsOn(
  page: Buffer,
  number: number,
  readPage: ReadPage,
  isWanted: (record: FoundRecord) => boolean,
): FoundRecord[] {
  const start = number === 1 ? 100 : 0
  const kind = page[start]
  if (kind !== tableLeaf && kind !== indexLeaf && kind !== indexInterior) return []
  const cells = page.readUInt16BE(start + 3)
  const first = start + (kind === indexInterior ? 12 : 8)
  const found: FoundRecord[] = []
  let others = 0
  for (let index = 0; index < cells && first + 2 + index * 2 <= page.length; index += 1) {
    try {
      // Before the cell of an interior page stands the number of its child.
      const at = page.readUInt16BE(first + index * 2) + (kind === indexInterior ? 4 : 0)
      const record = cellAt(page, at, kind === tableLeaf, readPage)
      if (record && isWanted(record)) found.push(record)
      else if (record) others += 1
      if (others === sampledRecords && found.length === 0) return found
    } catch (error) {
      // Lengths that point outside of the page.
      if (!(error instanceof RangeError)) throw error
    }
  }
  return found
}

function cellAt(page: Buffer, at: number, isTable: boolean, readPage: ReadPage): FoundRecord | null {
  const size = varint(page, at)
  const rowid = isTable ? varint(page, size.next) : null
  const start = rowid?.next ?? size.next
  const local = localBytes(page.length, size.value, isTable)
  if (start + local > page.length) return null
  const here = page.subarray(start, start + local)
  const header = varint(here, 0)
  const kinds: number[] = []
  for (let next = header.next; next < header.value; ) {
    const kind = varint(here, next)
    kinds.push(kind.value)
    next = kind.next
  }
  return {
    rowid: rowid?.value ?? null,
    columns: kinds.length,
    value: (index) => {
      let from = header.value
      for (let before = 0; before < index; before += 1) from += lengthOf(kinds[before]!) ?? here.length
      const length = lengthOf(kinds[index]!)
      return length === null || from + length > here.length ? undefined : valueAt(here, from, kinds[index]!, length)
    },
    values: () => {
      const payload = payloadAt(page, start, size.value, here, readPage)
      return payload && valuesOf(payload, header.value, kinds)
    },
  }
}

/** How much of a record lies on the page itself; the rest hangs on it. */
function localBytes(usable: number, size: number, isTable: boolean): number {
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23
  const fits = least + ((size - least) % (usable - 4))
  return size <= most ? size : fits <= most ? fits : least
}

function payloadAt(page: Buffer, at: number, size: number, here: Buffer, readPage: ReadPage): Buffer | null {
  const local = here.length
  const usable = page.length
  if (size > longestBytes) return null
  const parts = [here]
  let missing = size - local
  for (let next = missing > 0 ? page.readUInt32BE(at + local) : 0; missing > 0; ) {
    const overflow = next === 0 ? null : readPage(next)
    if (!overflow) return null
    parts.push(overflow.subarray(4, 4 + Math.min(missing, usable - 4)))
    missing -= Math.min(missing, usable - 4)
    next = overflow.readUInt32BE(0)
  }
  return parts.length === 1 ? here : Buffer.concat(parts)
}

function valuesOf(payload: Buffer, start: number, kinds: readonly number[]): SqlValue[] | null {
  const values: SqlValue[] = []
  let at = start
  for (const kind of kinds) {
    const length = lengthOf(kind)
    if (length === null || at + length > payload.length) return null
    values.push(valueAt(payload, at, kind, length))
    at += length
  }
  return at === payload.length ? values : null
}

const longestBytes = 256 * 1_048_576
const fixed = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const
function lengthOf(kind: number): number | null {
  if (kind < fixed.length) return fixed[kind]!
  return kind < 12 ? null : Math.floor((kind - 12) / 2)
}

function valueAt(payload: Buffer, at: number, kind: number, length: number): SqlValue {
  if (kind === 0) return null
  if (kind === 7) return payload.readDoubleBE(at)
  if (kind === 6) {
    const whole = payload.readBigInt64BE(at)
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole
  }
  if (kind < 6) return payload.readIntBE(at, length)
  if (kind < 10) return kind - 8
  const bytes = payload.subarray(at, at + length)
  return kind % 2 === 0 ? Uint8Array.from(bytes) : bytes.toString('utf8')
}

/** Up to nine bytes, the high bit says that more follow. */
function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes.readUInt8(at + index)
    value = value * 128 + (byte & 127)
    if (byte < 128) return { value, next: at + index + 1 }
  }
  return { value: value * 256 + bytes.readUInt8(at + 8), next: at + 9 }
}
