import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fail, ok } from '#shared/result.ts'
import { openProfile } from '../open-profile.ts'
import type { GoodCopy } from './good-copies.ts'
import { addFeeds, type Counted, countRows, databaseOf, openTestProfile, testOptions } from './recovery-testing.ts'
import { readWal } from './wal.ts'

let root: string
/** Closed in order, and as a kill leaves it: with a log. */
let closed: string
let killed: string
let profile: string
let next = 0
let added = 900
const pageBytes = 4_096
const all: Counted = { feeds: 60, episodes: 120, keys: 120, settings: 60, audit: 60 }
const logged: Counted = { feeds: 10, episodes: 20, keys: 20, settings: 10, audit: 10 }

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inkwell-recovery-'))
  closed = join(root, 'closed')
  killed = join(root, 'killed')
  const first = await openTestProfile(closed)
  addFeeds(first.storage, 0, 50)
  first.storage.close()
  const second = await openTestProfile(closed)
  addFeeds(second.storage, 50, 60)
  cpSync(closed, killed, { recursive: true })
  second.storage.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))
beforeEach(() => {
  next += 1
  profile = join(root, `profile-${next}`)
})

const take = (from: string): string => {
  cpSync(from, profile, { recursive: true })
  return databaseOf(profile)
}
const change = (path: string, edit: (bytes: Buffer) => Buffer | undefined): void => {
  const bytes = readFileSync(path)
  writeFileSync(path, edit(bytes) ?? bytes)
}
const zeroPage = (path: string, page: number): void =>
  change(path, (bytes) => void bytes.fill(0, (page - 1) * pageBytes, page * pageBytes))
const bytesIn = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'hex')]))

const sumOf = (counts: Counted): number => Object.values(counts).reduce((sum, n) => sum + n, 0)

