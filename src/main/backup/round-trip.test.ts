import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Result } from '#shared/result.ts'
import { insertFeed } from '../feeds/store.ts'
import { temporaryFolder } from '../notes/notes-testing.ts'
import { goldenVersions, unpackGoldenProfile } from '../storage/golden-profile.ts'
import { migrations } from '../storage/migrations/index.ts'
import type { BackupFs } from './archive/files.ts'
import { makeProfile, namesIn, open, port, put, tellingFs, temporaryRoot, writeInput } from './backup-testing.ts'
import { extractProfile } from './extract.ts'
import { inspect } from './inspect.ts'
import { type WorkPort, writeBackup } from './write.ts'

let root: string
beforeEach(() => {
  root = temporaryRoot()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const extract = (path: string, passphrase: string | null = null, work = port()) =>
  extractProfile({ path, passphrase, basePath: join(root, 'base'), sha256: null, nowMs: 1_800_000_000_000 }, work)

beforeEach(() => mkdirSync(join(root, 'base')))

describe.each([
  ['plain', null],
  ['encrypted', 'eight words'],
])('%s', (_form, passphrase) => {
  it('what is restored and backed up again is the same', async () => {
    const profilePath = await makeProfile(root)
    const first = value(await writeBackup(writeInput(profilePath, { passphrase }), port()))
    expect(first.manifest.entries.map(({ path }) => path)).toEqual([
      'inkwell.db',
      `blobs/ab/${'ab'.padEnd(64, '0')}`,
      'keep/01890000-0000-7000-8000-000000000000',
      'media/0123.mp3',
      'templates/Über mich.yaml',
    ])
    expect(first.manifest.counts).toMatchObject({ jobs: 5, feeds: 0 })
    expect(first.manifest).toMatchObject({ flaws: [], leftOut: [] })
    const restored = value(await extract(first.path, passphrase))
    // Opened as the app does, and closed.
    ;(await open(restored.profilePath)).close()
    mkdirSync(join(restored.profilePath, 'backups'))
    const second = value(await writeBackup(writeInput(restored.profilePath, { passphrase }), port()))
    const files = ({ entries }: typeof first.manifest) => entries.filter(({ path }) => path !== 'inkwell.db')
    expect(second.manifest.tables).toEqual(first.manifest.tables)
    expect(files(second.manifest)).toEqual(files(first.manifest))
    expect({ ...second.manifest, entries: 0 }).toEqual({ ...first.manifest, entries: 0 })
    expect(readFileSync(join(restored.profilePath, 'templates/Über mich.yaml'), 'utf8')).toBe('name: mine\n')
    expect(namesIn(root)).toEqual(['base', 'profile'])
    expect(namesIn(join(root, 'base/restored'))).toHaveLength(1)
    expect(namesIn(profilePath).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

it('the same content makes the same bytes', async () => {
  const profilePath = await makeProfile(root)
  const [one, two] = [
    value(await writeBackup(writeInput(profilePath), port())),
    value(await writeBackup(writeInput(profilePath), port())),
  ]
  expect(two.path).not.toBe(one.path)
  expect(readFileSync(two.path).equals(readFileSync(one.path))).toBe(true)
})

it('asks for the words, and says when they are wrong', async () => {
  const profilePath = await makeProfile(root)
  const { path } = value(await writeBackup(writeInput(profilePath, { passphrase: 'eight words' }), port()))
  const opened = (passphrase: string | null) => inspect({ path, passphrase, profilePath }, port())
  expect(await opened(null)).toMatchObject({ error: { code: 'needs-passphrase' } })
  expect(await opened('eight wards')).toMatchObject({ error: { code: 'wrong-passphrase' } })
  expect(await opened('eight words')).toMatchObject({ ok: true })
  expect(await extract(path, 'eight wards')).toMatchObject({ error: { code: 'wrong-passphrase' } })
  expect(namesIn(join(root, 'base/restored'))).toEqual([])
  expect(readFileSync(path).includes('Wörter')).toBe(false)
})

it.each(goldenVersions)('restores a profile of schema %i', async (version) => {
  const { profilePath } = unpackGoldenProfile(version, root)
  mkdirSync(join(profilePath, 'backups'), { recursive: true })
  const made = value(await writeBackup(writeInput(profilePath), port()))
  expect(made.manifest.databaseSchema).toBe(version)
  const restored = value(await extract(made.path))
  const storage = await open(restored.profilePath)
  expect(storage.get('PRAGMA user_version')).toEqual({ user_version: migrations.at(-1)!.version })
  storage.close()
  expect(namesIn(restored.profilePath).filter((name) => name.includes('before'))).toEqual([])
})

it('refuses a newer schema with words', async () => {
  const profilePath = await makeProfile(root)
  const database = new DatabaseSync(join(profilePath, 'inkwell.db'))
  database.exec('PRAGMA user_version = 999')
  database.close()
  const { path } = value(await writeBackup(writeInput(profilePath), port()))
  expect(await extract(path)).toMatchObject({
    error: { code: 'newer', message: expect.stringContaining('schema 999') },
  })
  expect(namesIn(join(root, 'base/restored'))).toEqual([])
})

it('restores no feed that says it has a picture: backups have none, and the next refresh brings it', async () => {
  const profilePath = await makeProfile(root)
  const before = await open(profilePath)
  before.write('feeds.add', (tx) => {
    const known = { artwork_sha256: 'ab', artwork_type: 'image/png', artwork_key: 'a', etag: 'e', body_sha256: 'b' }
    insertFeed(tx, {
      ...{ id: 'f', kind: 'rss', own_title: 'Tides', url: 'https://tides.example/', url_display: 'tides.example' },
      ...{ url_key: 'k', added_at_ms: 1, state_kind: 'fine', state_message: 'Fine', user_title: 'Mine', ...known },
    })
    tx.audit('feed:f', null, {})
  })
  before.close()
  const { path } = value(await writeBackup(writeInput(profilePath), port()))
  const restored = await open(value(await extract(path)).profilePath)
  expect(restored.get('SELECT user_title, artwork_sha256, artwork_type, etag, body_sha256 FROM feeds')).toEqual({
    ...{ user_title: 'Mine', artwork_sha256: null, artwork_type: null, etag: null, body_sha256: null },
  })
  restored.close()
})

it('is of one moment, whatever is written meanwhile', async () => {
  const profilePath = await makeProfile(root)
  const storage = await open(profilePath)
  let writes = 0
  const timer = setInterval(() => put(storage, `more-${writes++}`), 1)
  const made = value(await writeBackup(writeInput(profilePath), port()))
  clearInterval(timer)
  expect(writes).toBeGreaterThan(1)
  storage.close()
  const rows = Object.fromEntries(made.manifest.tables.map((table) => [table.name, table.rows]))
  // Each job was written together with its row in the trail.
  expect(rows.jobs).toBe(rows.audit)
  expect(rows.jobs).toBeGreaterThanOrEqual(5)
})

it('tells of rows that were damaged before, and still holds them', async () => {
  const profilePath = await makeProfile(root)
  const database = new DatabaseSync(join(profilePath, 'inkwell.db'))
  database.exec("UPDATE settings SET value_json = '\"rotten\"' WHERE name = 'profile.salt'")
  database.close()
  const made = value(await writeBackup(writeInput(profilePath), port()))
  expect(made.manifest.flaws).toEqual(['settings profile.salt: not as it was written'])
  expect(await extract(made.path)).toMatchObject({ ok: true })
})

it('makes no backup of a database with damaged pages', async () => {
  const profilePath = await makeProfile(root)
  const path = join(profilePath, 'inkwell.db')
  const file = openSync(path, 'r+')
  writeSync(file, randomBytes(6_000), 0, 6_000, 8_192)
  closeSync(file)
  expect(await writeBackup(writeInput(profilePath), port())).toMatchObject({ error: { code: 'database-damaged' } })
  expect(namesIn(join(profilePath, 'backups'))).toEqual([])
})

describe('the room on the disk', () => {
  /** Whatever is asked, this much is free; what is begun in spite of it is told. */
  const crowded = (free: (folder: string) => number, made: string[]): WorkPort => {
    const fs = tellingFs((call, path) => {
      if (call === 'write') made.push(path)
    })
    return port({
      ...fs,
      statfs: (async (folder: string) => ({ bavail: free(folder), bsize: 1 })) as unknown as BackupFs['statfs'],
    })
  }

  it('is asked before the first byte of a backup, for the copies of the database too', async () => {
    const profilePath = await makeProfile(root)
    const database = statSync(join(profilePath, 'inkwell.db')).size
    const made: string[] = []
    const write = (free: number) =>
      writeBackup(
        writeInput(profilePath),
        crowded(() => free, made),
      )
    expect(await write(2.4 * database)).toMatchObject({
      error: { code: 'no-space', retryable: true, message: expect.stringMatching(/has \d+ MB left; the backup needs/) },
    })
    expect(made).toEqual([])
    expect(namesIn(join(profilePath, 'backups'))).toEqual([])
    expect(namesIn(profilePath).filter((name) => name.startsWith('.~'))).toEqual([])
    expect(await write(2.6 * database + 10_000)).toMatchObject({ ok: true })
  })

  it('is asked of each disk for what lies on it', async () => {
    const profilePath = await makeProfile(root)
    // Another disk than the profile's, where there is one.
    const folder = mkdtempSync(join(temporaryFolder(), 'inkwell-backups-'))
    try {
      const made: string[] = []
      const small = writeInput(profilePath, { target: { folder } })
      const free = (full: string) => (asked: string) => (asked.startsWith(full) ? 1_000 : 1e12)
      for (const full of [folder, profilePath])
        expect(await writeBackup(small, crowded(free(full), made))).toMatchObject({
          error: { code: 'no-space', message: expect.stringContaining('The disk of') },
        })
      expect(made).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('is asked before anything is restored or looked into', async () => {
    const profilePath = await makeProfile(root)
    const { path } = value(await writeBackup(writeInput(profilePath), port()))
    const made: string[] = []
    const full = crowded(() => 1_000, made)
    expect(await extract(path, null, full)).toMatchObject({
      error: { code: 'no-space', message: expect.stringContaining('The profile in use is as it was.') },
    })
    expect(await inspect({ path, passphrase: null, profilePath }, full)).toMatchObject({ error: { code: 'no-space' } })
    expect(made).toEqual([])
    expect(namesIn(join(root, 'base/restored'))).toEqual([])
  })
})

it('tells how far it is, forwards only, until all is done', async () => {
  const profilePath = await makeProfile(root)
  for (const run of ['write', 'extract'] as const) {
    const told: [number, string][] = []
    const telling = { ...port(), progress: (fraction: number, words: string) => void told.push([fraction, words]) }
    const done =
      run === 'write'
        ? await writeBackup(writeInput(profilePath), telling)
        : await extract(join(profilePath, 'backups', namesIn(join(profilePath, 'backups'))[0]!), null, telling)
    expect(done).toMatchObject({ ok: true })
    const fractions = told.map(([fraction]) => fraction)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(fractions.at(-1)).toBeGreaterThan(0.9)
    expect(fractions.at(-1)).toBeLessThanOrEqual(1)
    expect(new Set(told.map(([, words]) => words)).size).toBeGreaterThan(2)
  }
})

it('takes a long recording along without holding it in memory', async () => {
  const passphrase = 'eight words'
  const profilePath = await makeProfile(root)
  const path = join(profilePath, 'media/long.mp3')
  const bytes = 40_000_000
  for (let at = 0; at < bytes; at += 1_000_000) writeFileSync(path, randomBytes(1_000_000), { flag: 'a' })
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  /** Without what only waits for the collector. */
  const held = (): number => {
    collect()
    // Buffers are given back behind the first collection, on a busy computer much later; the next one waits for it.
    collect()
    const { external, heapUsed } = process.memoryUsage()
    return external + heapUsed
  }
  const before = held()
  let writes = 0
  let most = 0
  const looking = port(
    tellingFs((call) => {
      if (call === 'write' && writes++ % 100 === 0) most = Math.max(most, held() - before)
    }),
  )
  const made = value(await writeBackup(writeInput(profilePath, { passphrase }), looking))
  const restored = value(await extract(made.path, passphrase, looking))
  // Often enough to be sure, in both.
  expect(writes).toBeGreaterThan(1_000)
  // What the stages hold on the way stays the same however long it is; held whole it would be all of it, and more.
  expect(most).toBeLessThan(bytes * 0.75)
  expect(statSync(made.path).size).toBeGreaterThan(bytes)
  const sha = (from: string) => createHash('sha256').update(readFileSync(from)).digest('hex')
  expect(sha(join(restored.profilePath, 'media/long.mp3'))).toBe(sha(path))
})
