import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { fail } from '#shared/result.ts'
import { makeBackupFile, port } from '../backup/backup-testing.ts'
import { extractProfile } from '../backup/extract.ts'
import { lastEntry } from './audit-row.ts'
import type { StorageNotice } from './notices.ts'
import { openProfile } from './open-profile.ts'
import { addFeeds, countRows, databaseOf, openTestProfile, testOptions } from './recovery/recovery-testing.ts'
import { openTrailHead, readTrailHead } from './trail-head.ts'

const root = mkdtempSync(join(tmpdir(), 'inkwell-trail-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const writer = fileURLToPath(new URL('trail-writer.ts', import.meta.url))
let profile: string
beforeEach(() => {
  profile = mkdtempSync(join(root, 'profile-'))
})

/** As a kill leaves it: with the first `kept` entries in the file and the others in its log. */
async function killed(kept: number, all: number): Promise<string> {
  const first = await openTestProfile(profile)
  addFeeds(first.storage, 0, kept)
  first.storage.close()
  const second = await openTestProfile(profile)
  addFeeds(second.storage, kept, all)
  const copy = mkdtempSync(join(root, 'killed-'))
  cpSync(profile, copy, { recursive: true })
  second.storage.close()
  return copy
}
const withoutLog = (path: string): void => {
  for (const suffix of ['-wal', '-shm']) rmSync(databaseOf(path) + suffix)
}
async function noticesOf(path: string, more: Parameters<typeof openTestProfile>[1] = {}): Promise<StorageNotice[]> {
  const { storage, notices } = await openTestProfile(path, more)
  const list = notices.list()
  storage.close()
  return list
}

describe('a database without its log and the log’s index', () => {
  it('is older than its trail, which is said once, and kept as it was found', async () => {
    const path = await killed(20, 30)
    withoutLog(path)
    const found = readFileSync(databaseOf(path))
    const copy = { label: 'the backup of then', madeAtMs: 1_763_860_000_001, extractTo: () => expect.fail() }
    const [notice, ...others] = await noticesOf(path, { goodCopies: { list: async () => [copy] } })
    expect(others).toEqual([])
    expect(notice).toMatchObject({ kind: 'damaged', title: 'Changes are missing from the database', seenAtMs: null })
    expect(notice!.detail).toContain('10 entries of the trail, after entry 20 of 2025-11-23 01:06 UTC, up to entry 30')
    expect(notice!.detail).toContain('The newest backup is the backup of then: it may hold some of what is missing')
    expect(readFileSync(join(path, notice!.keptIn!, 'inkwell.db')).equals(found)).toBe(true)
    expect(await noticesOf(path)).toHaveLength(1)
    const { storage } = await openTestProfile(path)
    addFeeds(storage, 100, 101)
    expect(countRows(storage).feeds).toBe(21)
    expect(readTrailHead(path)).toMatchObject({ id: lastEntry(storage).id })
    storage.close()
  })

  it('is said with one entry in the file and one in the log, and also where there are no backups', async () => {
    const path = await killed(1, 2)
    withoutLog(path)
    const [notice] = await noticesOf(path)
    expect(notice!.detail).toContain('1 entry of the trail, after entry 1 of ')
    expect(notice!.detail).toContain('There is no backup.')
  })

  it('is said once though a kill falls between the notice and the end of the alarm', async () => {
    const path = await killed(20, 30)
    withoutLog(path)
    const head = readFileSync(join(path, 'trail-head'))
    expect(await noticesOf(path)).toHaveLength(1)
    writeFileSync(join(path, 'trail-head'), head)
    expect(await noticesOf(path)).toHaveLength(1)
    expect(await noticesOf(path)).toHaveLength(1)
  })

  it('is said after a real kill', async () => {
    const child = spawn(process.execPath, [writer, profile, '100000'])
    let said = 0
    child.stdout.on('data', (dots: Buffer) => {
      said += dots.length
      if (said > 50) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const head = readTrailHead(profile)!
    expect(head.id).toBeGreaterThanOrEqual(said)
    withoutLog(profile)
    const [notice] = await noticesOf(profile)
    expect(notice!.detail).toMatch(/: [\d,]+ entries of the trail, all of it, up to entry \d+/)
  })

  it('is refused while another process still has the log, which is whole again when that one is closed', async () => {
    const holder = spawn(process.execPath, [writer, profile, '20', 'waits'])
    let said = 0
    for await (const dots of holder.stdout) {
      said += (dots as Buffer).length
      if (said === 20) break
    }
    withoutLog(profile)
    const refused = await openProfile(testOptions(profile))
    expect(refused).toMatchObject({ ok: false, error: { code: 'database-busy', retryable: true } })
    holder.stdin.end()
    await once(holder, 'exit')
    const { storage, notices } = await openTestProfile(profile)
    expect(lastEntry(storage).id).toBe(20)
    expect(notices.list()).toEqual([])
    storage.close()
  })
})

describe('is no alarm:', () => {
  it.each<[string, (head: string) => void]>([
    ['no head', (head) => rmSync(head)],
    ['a head that was cut', (head) => writeFileSync(head, readFileSync(head).subarray(0, 40))],
    [
      'a head with a flipped digit',
      (head) => writeFileSync(head, readFileSync(head, 'latin1').replaceAll('30 ', '90 ')),
    ],
    [
      'a folder in its place',
      (head) => {
        rmSync(head)
        mkdirSync(head)
      },
    ],
  ])('%s, which is made anew', async (_, damage) => {
    const path = await killed(20, 30)
    damage(join(path, 'trail-head'))
    expect(await noticesOf(path)).toEqual([])
    rmSync(join(path, 'trail-head'), { recursive: true, force: true })
    const { storage } = await openTestProfile(path)
    addFeeds(storage, 100, 101)
    expect(readTrailHead(path)?.id).toBe(31)
    storage.close()
  })

  it('a change that was refused, thrown, or left out of the trail', async () => {
    const { storage } = await openTestProfile(profile)
    addFeeds(storage, 0, 3)
    const throwing = (): void =>
      storage.write('test', (tx) => {
        tx.audit('test', null, null)
        throw new Error('no')
      })
    expect(throwing).toThrow('no')
    storage.write('test', (tx) => {
      tx.audit('test', null, null)
      return fail('refused', 'no')
    })
    storage.writeUnaudited((tx) => tx.run("DELETE FROM settings WHERE name = 'test.1'"))
    expect(readTrailHead(profile)?.id).toBe(3)
    storage.close()
    expect(await noticesOf(profile)).toEqual([])
  })

  it('a recovery that ends before the trail did, of which it tells', async () => {
    const path = await killed(20, 30)
    withoutLog(path)
    writeFileSync(databaseOf(path), readFileSync(databaseOf(path)).fill(0, 0, 4_096))
    const list = await noticesOf(path)
    expect(list).toMatchObject([{ kind: 'recovered' }])
    expect(list[0]!.detail).toContain('Missing from the trail: 10 entries of the trail, after entry 20')
    expect(await noticesOf(path)).toHaveLength(1)
  })

  it('a restored profile, and the one from before when it is gone back to', async () => {
    const backup = await makeBackupFile(profile)
    const used = join(profile, 'profile')
    const { storage } = await openTestProfile(used)
    addFeeds(storage, 0, 5)
    storage.close()
    const restored = await extractProfile(
      { path: backup, passphrase: null, basePath: used, sha256: null, nowMs: 1 },
      port(),
    )
    if (!restored.ok) throw new Error(restored.error.message)
    expect(readdirSync(restored.value.profilePath)).not.toContain('trail-head')
    expect(await noticesOf(restored.value.profilePath)).toEqual([])
    expect(await noticesOf(used)).toEqual([])
  })
})

it('two processes that write in turn leave the highest, and never more than is there', async () => {
  const { storage } = await openTestProfile(profile)
  const children = [1, 2].map(() => spawn(process.execPath, [writer, profile, '150'], { stdio: 'ignore' }))
  const ended = Promise.all(children.map((child) => once(child, 'close')))
  let running = true
  void ended.then(() => {
    running = false
  })
  let looked = 0
  while (running) {
    const head = readTrailHead(profile)
    if (head) {
      looked += 1
      expect(head.id).toBeLessThanOrEqual(lastEntry(storage).id)
    }
    await nextTurn()
  }
  expect(looked).toBeGreaterThan(10)
  expect(lastEntry(storage).id).toBe(300)
  expect(readTrailHead(profile)!.id).toBe(300)
  storage.close()
})

it('a slow process does not write over what a faster one has', () => {
  const heads = [7, 8].map((pid) => {
    const own = Object.getOwnPropertyDescriptor(process, 'pid')!
    Object.defineProperty(process, 'pid', { ...own, value: pid })
    try {
      return openTrailHead(profile)
    } finally {
      Object.defineProperty(process, 'pid', own)
    }
  })
  heads[0]!.reached({ id: 6, atMs: 6 })
  heads[1]!.reached({ id: 5, atMs: 5 })
  expect(readTrailHead(profile)).toEqual({ id: 6, atMs: 6 })
  for (const head of heads) head.close()
})

it('fits one sector and is the owner’s alone', async () => {
  const { storage } = await openTestProfile(profile)
  addFeeds(storage, 0, 2)
  const { size, mode } = await nodeFs.stat(join(profile, 'trail-head'))
  expect(size).toBeLessThanOrEqual(512)
  expect(process.platform === 'win32' || (mode & 0o77) === 0).toBe(true)
  expect(existsSync(join(profile, 'trail-head'))).toBe(true)
  storage.close()
})
