import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok } from '#shared/result.ts'
import { readProfileIdentity } from '../../credentials/profile-identity.ts'
import type { Storage } from '../storage.ts'
import type { GoodCopy } from './good-copies.ts'
import { addFeeds, countRows, databaseOf, feedId, openTestProfile } from './recovery-testing.ts'

const root = mkdtempSync(join(tmpdir(), 'inkwell-foreign-log-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Killed {
  readonly path: string
  readonly profileId: string
}
/** As a kill leaves it: feeds up to `kept` in the file, the others in the log. */
async function killed(from: number, kept: number, to: number): Promise<Killed> {
  const open = mkdtempSync(join(root, 'open-'))
  const first = await openTestProfile(open)
  const { profileId } = readProfileIdentity(first.storage, 1)
  addFeeds(first.storage, from, kept)
  first.storage.close()
  const second = await openTestProfile(open)
  addFeeds(second.storage, kept, to)
  const path = mkdtempSync(join(root, 'killed-'))
  cpSync(open, path, { recursive: true })
  second.storage.close()
  return { path, profileId }
}
let mine: Killed
let other: Killed
beforeAll(async () => {
  mine = await killed(0, 50, 60)
  other = await killed(1_000, 1_030, 1_055)
})

const take = (from: Killed): string => {
  const path = mkdtempSync(join(root, 'profile-'))
  cpSync(from.path, path, { recursive: true })
  return path
}
const idsIn = (storage: Storage): string[] =>
  storage.all<{ id: string }>('SELECT id FROM feeds ORDER BY id').map(({ id }) => id)
const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => feedId(from + n))
const putLog = (path: string, of: Killed): void => {
  for (const suffix of ['-wal', '-shm']) cpSync(databaseOf(of.path) + suffix, databaseOf(path) + suffix)
}
async function opened(path: string, copies: GoodCopy[] = []) {
  const { storage, notices } = await openTestProfile(path, { goodCopies: { list: async () => copies } })
  const found = { ids: idsIn(storage), counts: countRows(storage), notices: notices.list() }
  expect(storage.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  storage.close()
  return found
}

it('a log of its own is read, with and without its index', async () => {
  for (const isWithIndex of [true, false]) {
    const path = take(mine)
    if (!isWithIndex) rmSync(`${databaseOf(path)}-shm`)
    expect(await opened(path)).toMatchObject({ ids: ids(0, 60), notices: [] })
  }
})

it.each([true, false])(
  'a log of another profile is never laid over the file (its index beside it: %s)',
  async (isWithIndex) => {
    const path = take(mine)
    putLog(path, other)
    if (!isWithIndex) rmSync(`${databaseOf(path)}-shm`)
    const found = await opened(path)
    expect(found.ids).toEqual(ids(0, 50))
    expect(found.notices).toMatchObject([{ kind: 'recovered' }])
    expect(found.notices[0]!.detail).toContain(
      'The log beside it is of another profile, and nothing was taken from it.',
    )
    const [stamp] = readdirSync(join(path, 'quarantine'))
    const aside = readFileSync(join(path, 'quarantine', stamp!, 'inkwell.db-wal'))
    expect(aside.equals(readFileSync(`${databaseOf(other.path)}-wal`))).toBe(true)
  },
)

it.each([2, 9, 20])('a log of another profile beside a file that lost page %d gives no row', async (page) => {
  const path = take(mine)
  putLog(path, other)
  writeFileSync(databaseOf(path), readFileSync(databaseOf(path)).fill(0, page * 4_096, (page + 1) * 4_096))
  const found = await opened(path)
  expect(found.ids.filter((id) => !ids(0, 50).includes(id))).toEqual([])
  expect(found.counts.settings).toBeLessThanOrEqual(50)
  expect(found.counts.settings + found.counts.feeds).toBeGreaterThan(60)
})

it('a damaged file of another profile gives no row to a backup of this one', async () => {
  const path = take(mine)
  // Known from a start in which all was well.
  await opened(path)
  cpSync(databaseOf(path), `${path}.copy`)
  cpSync(databaseOf(other.path), databaseOf(path))
  writeFileSync(databaseOf(path), readFileSync(databaseOf(path)).fill(0, 9 * 4_096, 10 * 4_096))
  const backup = (label: string, profileId: string): GoodCopy => ({
    label,
    madeAtMs: 1,
    profileId,
    extractTo: async (to) => {
      cpSync(`${path}.copy`, to)
      return ok(null)
    },
  })
  const copies = [backup('of another profile', other.profileId), backup('of this profile', mine.profileId)]
  const found = await opened(path, copies)
  expect(found.ids).toEqual(ids(0, 60))
  expect(found.notices[0]!.detail).toContain('In use now: of this profile, and 0 rows that were newer')
  expect(found.notices[0]!.detail).toContain('That file is of another profile, and nothing was taken from it.')
})

it('a sound database of another profile that somebody put there is used, and is no loss', async () => {
  const path = take(mine)
  await opened(path)
  for (const suffix of ['', '-wal', '-shm']) cpSync(databaseOf(other.path) + suffix, databaseOf(path) + suffix)
  expect(await opened(path)).toMatchObject({ ids: ids(1_000, 1_055), notices: [] })
  expect(await opened(path)).toMatchObject({ notices: [] })
})
