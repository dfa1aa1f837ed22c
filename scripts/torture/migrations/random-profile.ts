import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sealOf } from '../../../src/main/storage/seals.ts'
import type { SqlValue } from '../../../src/main/storage/storage.ts'
import type { Random } from '../random.ts'
import { oldNoteFiles } from './rows.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly pk: number
}
/** Parents before their children. */
const order = [
  [
    'settings',
    'audit',
    'feeds',
    'feed_moves',
    'episodes',
    'episode_keys',
    'transcripts',
    'jobs',
    'job_steps',
    'job_log',
  ],
  ['note_folders', 'note_files', 'note_intents', 'note_intent_files', 'note_kept', 'note_history', 'note_locks'],
].flat()

/** A database of a released schema with rows that nobody would think of. Every tenth row of the manifest has rotted. */
export function layRandomDatabase(version: number, path: string, random: Random): void {
  const schema = readFileSync(
    new URL(`../../../src/main/storage/golden/schema-${version}.sql`, import.meta.url),
    'utf8',
  )
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true })
  try {
    database.exec(schema)
    database.exec('BEGIN')
    for (const table of order.filter((name) => schema.includes(`CREATE TABLE ${name} (`)))
      for (let count = random.below(30); count > 0; count--) insertRandom(database, schema, table, random)
    database.exec('COMMIT')
    database.exec('PRAGMA journal_mode = WAL')
  } finally {
    database.close()
  }
}

function insertRandom(database: DatabaseSync, schema: string, table: string, random: Random): void {
  const columns = database.prepare(`PRAGMA table_info(${table})`).all() as unknown as Column[]
  const text = schema.slice(schema.indexOf(`CREATE TABLE ${table} (`))
  const row: Record<string, SqlValue> = {}
  for (const column of columns) {
    const { name, notnull, pk } = column
    const rule = new RegExp(`^\\s*${name} .*$`, 'm').exec(text.slice(0, text.indexOf(') STRICT')))?.[0] ?? ''
    const parent = /REFERENCES (\w+) \((\w+)\)/.exec(rule)
    const allowed = /CHECK \(\w+ IN \(([^)]*)\)\)/
      .exec(rule)?.[1]
      ?.split(',')
      .map((one) => one.trim().slice(1, -1))
    if (table === 'audit' && name === 'id') row[name] = null
    else if (table === 'job_log' && name === 'id') row[name] = null
    else if (notnull === 0 && pk === 0 && random.below(4) === 0) row[name] = null
    else if (parent) {
      const found = database.prepare(`SELECT ${parent[2]} AS id FROM ${parent[1]} ORDER BY random() LIMIT 1`).get()
      if (!found) return
      row[name] = found.id as SqlValue
    } else if (allowed) row[name] = allowed[random.below(allowed.length)]!
    else if (name === 'is_current') row[name] = 0
    else row[name] = anyValue(column, random)
  }
  if (table === 'note_files') row.row_sha256 = random.below(10) === 0 ? 'f'.repeat(64) : sealOf(oldNoteFiles, row)
  const names = Object.keys(row)
  try {
    database
      .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...names.map((name) => row[name]!))
  } catch (error) {
    // Two rows that may not both be there.
    if (!/UNIQUE constraint/.test((error as Error).message)) throw error
  }
}

const words = [
  '',
  'null',
  "O'Brien",
  '"quoted"',
  '🌊 tide',
  'a\nb\r\nc',
  '\u0000after',
  'e\u0301',
  'x'.repeat(5_000),
  '\ud800',
]
const json = ['null', '[]', '{}', '"ü"', '{"a":[1,2.5,"\\ud83c\\udf0a"]}', '[{"role":"host","name":"O\'Brien"}]']
const numbers = [0, 1, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1, 1_795_451_074_689]
function anyValue({ name, type }: Column, random: Random): SqlValue {
  const one = <Item>(items: readonly Item[]): Item => items[random.below(items.length)]!
  if (type === 'INTEGER') return random.below(2) === 0 ? one(numbers) : random.below(1_000_000)
  if (type === 'REAL') return random.below(2) === 0 ? 0.1 + 0.2 : random.next() * 1e9
  if (name.endsWith('_json')) return one(json)
  if (name.endsWith('sha256')) return random.next().toString(16).slice(2).padEnd(64, '0').slice(0, 64)
  return `${one(words)}${random.below(1_000_000).toString(36)}`
}
