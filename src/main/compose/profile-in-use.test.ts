import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { open, put, temporaryRoot } from '../backup/backup-testing.ts'
import { profileInUse, replacedMessage, restoredMark, retire, reviveWhenInUse, writePointer } from './profile-in-use.ts'

let base: string
const restored = (name: string, marked = true): string => {
  const path = join(base, 'restored', name)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'inkwell.db'), '')
  if (marked) writeFileSync(join(path, restoredMark), '{}')
  return path
}
const point = (text: string): void => writeFileSync(join(base, 'current-profile.json'), text)
const to = (path: string) => writePointer(base, { path, previous: '.', older: [], forgetting: [], switchedAtMs: 1 })
beforeEach(() => {
  base = temporaryRoot()
  writeFileSync(join(base, 'inkwell.db'), '')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

describe('profileInUse', () => {
  it('is the base profile without a pointer, and the one that it names', async () => {
    expect(profileInUse(base)).toMatchObject({ profilePath: base, problem: null })
    const path = restored('2026-11-23T030000000Z')
    await to('restored/2026-11-23T030000000Z')
    expect(profileInUse(base)).toMatchObject({ profilePath: path, problem: null, pointer: { previous: '.' } })
    await to('.')
    expect(profileInUse(base)).toMatchObject({ profilePath: base, problem: null })
  })

  it('says so when one digit of the pointer rotted, and deletes nothing by what else it names', async () => {
    const path = restored('2026-11-23T030000000Z')
    const pointer = { path: 'restored/2026-11-23T030000000Z', previous: '.', older: [], switchedAtMs: 1795402800000 }
    await writePointer(base, { ...pointer, forgetting: ['restored/2026-11-22T030000000Z'] })
    const text = readFileSync(join(base, 'current-profile.json'), 'utf8')
    for (const [from, to] of [
      ['2026-11-22', '2026-11-21'],
      ['1795402800000', '1795402800001'],
    ] as const) {
      point(text.replace(from, to))
      expect(profileInUse(base)).toMatchObject({
        profilePath: path,
        pointer: { previous: null, forgetting: [] },
        problem: expect.stringContaining('not as it was written'),
      })
    }
    point(text.replace(/,"sha256":"[0-9a-f]+"/, ''))
    expect(profileInUse(base)).toMatchObject({ profilePath: path, problem: null, pointer: { previous: '.' } })
  })

  it.each([
    ['empty', ''],
    ['cut', '{"schemaVersion":1,"path":"rest'],
    ['another program’s', '[1,2]'],
    ['newer', '{"schemaVersion":2,"path":".","previous":null,"switchedAtMs":1}'],
    ['leading outside', '{"schemaVersion":1,"path":"../other","previous":null,"switchedAtMs":1}'],
    ['leading outside by dots', '{"schemaVersion":1,"path":"restored/..","previous":null,"switchedAtMs":1}'],
    ['absolute', '{"schemaVersion":1,"path":"/etc","previous":null,"switchedAtMs":1}'],
    ['leading to nothing', '{"schemaVersion":1,"path":"restored/gone","previous":null,"switchedAtMs":1}'],
  ])('is the base profile when the pointer is %s, and says so', (_name, text) => {
    point(text)
    const found = profileInUse(base)
    expect(found.profilePath).toBe(base)
    expect(found.problem).toContain('current-profile.json cannot be followed')
    expect(readFileSync(join(base, 'current-profile.json'), 'utf8')).toBe(text)
  })

  it('follows no link out of the base profile', async () => {
    const elsewhere = temporaryRoot()
    writeFileSync(join(elsewhere, 'inkwell.db'), '')
    mkdirSync(join(base, 'restored'))
    symlinkSync(elsewhere, join(base, 'restored/away'))
    await to('restored/away')
    expect(profileInUse(base)).toMatchObject({ profilePath: base, problem: expect.any(String) })
    rmSync(elsewhere, { recursive: true })
  })

  it('falls back on the newest complete profile when the base profile was deleted', () => {
    restored('2026-01-01T000000000Z')
    const newest = restored('2026-02-01T000000000Z')
    restored('2026-03-01T000000000Z', false)
    rmSync(join(base, 'inkwell.db'))
    point('damaged')
    expect(profileInUse(base).profilePath).toBe(newest)
  })

  it('survives a pointer that is a folder', () => {
    mkdirSync(join(base, 'current-profile.json'))
    expect(profileInUse(base)).toMatchObject({ profilePath: base, problem: expect.stringContaining('EISDIR') })
  })
})

describe('a retired profile', () => {
  it('takes no change, also from a process that had it open', async () => {
    const profilePath = join(dirname(restored('x')), 'y')
    const [one, other] = [await open(profilePath), await open(profilePath)]
    put(other, 'before')
    retire(one)
    expect(() => put(other, 'after')).toThrow(replacedMessage)
    expect(other.all('SELECT id FROM jobs')).toEqual([{ id: 'before' }])
    one.close()
    other.close()
  })

  it('that is in use after all is revived, unless the pointer moves meanwhile', async () => {
    rmSync(join(base, 'inkwell.db'))
    const storage = await open(base)
    const place = profileInUse(base)
    retire(storage)
    let waits = 0
    expect(await reviveWhenInUse(place, storage, async () => (waits += 1))).toBe(true)
    expect(waits).toBeGreaterThan(5)
    put(storage, 'again')
    retire(storage)
    restored('2026-11-23T030000000Z')
    expect(await reviveWhenInUse(place, storage, () => to('restored/2026-11-23T030000000Z'))).toBe(false)
    expect(() => put(storage, 'unseen')).toThrow(replacedMessage)
    storage.close()
  })
})
