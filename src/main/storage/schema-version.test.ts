import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrations } from './migrations/index.ts'
import { openProfile } from './open-profile.ts'
import { addFeeds, countRows, databaseOf, openTestProfile, testOptions } from './recovery/recovery-testing.ts'
import { schemaVersion, setSchemaVersion } from './schema-version.ts'

const root = mkdtempSync(join(tmpdir(), 'inkwell-schema-version-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const latest = migrations.at(-1)!.version
const all = { feeds: 5, episodes: 10, keys: 10, settings: 5, audit: 5 }
/** Big-endian, in the head of the file. */
const versionAt = 60
let sound: string

beforeAll(async () => {
  sound = mkdtempSync(join(root, 'sound-'))
  const { storage } = await openTestProfile(sound)
  addFeeds(storage, 0, 5)
  storage.close()
})
const take = (): string => {
  const path = mkdtempSync(join(root, 'profile-'))
  cpSync(sound, path, { recursive: true })
  return path
}
const edit = (path: string, change: (database: DatabaseSync) => void): void => {
  const database = new DatabaseSync(databaseOf(path))
  change(database)
  database.close()
}

it.each([0, 1, 2, 3, 4, 5, 6, 7, 12, 30])(
  'with bit %d flipped it is no newer Inkwell’s, and all is brought back',
  async (bit) => {
    const path = take()
    const bytes = readFileSync(databaseOf(path))
    bytes.writeUInt8(bytes[versionAt + 3 - (bit >> 3)]! ^ (1 << (bit & 7)), versionAt + 3 - (bit >> 3))
    writeFileSync(databaseOf(path), bytes)
    const { storage, notices } = await openTestProfile(path)
    expect(countRows(storage)).toEqual(all)
    expect(notices.list()).toMatchObject([{ kind: 'recovered' }])
    expect(notices.list()[0]!.detail).toContain(`instead of ${latest}.`)
    expect(storage.get('PRAGMA user_version')).toEqual({ user_version: latest })
    storage.close()
  },
)

it.each<[string, (database: DatabaseSync) => void]>([
  ['the next one', (database) => setSchemaVersion(database, latest + 1)],
  ['one that differs in a bit', (database) => setSchemaVersion(database, latest ^ 64)],
  [
    'one from before there were stamps',
    (database) => database.exec(`PRAGMA user_version = ${latest ^ 64}; PRAGMA application_id = 0`),
  ],
  [
    'one with a flipped stamp',
    (database) => {
      setSchemaVersion(database, latest ^ 64)
      const { application_id } = database.prepare('PRAGMA application_id').get() as { application_id: number }
      database.exec(`PRAGMA application_id = ${application_id ^ 256}`)
    },
  ],
])('a newer schema is refused, %s, and left as it is', async (_, make) => {
  const path = take()
  edit(path, make)
  const before = readFileSync(databaseOf(path))
  expect(await openProfile(testOptions(path))).toMatchObject({ ok: false, error: { code: 'profile-is-newer' } })
  expect(readFileSync(databaseOf(path)).equals(before)).toBe(true)
  expect(existsSync(join(path, 'quarantine'))).toBe(false)
})

it('is set anew where it is missing or does not fit', async () => {
  for (const stamp of [0, 12_345]) {
    const path = take()
    edit(path, (database) => database.exec(`PRAGMA application_id = ${stamp}`))
    const { storage, notices } = await openTestProfile(path)
    expect(notices.list()).toEqual([])
    storage.close()
    edit(path, (database) => {
      const { application_id } = database.prepare('PRAGMA application_id').get() as { application_id: number }
      expect(application_id >>> 16).toBe(0x494b)
      expect(schemaVersion(database)).toEqual({ said: latest, is: latest })
    })
  }
})