/** Opens, and answers what is there and what was said. */
async function reopened(more: Parameters<typeof openTestProfile>[1] = {}) {
  const { storage, notices } = await openTestProfile(profile, more)
  const answer = { counts: countRows(storage), told: notices.list().filter(({ kind }) => kind === 'recovered') }
  expect(storage.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(storage.all('PRAGMA foreign_key_check')).toEqual([])
  added += 1
  addFeeds(storage, added, added + 1)
  storage.close()
  return answer
}

describe('a damaged file', () => {
  const inFile: [string, (path: string) => void, Partial<Counted>][] = [
    ['a garbage header', (path) => change(path, (bytes) => void bytes.fill(0x41, 0, 100)), all],
    ['its first page lost', (path) => zeroPage(path, 1), all],
    ['its second page lost', (path) => zeroPage(path, 2), all],
    ['zeros after a power cut', (path) => change(path, (bytes) => void bytes.fill(0)), { feeds: 0 }],
    ['other bytes', (path) => writeFileSync(path, 'not a database '.repeat(2_000)), { feeds: 0 }],
    ['no bytes', (path) => truncateSync(path), { feeds: 0 }],
    ['no file', (path) => rmSync(path), { feeds: 0 }],
    ['text that is said to be UTF-16', (path) => change(path, (bytes) => void bytes.writeUInt32BE(3, 56)), {}],
  ]
  it.each(inFile)(
    'with %s is set aside unchanged, and what can be read is brought back',
    async (_, damage, expected) => {
      const path = take(closed)
      damage(path)
      const before = existsSync(path) ? readFileSync(path, 'hex') : null
      const { counts, told } = await reopened()
      expect(counts).toMatchObject(expected)
      const [stamp] = readdirSync(join(profile, 'quarantine'))
      const aside = bytesIn(join(profile, 'quarantine', stamp!))
      expect(aside.get('inkwell.db') ?? null).toBe(before)
      expect(aside.has('manifest.txt')).toBe(true)
      expect(told).toMatchObject([{ keptIn: `quarantine/${stamp}` }])
      expect(readdirSync(profile)).not.toContain('recovery.json')
      expect((await reopened()).told).toHaveLength(1)
    },
  )

  it.each([0.95, 0.8])('cut to %f of its length gives what is left', async (part) => {
    const path = take(closed)
    truncateSync(path, Math.floor(statSync(path).size * part))
    const { counts, told } = await reopened()
    expect(told).toHaveLength(1)
    expect(sumOf(counts)).toBeGreaterThan(0)
    expect(sumOf(counts)).toBeLessThan(sumOf(all))
  })

  it('gives all rows but those of the page that is lost, wherever it is', async () => {
    const size = statSync(databaseOf(closed)).size / pageBytes
    for (let page = 3; page <= size; page += Math.ceil(size / 12)) {
      rmSync(profile, { recursive: true, force: true })
      zeroPage(take(closed), page)
      const { counts } = await reopened()
      const lost = sumOf(all) - sumOf(counts)
      expect(lost, `page ${page}`).toBeLessThan(60)
      expect(counts.audit + counts.settings + counts.feeds, `page ${page}`).toBeGreaterThan(120)
    }
  })
})

describe('a damaged log', () => {
  const before = { feeds: all.feeds - logged.feeds, audit: all.audit - logged.audit }
  it.each<[string, (log: string) => void, Partial<Counted>]>([
    [
      'a flipped bit',
      (log) => change(log, (bytes) => void bytes.writeUInt8(bytes[20_000]! ^ 4, 20_000)),
      { audit: 60, settings: 60 },
    ],
    ['a flipped bit in its head', (log) => change(log, (bytes) => void bytes.writeUInt8(bytes[17]! ^ 1, 17)), all],
    ['garbage', (log) => writeFileSync(log, Buffer.alloc(90_000, 7)), before],
    ['its end cut off', (log) => truncateSync(log, 32 + 4_120 * 3 + 10), {}],
    ['nothing left of it', (log) => rmSync(log), before],
  ])('with %s is no silent loss', async (_, damage, expected) => {
    const log = `${take(killed)}-wal`
    damage(log)
    const found = existsSync(log) ? readFileSync(log, 'hex') : null
    const { counts, told } = await reopened()
    expect(told).toHaveLength(1)
    expect(counts).toMatchObject(expected)
    const [stamp] = readdirSync(join(profile, 'quarantine'))
    expect(bytesIn(join(profile, 'quarantine', stamp!)).get('inkwell.db-wal') ?? null).toBe(found)
  })

  it('without its index tells a commit that rotted from one that was torn by the one after it', async () => {
    const path = take(killed)
    rmSync(`${path}-shm`)
    const frames = readWal(readFileSync(`${path}-wal`), pageBytes, null)!.frames
    const frame = frames.findLastIndex(({ commitSize }, index) => commitSize > 0 && index < frames.length - 1)
    const at = 32 + frame * (24 + pageBytes) + 2_000
    change(`${path}-wal`, (bytes) => void bytes.writeUInt8(bytes[at]! ^ 1, at))
    const { counts, told } = await reopened()
    expect(told).toHaveLength(1)
    expect(counts.settings).toBe(all.settings)
  })

  it('without its index is no silent loss with its first bytes gone', async () => {
    const path = take(killed)
    rmSync(`${path}-shm`)
    change(`${path}-wal`, (bytes) => void bytes.fill(0, 0, 512))
    const { counts, told } = await reopened()
    expect(told).toHaveLength(1)
    expect(counts.audit).toBeGreaterThan(before.audit)
  })

  it('that is whole is no damage, and neither is a file that was torn while it was not promised', async () => {
    take(killed)
    expect(await reopened()).toEqual({ counts: all, told: [] })
    rmSync(profile, { recursive: true })
    const path = take(killed)
    // Half a frame more, as a kill in the middle of a write leaves it.
    change(`${path}-wal`, (bytes) => Buffer.concat([bytes, bytes.subarray(32, 2_000)]))
    expect(await reopened()).toEqual({ counts: all, told: [] })
  })
})

describe('good copies', () => {
  const copyOf = (from: string, label: string): GoodCopy => ({
    label,
    madeAtMs: 1,
    extractTo: async (to) => {
      cpSync(databaseOf(from), to)
      return ok(null)
    },
  })
  it('come first, and what is newer in the damaged file is added', async () => {
    const old = join(root, `old-${next}`)
    const made = await openTestProfile(old)
    addFeeds(made.storage, 0, 40)
    made.storage.close()
    const path = take(closed)
    // Everything of the file is lost but its second half.
    change(path, (bytes) => void bytes.fill(0, 0, Math.floor(bytes.length / 2)))
    const refused: GoodCopy = { label: 'torn', madeAtMs: 3, extractTo: async () => fail('damaged', 'it is torn') }
    const rotten: GoodCopy = {
      label: 'rotten',
      madeAtMs: 2,
      extractTo: async (to) => {
        writeFileSync(to, 'no database')
        return ok(null)
      },
    }
    const copies = [refused, rotten, copyOf(old, 'the backup of yesterday')]
    const { counts, told } = await reopened({ goodCopies: { list: async () => copies } })
    expect(counts.feeds).toBeGreaterThan(40)
    expect(counts.audit).toBeGreaterThan(40)
    expect(told[0]!.detail).toContain('In use now: the backup of yesterday, and ')
  })

  it('of a profile that was about to be replaced take changes again', async () => {
    const retired = join(root, `retired-${next}`)
    cpSync(closed, retired, { recursive: true })
    const database = new DatabaseSync(databaseOf(retired))
    database.exec("CREATE TRIGGER profile_replaced BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
    database.close()
    change(take(closed), (bytes) => void bytes.fill(0))
    const { counts } = await reopened({ goodCopies: { list: async () => [copyOf(retired, 'the backup')] } })
    expect(counts).toEqual(all)
  })

  it('of before a migration are used when there is nothing better', async () => {
    const path = take(closed)
    cpSync(path, `${path}.before-v6`)
    change(path, (bytes) => void bytes.fill(0))
    const { counts, told } = await reopened()
    expect(counts).toEqual(all)
    expect(told[0]!.detail).toContain('the copy from before the last update')
  })

  it('of a row give way to the newer one, and a rotten row to the copy', async () => {
    const path = take(closed)
    const { storage } = await openTestProfile(profile)
    storage.writeUnaudited((tx) => tx.run("UPDATE feeds SET user_title = 'rotten' WHERE id LIKE '%07'"))
    storage.close()
    zeroPage(path, 2)
    await reopened({ goodCopies: { list: async () => [copyOf(closed, 'the backup')] } })
    const again = await openTestProfile(profile)
    expect(again.storage.all("SELECT * FROM feeds WHERE user_title = 'rotten'")).toEqual([])
    again.storage.close()
  })
})

it('is not begun for what is no damage', async () => {
  const path = take(closed)
  const before = bytesIn(profile)
  rmSync(path)
  cpSync(closed, join(profile, 'inkwell.db'), { recursive: true })
  expect(await openProfile(testOptions(profile))).toMatchObject({ ok: false, error: { retryable: true } })
  rmSync(path, { recursive: true })
  writeFileSync(path, Buffer.from(before.get('inkwell.db')!, 'hex'))
  expect(await reopened()).toEqual({ counts: all, told: [] })
  expect(existsSync(join(profile, 'quarantine'))).toBe(false)
})
