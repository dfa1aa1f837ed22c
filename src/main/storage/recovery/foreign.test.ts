import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { ok } from '#shared/result.ts'
import { openProfile } from '../open-profile.ts'
import type { GoodCopy } from './good-copies.ts'
import { addFeeds, countRows, databaseOf, openTestProfile, testOptions } from './recovery-testing.ts'

const root = mkdtempSync(join(tmpdir(), 'inkwell-foreign-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let profile: string
let path: string
let copy: GoodCopy

beforeEach(async () => {
  profile = mkdtempSync(join(root, 'profile-'))
  path = databaseOf(profile)
  const { storage } = await openTestProfile(profile)
  addFeeds(storage, 0, 20)
  storage.close()
  const kept = `${profile}-copy.db`
  cpSync(path, kept)
  const extractTo: GoodCopy['extractTo'] = async (to) => {
    cpSync(kept, to)
    return ok(null)
  }
  copy = { label: 'the backup', madeAtMs: 1, extractTo }
})

const make = (version: number, sql: string): void => {
  rmSync(path)
  const database = new DatabaseSync(path)
  database.exec(`${sql}; PRAGMA user_version = ${version}`)
  database.close()
}

it.each([
  ['of another program', 0, 'CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)'],
  ['of another program that counts its schemas', 9, 'CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)'],
  ['without a table', 0, 'VACUUM'],
])('a sound database %s is set aside, never written to, and the copy is used', async (_, version, sql) => {
  make(version, sql)
  const before = readFileSync(path, 'hex')
  const { storage, notices } = await openTestProfile(profile, { goodCopies: { list: async () => [copy] } })
  expect(countRows(storage).feeds).toBe(20)
  expect(notices.list()).toMatchObject([{ kind: 'recovered' }])
  storage.close()
  const [stamp] = readdirSync(join(profile, 'quarantine'))
  expect(readFileSync(join(profile, 'quarantine', stamp!, 'inkwell.db'), 'hex')).toBe(before)
})

it('an empty database of a profile that was never used is a new one', async () => {
  const fresh = mkdtempSync(join(root, 'fresh-'))
  const database = new DatabaseSync(databaseOf(fresh))
  database.exec('VACUUM')
  database.close()
  const { storage, notices } = await openTestProfile(fresh)
  expect(notices.list()).toEqual([])
  storage.close()
})

it('a link whose target is away is refused and left, and followed when it is back', async () => {
  const elsewhere = join(root, 'disk')
  mkdirSync(elsewhere, { recursive: true })
  const target = join(elsewhere, 'inkwell.db')
  cpSync(path, target)
  rmSync(path)
  symlinkSync(target, path)
  cpSync(target, `${target}.away`)
  rmSync(target)
  const refused = await openProfile(testOptions(profile))
  expect(refused).toMatchObject({ ok: false, error: { retryable: true } })
  expect(refused.ok || refused.error.message).toMatch(/is a link to a file that is not there.*Nothing was changed/)
  expect(existsSync(join(profile, 'quarantine'))).toBe(false)
  cpSync(`${target}.away`, target)
  const { storage, notices } = await openTestProfile(profile)
  expect(countRows(storage).feeds).toBe(20)
  expect(notices.list()).toEqual([])
  storage.close()
})

it('counts as brought back only what is there afterwards', async () => {
  const page = Buffer.from(readFileSync(path))
  // The schema is lost, so that every page is gone through; indexes look like rows there.
  page.fill(0, 0, 4_096)
  writeFileSync(path, page)
  const { storage, notices } = await openTestProfile(profile, { goodCopies: { list: async () => [copy] } })
  expect(notices.list()[0]!.detail).toMatch(/and 0 rows that were newer/)
  storage.close()
})

it('takes nothing of a file that lost its log and is older than the copy', async () => {
  const { storage } = await openTestProfile(profile)
  storage.write('feeds.rename', (tx) => {
    tx.run("DELETE FROM episode_keys WHERE key = 'guid-3'")
    tx.audit('feed:1', null, { renamed: true })
  })
  const now = `${profile}-now.db`
  const reader = new DatabaseSync(path)
  reader.exec(`VACUUM INTO '${now}'`)
  reader.close()
  // As a kill leaves it, without its log.
  const killed = mkdtempSync(join(root, 'killed-'))
  for (const name of ['inkwell.db', 'inkwell.db-shm', 'profile-made.json'])
    cpSync(join(profile, name), join(killed, name))
  storage.close()
  const later: GoodCopy = {
    ...copy,
    extractTo: async (to) => {
      cpSync(now, to)
      return ok(null)
    },
  }
  const again = await openTestProfile(killed, { goodCopies: { list: async () => [later] } })
  expect(again.notices.list()[0]!.detail).toMatch(/and 0 rows that were newer/)
  expect(countRows(again.storage)).toMatchObject({ feeds: 20, keys: 39 })
  again.storage.close()
})
