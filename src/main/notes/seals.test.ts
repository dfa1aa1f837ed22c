import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrations } from '../storage/migrations/index.ts'
import { isSealed, sealOf } from '../storage/seals.ts'
import type { SqlValue } from '../storage/storage.ts'
import { onlyFolder } from './kill-scenario.ts'
import { fileTable, noteTables } from './note-tables.ts'
import { draft, type House, house } from './notes-testing.ts'

type Row = Record<string, SqlValue>

let home: House
beforeEach(async () => {
  home = await house()
})
afterEach(() => home.close())

const write = (bodies: Record<string, string>, runId: string) =>
  home.notes.write(
    home.input(
      Object.entries(bodies).map(([name, body]) => draft(name, body)),
      runId,
    ),
  )
const rowsOf = (table: string): Row[] => home.storage.all<Row>(`SELECT * FROM ${table}`)

/** A row in every table: written, displaced, taken, and asked for while the vault is away. */
async function fill(): Promise<{ folder: string; mine: Record<string, string> }> {
  await write({ summary: 'One.', quotes: 'One.', taken: 'One.' }, 'run-1')
  const folder = await onlyFolder(home.vault)
  await writeFile(join(folder, 'taken.md'), 'Taken away from me.')
  await write({ summary: 'Two.', taken: 'Two.' }, 'run-2')
  const listed = await home.notes.list('01900000-0000-7000-8000-000000000001')
  if (listed.ok) for (const note of listed.value) if (note.newerFileName) await home.notes.takeNew(note.id)
  const mine = { 'quotes.md': 'My own quotes.', 'diary.md': 'My diary.' }
  for (const [name, text] of Object.entries(mine)) await writeFile(join(folder, name), text)
  await rename(home.vault, `${home.vault}-away`)
  await write({ summary: 'Three.', quotes: 'Three.', taken: 'Three.', books: 'Three.' }, 'run-3')
  await rename(`${home.vault}-away`, home.vault)
  return { folder, mine }
}

test('every row of notes is sealed, through all that happens to it', async () => {
  const { folder } = await fill()
  const whole = (): void => {
    for (const table of noteTables) {
      expect(rowsOf(table.name).length, table.name).toBeGreaterThan(0)
      for (const row of rowsOf(table.name)) expect(isSealed(table, row), `${table.name} ${row.id}`).toBe(true)
    }
  }
  whole()
  await home.notes.recover()
  await home.notes.settled()
  whole()
  expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('Three.')
})

const rotten = (value: SqlValue): SqlValue => {
  if (typeof value === 'number') return value ^ 1
  if (typeof value !== 'string' || value === '') return 'rotten'
  const bytes = Buffer.from(value)
  bytes[bytes.length >> 1]! ^= 1
  return bytes.toString()
}

test('a row that rotted, in any column, never leads to a file of the user', async () => {
  const { folder, mine } = await fill()
  const snapshot = join(home.root, 'snapshot')
  const { cp, rm } = await import('node:fs/promises')
  await cp(home.vault, `${snapshot}-vault`, { recursive: true, preserveTimestamps: true })
  await cp(home.profile, `${snapshot}-profile`, { recursive: true })
  home.leave()
  for (const table of noteTables)
    for (const column of table.columns) {
      for (const part of ['vault', 'profile']) {
        await rm(join(home.root, part), { recursive: true })
        await cp(`${snapshot}-${part}`, join(home.root, part), { recursive: true })
      }
      const database = new DatabaseSync(join(home.profile, 'inkwell.sqlite'))
      database.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON')
      for (const row of database.prepare(`SELECT * FROM ${table.name}`).all() as Row[])
        try {
          const key = table.columns.includes('position') ? 'intent_id = ? AND position = ?' : 'id = ?'
          const keys = table.columns.includes('position') ? [row.intent_id!, row.position!] : [row.id!]
          database.prepare(`UPDATE ${table.name} SET ${column} = ? WHERE ${key}`).run(rotten(row[column]!), ...keys)
        } catch {
          // Such a change cannot be in the file: two rows would have one key.
        }
      database.close()
      home = await house({}, home.root)
      const step = `${table.name}.${column}`
      await home.notes.recover().catch(() => {})
      await write({ summary: 'Four.', quotes: 'Four.', books: 'Four.' }, 'run-4').catch(() => {})
      home.clock.ms += 40 * 86_400_000
      await home.notes.recover().catch(() => {})
      for (const [name, text] of Object.entries(mine))
        expect(await readFile(join(folder, name), 'utf8'), step).toBe(text)
      home.leave()
    }
  home = await house({}, home.root)
})

test('earlier profiles are sealed when they are opened, and what had rotted before stays so', async () => {
  const database = new DatabaseSync(':memory:')
  for (const migration of migrations.filter(({ version }) => version < 9)) {
    database.exec(migration.sql)
    migration.run?.(database)
  }
  const before = {
    ...fileTable,
    columns: fileTable.columns.filter((name) => !name.endsWith('_stamp') && name !== 'own_folder'),
  }
  const file = (id: string): Row => ({
    ...Object.fromEntries(before.columns.map((column) => [column, `${column} ${id}`])),
    id,
    folder_id: 'f',
    kind: 'template',
    state: 'current',
    written_at_ms: 1,
  })
  database.exec("INSERT INTO note_folders VALUES ('f', 'e', 'feed', '/vault', 'p', 'n', 'key', 1, 1)")
  for (const [id, sum] of [['whole'], ['rotten', 'no seal']])
    database
      .prepare(`INSERT INTO note_files VALUES (${before.columns.map(() => '?').join(', ')}, ?)`)
      .run(...before.columns.map((column) => file(id!)[column]!), sum ?? sealOf(before, file(id!)))
  database.exec(`
    INSERT INTO note_intents VALUES ('i', 'e', 'f', 'run', 'take', 1, NULL);
    INSERT INTO note_intent_files VALUES ('i', 0, 'whole', 'a', 'b', 'c', '{}', 0, NULL);
    INSERT INTO note_kept VALUES ('k', 'whole', 'e', '/t', '/k', 'a', 1, NULL);
    INSERT INTO note_history VALUES ('h', 'whole', 'e', 'n', 'a', 1);
  `)
  for (const migration of migrations.filter(({ version }) => version >= 9)) {
    database.exec(migration.sql)
    migration.run?.(database)
  }
  const broken = noteTables.flatMap((table) =>
    (database.prepare(`SELECT * FROM ${table.name}`).all() as Row[])
      .filter((row) => !isSealed(table, row))
      .map(({ id }) => id),
  )
  expect(broken).toEqual(['rotten'])
  expect(database.prepare('SELECT removes_sha256 FROM note_intent_files').get()).toEqual({ removes_sha256: 'b' })
  expect(database.prepare('PRAGMA foreign_key_list(note_intent_files)').all()).toMatchObject([
    { table: 'note_files' },
    { table: 'note_intents' },
  ])
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  database.close()
  expect(await readdir(home.vault)).toEqual([])
})
