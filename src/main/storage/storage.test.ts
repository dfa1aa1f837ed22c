import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail } from '#shared/result.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { openStorage, type Storage } from './storage.ts'

let folder: string
const clock = { now: () => 1_000 }
const open = (path = join(folder, 'inkwell.db')): Storage => {
  const opened = openStorage(path, { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}
const put = (storage: Storage, name: string, value: string): void =>
  storage.write('settings.set', (tx) => {
    tx.run('INSERT INTO settings (name, value_json, updated_at_ms) VALUES (?, ?, ?)', [name, value, 1])
    tx.audit(name, null, value)
  })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-storage-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('openStorage', () => {
  it('opens in WAL with full synchronisation, foreign keys and a long busy time-out', () => {
    const storage = open()
    const pragma = (name: string): unknown => Object.values(storage.get<object>(`PRAGMA ${name}`) ?? {})[0]
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('busy_timeout')]).toEqual([
      'wal',
      2,
      1,
      10_000,
    ])
    storage.close()
  })

  it('refuses a newer schema and leaves the file as it was', () => {
    const path = join(folder, 'inkwell.db')
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 999; CREATE TABLE t (a)')
    database.close()
    const before = readFileSync(path)
    expect(openStorage(path, { clock, origin: 'test' })).toMatchObject({
      ok: false,
      error: { code: 'profile-is-newer' },
    })
    expect(readFileSync(path)).toEqual(before)
  })

  it('says so when the file is not a database, and leaves it', () => {
    const path = join(folder, 'inkwell.db')
    writeFileSync(path, 'these are not the bytes of a database '.repeat(100))
    const before = readFileSync(path)
    expect(openStorage(path, { clock, origin: 'test' })).toMatchObject({ error: { code: 'database-damaged' } })
    expect(readFileSync(path)).toEqual(before)
  })
})

describe('migrations', () => {
  it('count up, each with a name of its own', () => {
    const versions = migrations.map(({ version }) => version)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(new Set(versions).size).toBe(versions.length)
    expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length)
  })

  it('copy the database aside first, and roll back the one that fails', () => {
    const path = join(folder, 'x.db')
    const database = new DatabaseSync(path)
    const first = { version: 1, name: 'one', sql: 'CREATE TABLE one (a); INSERT INTO one VALUES (1)' }
    expect(migrate(database, path, [first])).toMatchObject({ ok: true })
    const broken = { version: 2, name: 'two', sql: 'CREATE TABLE two (a); INSERT INTO nowhere VALUES (1)' }
    expect(migrate(database, path, [first, broken])).toMatchObject({ ok: false, error: { code: 'migration-failed' } })
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
    expect(database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'two'").get()).toEqual({ n: 0 })
    const copy = new DatabaseSync(`${path}.before-v2`)
    expect(copy.prepare('SELECT a FROM one').all()).toEqual([{ a: 1 }])
    expect(existsSync(`${path}.before-v1`)).toBe(false)
    copy.close()
    database.close()
  })

  it('take a step in JavaScript, and leave all as it was when a later one fails', () => {
    const database = new DatabaseSync(':memory:')
    const one = {
      version: 1,
      name: 'one',
      sql: 'CREATE TABLE one (a)',
      run: (of: DatabaseSync) => void of.prepare('INSERT INTO one VALUES (?)').run('from run'),
    }
    const fails = { version: 2, name: 'two', sql: '', run: () => JSON.parse('{') }
    expect(migrate(database, ':memory:', [one, fails])).toMatchObject({ ok: false })
    expect(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 })
    expect(migrate(database, ':memory:', [one])).toMatchObject({ ok: true, value: { from: 0, to: 1 } })
    expect(database.prepare('SELECT a FROM one').all()).toEqual([{ a: 'from run' }])
    database.close()
  })
})

describe('write', () => {
  it('commits the change and its audit row together', () => {
    const storage = open()
    put(storage, 'theme', '"dark"')
    expect(storage.all('SELECT action, origin, subject, after_json FROM audit')).toEqual([
      { action: 'settings.set', origin: 'test', subject: 'theme', after_json: '"\\"dark\\""' },
    ])
    storage.close()
  })

  it('rolls all of it back when the change throws', () => {
    const storage = open()
    expect(() =>
      storage.write('settings.set', (tx) => {
        tx.run("INSERT INTO settings VALUES ('a', '1', 1, '')")
        tx.audit('a', null, 1)
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(storage.all('SELECT * FROM settings')).toEqual([])
    expect(storage.all('SELECT * FROM audit')).toEqual([])
    put(storage, 'next', '1')
    storage.close()
  })

  it('rolls all of it back when the change answers a failure, and hands it on', () => {
    const storage = open()
    const refused = storage.write('settings.set', (tx) => {
      tx.run("INSERT INTO settings VALUES ('a', '1', 1, '')")
      tx.audit('a', null, 1)
      return fail('stale', 'Somebody else was here.')
    })
    expect(refused).toMatchObject({ ok: false, error: { code: 'stale' } })
    expect(storage.all('SELECT * FROM settings')).toEqual([])
    expect(storage.all('SELECT * FROM audit')).toEqual([])
    put(storage, 'next', '1')
    storage.close()
  })

  it('refuses a change without an audit row, and one that waits', () => {
    const storage = open()
    expect(() =>
      storage.write('settings.set', (tx) => tx.run("INSERT INTO settings VALUES ('a', '1', 1, '')")),
    ).toThrow('no audit row')
    expect(() => storage.writeUnaudited(async () => {})).toThrow('cannot wait')
    expect(storage.all('SELECT * FROM settings')).toEqual([])
    storage.close()
  })

  it('goes on in the trail when the number of its last row has rotted', () => {
    const storage = open()
    for (const value of ['1', '2', '3']) put(storage, `a${value}`, value)
    storage.writeUnaudited((tx) => tx.run('UPDATE sqlite_sequence SET seq = 1'))
    put(storage, 'b', '4')
    expect(storage.all('SELECT id FROM audit ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }])
    storage.close()
  })

  it('is seen by another connection, whose data version grows', () => {
    const one = open()
    const two = open()
    const before = two.dataVersion()
    put(one, 'a', '1')
    expect(two.dataVersion()).not.toBe(before)
    expect(two.all('SELECT name FROM settings')).toEqual([{ name: 'a' }])
    one.close()
    two.close()
  })
})
