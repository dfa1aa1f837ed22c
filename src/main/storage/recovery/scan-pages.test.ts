import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type SealedTable, sealOf } from '../seals.ts'
import { scanPages } from './scan-pages.ts'
import { type Row, type Table, tablesOf } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'inkwell-scan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'inkwell.db')
const notes: SealedTable = { name: 'notes', key: 'id', columns: ['id', 'words'] }
const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
let tables: Table[]

beforeAll(() => {
  const database = new DatabaseSync(path)
  database.exec(`
    CREATE TABLE notes (id TEXT PRIMARY KEY, words TEXT NOT NULL, row_sha256 TEXT NOT NULL) STRICT;
    CREATE TABLE plain (id TEXT PRIMARY KEY, words TEXT NOT NULL, at_ms INTEGER NOT NULL, more TEXT) STRICT;
    CREATE TABLE keys (kind TEXT, id TEXT, value TEXT NOT NULL, PRIMARY KEY (id, kind)) STRICT, WITHOUT ROWID;
  `)
  const addNote = (n: number, more: string): void => {
    const row = { id: id(n), words: `Note ${n} ${'goes on '.repeat(n * 300)}` }
    database.exec(`INSERT INTO notes VALUES ('${row.id}', '${row.words}', '${sealOf(notes, row)}'${more})`)
  }
  for (let n = 0; n < 5; n += 1) addNote(n, '')
  database.exec('ALTER TABLE notes ADD COLUMN later TEXT')
  for (let n = 5; n < 8; n += 1) addNote(n, ", 'x'")
  for (let n = 0; n < 40; n += 1) {
    database.exec(`INSERT INTO plain VALUES ('${id(n)}', 'Plain ${n}', ${n}, NULL)`)
    database.exec(`INSERT INTO keys VALUES ('guid', '${id(n)}', 'v${n}')`)
  }
  tables = tablesOf(database, [notes])
  database.close()
})

function scan(wanted: string, isKnown: (marks: readonly unknown[]) => boolean = () => false): Row[] {
  const found: Row[] = []
  scanPages(
    path,
    tables,
    new Set([wanted]),
    (_, marks) => isKnown(marks),
    (table, row) => {
      expect(table.name).toBe(wanted)
      found.push(row)
    },
  )
  return found.sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1))
}

it('finds sealed rows, those from before a column was added too, and long ones with what hangs on their page', () => {
  const rows = scan('notes')
  expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 8 }, (_, n) => id(n)))
  expect(rows.map(({ later }) => later)).toEqual([null, null, null, null, null, 'x', 'x', 'x'])
  expect(rows.map(({ words }) => String(words).length)).toEqual(Array.from({ length: 8 }, (_, n) => 7 + n * 2_400))
})

it('finds rows without a seal, and in tables without rowids', () => {
  expect(scan('plain')).toHaveLength(40)
  expect(scan('keys').map(({ kind, value }) => `${kind} ${value}`)).toContain('guid v39')
})

it('gives none that is known by its key, or with a seal by that too', () => {
  expect(scan('plain', ([key]) => key === id(3))).toHaveLength(39)
  const [first] = scan('notes')
  expect(scan('notes', ([key, seal]) => key === id(0) && seal === first!.row_sha256)).toHaveLength(7)
  expect(scan('notes', ([key, seal]) => key === id(0) && seal === 'another')).toHaveLength(8)
})
