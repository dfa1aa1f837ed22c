import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealedTables } from '../compose/sealed-tables.ts'
import { goldenVersions, unpackGoldenProfile } from './golden-profile.ts'
import { migrations } from './migrations/index.ts'
import { isSealed } from './seals.ts'
import { openStorage } from './storage.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'inkwell-golden-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const clock = { now: () => Date.UTC(2026, 10, 24) }
type Rows = Record<string, Record<string, unknown>[]>
function rowsOf(path: string): Rows {
  const database = new DatabaseSync(path, { readOnly: true })
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => name as string)
  const rows = Object.fromEntries(names.map((name) => [name, database.prepare(`SELECT * FROM ${name}`).all()])) as Rows
  database.close()
  return rows
}

test.each(goldenVersions)('schema %i comes to the last one with every row as it was', async (version) => {
  const { profilePath } = unpackGoldenProfile(version, root)
  const path = join(profilePath, 'inkwell.db')
  const before = rowsOf(path)
  const opened = await openStorage(path, { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  expect(opened.value.get('PRAGMA user_version')).toEqual({ user_version: migrations.at(-1)!.version })
  expect(opened.value.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(opened.value.all('PRAGMA foreign_key_check')).toEqual([])
  opened.value.close()
  const after = rowsOf(path)
  for (const [table, rows] of Object.entries(before))
    expect(after[table], table).toMatchObject(
      rows.map((row) => ({ ...row, ...(row.row_sha256 ? { row_sha256: expect.any(String) } : {}) })),
    )
  for (const table of sealedTables)
    for (const row of after[table.name] ?? [])
      expect(isSealed(table, row as never), `${table.name} ${row[table.key]}`).toBe(true)
})

test('the golden texts are the ones that were written', () => {
  const { profilePath } = unpackGoldenProfile(5, root)
  const blobs = readdirSync(join(profilePath, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expect(blobs.length).toBeGreaterThan(5)
  for (const blob of blobs) {
    const path = join(blob.parentPath, blob.name)
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(basename(path))
  }
})
