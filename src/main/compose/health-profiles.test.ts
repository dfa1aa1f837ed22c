import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryRoot } from '../backup/backup-testing.ts'
import { makeFolders } from '../storage/make-folders.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { healthProfiles } from './health-profiles.ts'
import { isRetired, profileInUse, restoredMark, retire, reviveWhenInUse, writePointer } from './profile-in-use.ts'

const restoredAtMs = 1_000
let base: string
let nowMs: number
let opened: Storage[]
const clock = { now: () => nowMs }
const pointer = (): string => join(base, 'current-profile.json')

async function open(place: string): Promise<Storage> {
  const path = place === '.' ? base : join(base, place)
  const storage = await openStorage(join(path, 'inkwell.db'), { clock, origin: 'test' })
  if (!storage.ok) throw new Error(storage.error.message)
  opened.push(storage.value)
  return storage.value
}
const change = (storage: Storage): void => storage.write('jobs.test', (tx) => tx.audit('job:x', null, { at: nowMs }))

/** A restore, as it leaves things; then some changes, unless it was killed before the new profile was ever used. */
async function restore(name: string, from: string, used = true): Promise<string> {
  const place = `restored/${name}`
  await makeFolders(base, ['restored', name])
  const storage = await open(place)
  change(storage)
  writeFileSync(join(base, place, restoredMark), JSON.stringify({ schemaVersion: 1, restoredAtMs: ++nowMs }))
  if (!used) return place
  retire(await open(from))
  await writePointer(base, { path: place, previous: from, older: [], forgetting: [], switchedAtMs: nowMs })
  nowMs += 10
  change(storage)
  return place
}

/** As at the next start. */
async function start() {
  for (const storage of opened) storage.close()
  opened = []
  const place = profileInUse(base)
  const storage = await open(place.pointer.path)
  await reviveWhenInUse(place, storage, async () => {})
  change(storage)
  let switched = 0
  const profiles = healthProfiles({ storage, clock, place, noticeSwitch: () => (switched += 1) })
  return { profiles, storage, place, switches: () => switched }
}

beforeEach(async () => {
  base = temporaryRoot()
  nowMs = restoredAtMs
  opened = []
  change(await open('.'))
  nowMs += 10
})
afterEach(() => {
  for (const storage of opened) storage.close()
  rmSync(base, { recursive: true, force: true })
})

describe('the profile that is meant', () => {
  it('is no question while the pointer is whole, or was never needed', async () => {
    expect((await start()).profiles.look()).toBeNull()
    await restore('b', await restore('a', '.'))
    expect((await start()).profiles.look()).toBeNull()
  })

  it.each([
    ['damaged', () => writeFileSync(pointer(), '{"schemaVersion":1,"path":"rest')],
    ['empty', () => writeFileSync(pointer(), '')],
    ['gone', () => rmSync(pointer())],
  ])(
    'is the one that was never left, when the pointer is %s; it is used again from the next start on',
    async (_, harm) => {
      const last = await restore('b', await restore('a', '.'))
      harm()
      const { profiles, storage, place, switches } = await start()
      expect(place.profilePath).toBe(base)
      expect(profiles.look()).toMatchObject({ right: { place: last }, inUse: { place: '.' } })
      expect(await profiles.use(last)).toMatchObject({ ok: true })
      expect(switches()).toBe(1)
      expect(profileInUse(base)).toMatchObject({ pointer: { path: last, previous: '.' }, problem: null })
      expect(isRetired(storage)).toBe(true)
      expect((await start()).profiles.look()).toBeNull()
    },
  )

  it('is the one in use, when the user had gone back to it', async () => {
    const left = await restore('a', '.')
    retire(await open(left))
    const { storage } = await (async () => {
      await writePointer(base, { path: '.', previous: left, older: [], forgetting: [], switchedAtMs: nowMs })
      return start()
    })()
    change(storage)
    writeFileSync(pointer(), 'rot')
    const { profiles } = await start()
    expect(profiles.look()).toMatchObject({
      right: { place: '.' },
      problem: expect.stringContaining('cannot be followed'),
    })
    expect(await profiles.use('.')).toMatchObject({ ok: true })
    expect(profiles.look()).toBeNull()
    const kept = readdirSync(base).find((name) => name.startsWith('current-profile.json.damaged-'))
    expect(readFileSync(join(base, kept!), 'utf8')).toBe('rot')
  })

  it('is the one in use, when a restore was killed before what it made was used', async () => {
    await restore('a', '.', false)
    expect((await start()).profiles.look()).toBeNull()
    writeFileSync(pointer(), 'rot')
    expect((await start()).profiles.look()).toMatchObject({ right: { place: '.' } })
  })

  it('is the one that the pointer names, when only something else in it has rotted', async () => {
    const last = await restore('a', '.')
    writeFileSync(pointer(), readFileSync(pointer(), 'utf8').replace('"previous":"."', '"previous":null'))
    const { profiles } = await start()
    expect(profiles.look()).toMatchObject({ right: { place: last }, inUse: { place: last } })
    expect(await profiles.use(last)).toMatchObject({ ok: true })
    expect(profiles.look()).toBeNull()
  })
})
