import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openProfile } from '../open-profile.ts'
import type { FileSystem } from '../write-file.ts'
import { addFeeds, countRows, databaseOf, openTestProfile, testOptions } from './recovery-testing.ts'

let root: string
let damaged: string
let bytes: Buffer
const all = { feeds: 8, episodes: 16, keys: 16, settings: 8, audit: 8 }

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inkwell-recovery-faults-'))
  damaged = join(root, 'damaged')
  const { storage } = await openTestProfile(damaged)
  addFeeds(storage, 0, 8)
  storage.close()
  bytes = readFileSync(databaseOf(damaged)).fill(0, 0, 4_096)
  writeFileSync(databaseOf(damaged), bytes)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The n-th call fails, once or for ever; a name that is looked for and is missing stays missing. */
function failing(nth: number, code: string, forever: boolean): { fs: FileSystem; calls: () => number } {
  let calls = 0
  const guard =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      calls += 1
      if (calls === nth || (forever && calls > nth)) throw Object.assign(new Error(`${code}: planted`), { code })
      return call(...args)
    }
  const { open, rename, link, unlink, mkdir, lstat, readdir, realpath } = nodeFs
  const fs = Object.fromEntries(
    Object.entries({ open, rename, link, unlink, mkdir, lstat, readdir, realpath }).map(([name, call]) => [
      name,
      guard(call as (...args: unknown[]) => Promise<unknown>),
    ]),
  ) as unknown as FileSystem
  return { fs, calls: () => calls }
}

it.each([
  ['EIO', false],
  ['ENOSPC', true],
] as const)(
  '%s at each call of the recovery (for ever: %s) loses nothing, and the next start goes on',
  async (code, forever) => {
    const whole = failing(0, code, false)
    cpSync(damaged, join(root, 'count'), { recursive: true })
    const counted = await openProfile({ ...testOptions(join(root, 'count')), fs: whole.fs })
    if (counted.ok) counted.value.storage.close()
    rmSync(join(root, 'count'), { recursive: true })
    expect(whole.calls()).toBeGreaterThan(30)
    let refused = 0
    for (let nth = 1; nth <= whole.calls(); nth += 3) {
      const profile = join(root, `${code}-${nth}`)
      cpSync(damaged, profile, { recursive: true })
      const opened = await openProfile({ ...testOptions(profile), fs: failing(nth, code, forever).fs })
      if (opened.ok) opened.value.storage.close()
      else {
        refused += 1
        expect(opened.error, `call ${nth}`).toMatchObject({ retryable: true })
      }
      const { storage, notices } = await openTestProfile(profile)
      expect(countRows(storage), `call ${nth}`).toEqual(all)
      expect(notices.list(), `call ${nth}`).toHaveLength(1)
      storage.close()
      const [stamp, ...others] = readdirSync(join(profile, 'quarantine'))
      expect(others).toEqual([])
      expect(readFileSync(join(profile, 'quarantine', stamp!, 'inkwell.db')).equals(bytes)).toBe(true)
      rmSync(profile, { recursive: true })
    }
    expect(refused).toBeGreaterThan(5)
  },
)
