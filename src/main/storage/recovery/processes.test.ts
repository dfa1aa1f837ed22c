import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openProfile } from '../open-profile.ts'
import { addFeeds, countRows, databaseOf, openTestProfile, testOptions } from './recovery-testing.ts'

let root: string
let damaged: string
let profile: string
let bytes: Buffer
const child = fileURLToPath(new URL('open-child.ts', import.meta.url))
const all = { feeds: 30, episodes: 60, keys: 60, settings: 30, audit: 30 }

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inkwell-recoverers-'))
  damaged = join(root, 'damaged')
  const { storage } = await openTestProfile(damaged)
  addFeeds(storage, 0, 30)
  storage.close()
  bytes = readFileSync(databaseOf(damaged)).fill(0, 0, 4_096)
  writeFileSync(databaseOf(damaged), bytes)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))
beforeEach(() => {
  profile = mkdtempSync(join(root, 'profile-'))
  cpSync(damaged, profile, { recursive: true })
})

/** What must hold however often and by whomever it was brought back. */
function expectOneQuarantine(): void {
  const stamps = readdirSync(join(profile, 'quarantine'))
  expect(stamps).toHaveLength(1)
  expect(readFileSync(join(profile, 'quarantine', stamps[0]!, 'inkwell.db')).equals(bytes)).toBe(true)
  expect(existsSync(join(profile, 'recovery.json'))).toBe(false)
  expect(existsSync(join(profile, 'recovering'))).toBe(false)
}

it('several processes that open a damaged profile at once set it aside once, and all see what was brought back', async () => {
  const processes = Array.from({ length: 4 }, () => spawn(process.execPath, [child, profile, 'waits']))
  const answers = processes.map(async (one: ChildProcess) => {
    const said = text(one.stdout!)
    await once(one, 'exit')
    return JSON.parse((await said).replace('ready\n', '')) as unknown
  })
  // Each says that it is ready before any begins.
  await Promise.all(processes.map((one) => once(one.stdout, 'readable')))
  for (const one of processes) one.stdin.end('go\n')
  expect(await Promise.all(answers)).toEqual(processes.map(() => ({ counts: all, told: 1 })))
  expectOneQuarantine()
})

it('a profile that another process has open is not touched, and opens when it is whole', async () => {
  rmSync(profile, { recursive: true })
  const holder = await openTestProfile(profile)
  addFeeds(holder.storage, 0, 3)
  const second = await openTestProfile(profile)
  expect(countRows(second.storage)).toMatchObject({ feeds: 3 })
  second.storage.close()
  holder.storage.close()
  writeFileSync(databaseOf(profile), bytes)
  const blocker = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { openProfileLock } from ${JSON.stringify(new URL('../profile-lock.ts', import.meta.url).href)}
     const lock = openProfileLock(${JSON.stringify(profile)})
     lock.share()
     process.stdout.write('held')
     // Until it is killed, or the test has ended.
     process.stdin.resume()`,
  ])
  await once(blocker.stdout, 'data')
  expect(await openProfile(testOptions(profile))).toMatchObject({ ok: false, error: { code: 'database-damaged' } })
  expect(readFileSync(databaseOf(profile)).equals(bytes)).toBe(true)
  blocker.kill('SIGKILL')
  await once(blocker, 'exit')
  const { storage } = await openTestProfile(profile)
  expect(countRows(storage)).toEqual(all)
  storage.close()
})

const hasStrace = spawnSync('strace', ['-f', 'true'], { stdio: 'ignore' }).status === 0

describe.skipIf(!hasStrace)('killed while it brings a database back (skipped where strace may not be used)', () => {
  const names = ['rename', 'unlink', 'fsync', 'pwrite64'] as const
  const straced = (...rules: string[]) =>
    spawnSync('strace', [
      '-f',
      '-qq',
      '-o',
      join(root, 'calls'),
      ...rules.flatMap((rule) => ['-e', rule]),
      process.execPath,
      child,
      profile,
    ])

  it('at calls of every kind, and once more in the recovery of that: all is there in the end', async () => {
    straced(`trace=${names.join(',')}`)
    const calls = readFileSync(join(root, 'calls'), 'utf8').split('\n')
    let killed = 0
    for (const name of names) {
      const total = calls.filter((line) => line.includes(` ${name}(`)).length
      if (total === 0) continue
      for (let nth = 1; nth <= total; nth += Math.max(1, Math.ceil(total / 2))) {
        rmSync(profile, { recursive: true })
        cpSync(damaged, profile, { recursive: true })
        const rule = `inject=${name}:signal=SIGKILL:when=${nth}`
        killed += Number(straced(rule).status !== 0) + Number(straced(rule).status !== 0)
        const { storage, notices } = await openTestProfile(profile)
        expect(countRows(storage), `${name} ${nth}`).toEqual(all)
        expect(notices.list(), `${name} ${nth}`).toHaveLength(1)
        storage.close()
        expectOneQuarantine()
      }
    }
    expect(killed).toBeGreaterThan(4)
  })
})
