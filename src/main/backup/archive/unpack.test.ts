import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { packTar, type TarEntry } from 'modern-tar'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { namesIn, port, temporaryRoot } from '../backup-testing.ts'
import { extractProfile } from '../extract.ts'
import { createFrameWriter } from './frame.ts'
import type { Manifest } from './manifest.ts'

let root: string
beforeEach(() => {
  root = temporaryRoot()
  mkdirSync(join(root, 'base'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
const file = (path: string, text: string): TarEntry => ({ header: { name: path, size: text.length }, body: text })
const manifest = (entries: [string, string][], change: Partial<Manifest> = {}): TarEntry => {
  const json = JSON.stringify({
    schemaVersion: 1,
    madeAtMs: 1,
    appVersion: '1',
    databaseSchema: 1,
    profileId: '',
    withMedia: true,
    entries: entries.map(([path, text]) => ({ path, bytes: text.length, sha256: sha(text) })),
    tables: [],
    counts: { feeds: 0, episodes: 0, transcripts: 0, notes: 0, interviews: 0, costEntries: 0, jobs: 0 },
    flaws: [],
    leftOut: [],
    ...change,
  })
  return file('manifest.json', json)
}

/** A file whose frame is whole, whoever made what is in it. */
async function refusalOf(payload: Uint8Array): Promise<string> {
  const path = join(root, 'made.inkwell-backup')
  const target = await open(path, 'w')
  const frame = createFrameWriter(target, {
    format: 'inkwell-backup',
    version: 1,
    madeAtMs: 1,
    app: '1',
    automatic: false,
    media: true,
    compression: 'zstd',
    encryption: null,
    profile: '',
    chunk: 65_536,
  })
  await frame.write(payload)
  await frame.finish()
  await target.close()
  const base = join(root, 'base')
  const result = await extractProfile({ path, passphrase: null, basePath: base, sha256: null, nowMs: 1 }, port())
  expect(namesIn(root)).toEqual(['base', 'made.inkwell-backup'])
  expect(namesIn(base)).toEqual(['restored'])
  expect(namesIn(join(base, 'restored'))).toEqual([])
  return result.ok ? 'restored' : `${result.error.code}: ${result.error.message}`
}
const refusal = async (entries: TarEntry[]): Promise<string> => refusalOf(zstdCompressSync(await packTar(entries)))

it.each([
  '../outside',
  '/etc/passwd',
  'media/../../outside',
  'media/..',
  'media//x',
  'media\\..\\x',
  'logs/inkwell.log',
  'restored.json',
  'inkwell.db-wal',
  'media/a\u0000b',
])('puts nothing at %s', async (path) => {
  expect(await refusal([manifest([[path, 'x']]), file(path.replaceAll('\0', ''), 'x')])).toContain('does not belong')
})

it('believes nothing that is not in the manifest', async () => {
  const media = 'media/x'
  expect(await refusal([file('other', 'x')])).toContain('does not begin with its manifest')
  expect(await refusal([manifest([[media, 'x']])])).toContain('ends before entry media/x')
  expect(await refusal([manifest([[media, 'x']]), file(media, 'y')])).toContain('entry media/x is not as its manifest')
  expect(await refusal([manifest([[media, 'x']]), file(media, 'xx')])).toContain('stands where media/x should')
  expect(
    await refusal([
      manifest([
        [media, 'x'],
        [media, 'x'],
      ]),
      file(media, 'x'),
    ]),
  ).toContain('names a file twice')
  expect(await refusal([manifest([]), file(media, 'x')])).toContain('is not in its manifest')
  const link: TarEntry = { header: { name: media, size: 0, type: 'symlink', linkname: '/etc/passwd' } }
  expect(await refusal([manifest([[media, '']]), link])).toContain('stands where media/x should')
  expect(await refusal([manifest([], { schemaVersion: 2 as 1 })])).toContain('newer')
  expect(await refusal([manifest([], { databaseSchema: 999 })])).toContain('schema 999')
  expect(await refusal([file('manifest.json', '{"a":')])).toContain('manifest.json is not readable')
  expect(await refusal([manifest([['inkwell.db', 'no database']]), file('inkwell.db', 'no database')])).toContain(
    'damaged: entry inkwell.db',
  )
})

it('reads no nonsense, and no bomb', async () => {
  expect(await refusalOf(Buffer.from('neither compressed nor a tar'))).toContain('damaged')
  expect(await refusalOf(zstdCompressSync(Buffer.from('no tar '.repeat(500))))).toContain('damaged')
  const huge: TarEntry = { header: { name: 'manifest.json', size: 300_000_000 }, body: new Uint8Array(300_000_000) }
  expect(await refusal([huge])).toContain('manifest is too large')
})
