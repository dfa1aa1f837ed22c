import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join, relative, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Feed } from '#shared/contract/feeds.ts'
import type { IntakeItem } from '#shared/contract/intake.ts'
import type { Job } from '#shared/contract/jobs.ts'
import { uniqueKey } from '../notes/names.ts'
import { asFeed, everythingUnder, feedOf, type HostileHouse, openHostileHouse } from './hostile-house.ts'

const titles: readonly (readonly [number: string, title: string])[] = [
  ['49', '../../../../tmp/x'],
  ['50', '..\\..\\x'],
  ['51', '/etc/passwd'],
  ['52', 'C:\\x'],
  ['53', '\\\\server\\share'],
  ['54', 'a/b'],
  ['55', '%2e%2e%2f'],
  ['56', '....//'],
  ...['CON', 'aux.md', 'nul', 'COM1.txt', 'LPT9', 'CONIN$', 'COM¹'].map((title) => ['57', title] as const),
  ...['name.', 'name ', '.hidden', '~$x', '-rf'].map((title) => ['58', title] as const),
  ...['😀'.repeat(300), 'x'.repeat(255), 'x'.repeat(256)].map((title) => ['59', title] as const),
  ...['Café', 'Cafe\u0301', 'Straße', 'STRASSE', 'K', '\u212a', 'ISTANBUL', 'ıstanbul'].map(
    (title) => ['60', title] as const,
  ),
  ...['Intro v1.5', 'Intro v1.6'].map((title) => ['61', title] as const),
  ...['CLAUDE.md', 'AGENTS.md', '.obsidian/plugins/x/main.js', '.git/hooks/post-checkout'].map(
    (title) => ['105', title] as const,
  ),
]

let home: HostileHouse
let feed: Feed
/** Episode ids in the order of `titles`. */
let ids: string[]
beforeAll(async () => {
  home = await openHostileHouse()
  home.routes['/titles.xml'] = asFeed(
    feedOf(titles.map(([, title], index) => ({ guid: `../${index}`, title, inside: home.spoken() }))),
  )
  feed = await home.follow('/titles.xml')
  const byGuid = new Map(
    (await home.episodes(feed.id)).map(({ id }) => [home.house.episodes.get(id)!.guid, id] as const),
  )
  ids = titles.map((_, index) => byGuid.get(`../${index}`)!)
})
afterAll(() => home.close())

describe('titles of shows and episodes', () => {
  const folders = new Map<string, string>()
  it.each(titles)('%s %j is one safe component each', async (_number, title) => {
    const index = titles.findIndex((one) => one[1] === title)
    await home.ask('feeds.rename', { feedId: feed.id, title })
    const folder = (await home.write(ids[index]!, `Of ${index}.`, 'run-1')).folder
    const parts = relative(home.vaultPath, folder).split(sep)
    expect(parts).toHaveLength(2)
    for (const part of parts) {
      expect(part).not.toMatch(/[/\\:*?"<>|#^[\]\p{Cc}\p{Cf}]|^[.\s~-]|[.\s]$/u)
      expect(part).not.toMatch(/^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)/i)
      expect(part).toBe(part.normalize('NFC'))
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(120)
    }
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain(`Of ${index}.`)
    folders.set(ids[index]!, folder)
    home.expectHarmless()
  })

  it('60 and 61 no two share a folder on any disk, and each keeps its own text', () => {
    const keys = [...folders.values()].map((folder) => uniqueKey(relative(home.vaultPath, folder)))
    expect(keys).toHaveLength(titles.length)
    expect(new Set(keys).size).toBe(titles.length)
    for (const [id, folder] of folders)
      expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain(`Of ${ids.indexOf(id)}.`)
    expect(
      everythingUnder(home.vaultPath).filter((path) => /(?:CLAUDE|AGENTS)\.md$|obsidian\/|\.git/.test(path)),
    ).toEqual([])
  })

  it('61 texts of two versions that were both edited stand beside them, each under its own name', async () => {
    const pair = titles.flatMap(([number], index) => (number === '61' ? [ids[index]!] : []))
    for (const id of pair) {
      const folder = folders.get(id)!
      writeFileSync(join(folder, 'summary.md'), `Mine of ${id}`)
      await home.write(id, `Newer of ${id}`, 'run-2')
      const texts = readdirSync(folder)
        .filter((name) => name.startsWith('summary'))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
      expect(texts).toHaveLength(2)
      expect(texts).toContain(`Mine of ${id}`)
      expect(texts.some((text) => text.includes(`Newer of ${id}`))).toBe(true)
    }
    home.expectHarmless()
  })
})

/** The check of the vault allows no links: what was planted is taken away before. */
describe.skipIf(process.platform === 'win32')('things planted in the vault', () => {
  const outside = () => join(home.root, 'sentinel')
  const start = async (episodeId: string): Promise<Job> => home.process(episodeId)
  const again = async (jobId: string): Promise<Job> => {
    await home.ask('jobs.retry', { jobId })
    await home.house.jobs.idle()
    return home.ask('jobs.get', { jobId })
  }

  it.each(['a symlink', 'a file', 'a pipe'])('62 and 64 %s where the folder of a show should be', async (kind) => {
    const title = `Planted ${kind}`
    await home.ask('feeds.rename', { feedId: feed.id, title })
    const path = `/planted-${kind.slice(2)}.xml`
    home.routes[path] = asFeed(feedOf([{ guid: kind, title: 'Planted', inside: home.spoken() }]))
    const planted = join(home.vaultPath, title)
    if (kind === 'a symlink') symlinkSync(outside(), planted)
    if (kind === 'a file') writeFileSync(planted, 'Mine.')
    if (kind === 'a pipe') execFileSync('mkfifo', [planted])
    const own = await home.follow(path)
    await home.ask('feeds.rename', { feedId: own.id, title })
    const [episode] = (await home.episodes(own.id)).slice(0, 1)
    const job = await start(episode!.id)
    const file = kind === 'a file' ? readFileSync(planted, 'utf8') : 'Mine.'
    rmSync(planted)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'path-refused' } })
    expect(file).toBe('Mine.')
    expect(await again(job.id)).toMatchObject({ state: 'done' })
    home.expectHarmless()
  })

  it('64 a hard link to a file outside is not written through', async () => {
    const folder = (await home.write(ids[0]!, 'One.', 'run-10')).folder
    const note = join(folder, 'summary.md')
    rmSync(note)
    linkSync(join(outside(), 'passwd'), note)
    expect(await home.write(ids[0]!, 'Two.', 'run-11')).toMatchObject({ files: [{ outcome: 'beside-edited' }] })
    rmSync(note)
    home.expectHarmless()
  })

  it('63 a symlink swapped in again and again while notes are written', async () => {
    const folder = (await home.write(ids[1]!, 'One.', 'run-20')).folder
    for (let turn = 0; turn < 12; turn++) {
      const writing = home.write(ids[1]!, `Turn ${turn}.`, `run-21-${turn}`).catch(() => null)
      // Each time at another point of the write.
      for (let tick = 0; tick < turn * 3; tick++) await new Promise((done) => setImmediate(done))
      renameSync(folder, `${folder}-aside`)
      symlinkSync(outside(), folder)
      await writing
      rmSync(folder)
      renameSync(`${folder}-aside`, folder)
      await home.house.notes.recover()
      expect(readFileSync(join(outside(), 'passwd'), 'utf8')).toContain('root:')
      expect(readdirSync(outside())).toEqual(['passwd'])
    }
    home.expectHarmless()
  })

  it('65 a vault that is unplugged: nothing is made in its place, and a retry writes', async () => {
    const away = join(home.root, 'sentinel-away')
    renameSync(home.vaultPath, away)
    const job = await start(ids[2]!)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'vault-missing', retryable: true } })
    expect(readdirSync(home.root).sort()).toEqual(['profile', 'sentinel', 'sentinel-away'])
    renameSync(away, home.vaultPath)
    expect(await again(job.id)).toMatchObject({ state: 'done' })
    home.expectHarmless()
  })
})

describe('recordings', () => {
  const folder = () => join(home.profilePath, 'offered')
  const offer = async (name: string, content: Buffer | string): Promise<string[]> => {
    mkdirSync(folder(), { recursive: true })
    writeFileSync(join(folder(), name), content)
    const offered = await home.house.offerFiles([join(folder(), name)])
    return offered.ok ? offered.value.map(({ token }) => token) : []
  }
  const look = async (tokens: string[]): Promise<IntakeItem> => {
    const [item] = await home.ask<IntakeItem[]>('intake.inspect', { tokens })
    return item!
  }
  const take = (tokens: string[]) => home.ask<{ episodeIds: string[]; problems: string[] }>('intake.accept', { tokens })
  const sound = (salt: string): Buffer => Buffer.concat([Buffer.from('fLaC\0'), Buffer.alloc(4_000, salt)])

  it('66 names of files name nothing that is stored; recordings of feeds are not fetched', async () => {
    for (const name of ['x.mp3', 'x.exe', '..%2f..%2fx.mp3', 'CON.mp3', '-rf.mp3'])
      expect((await take(await offer(name, sound(name)))).problems).toEqual([])
    for (const name of readdirSync(join(home.profilePath, 'media'))) expect(name).toMatch(/^[0-9a-f]{64}\.flac$/)
    home.routes['/x.mp3/../../../a'] = { body: 'fetched' }
    home.routes['/files.xml'] = asFeed(
      feedOf([
        { title: 'T', inside: `<enclosure url="${home.at('/x.mp3/../../../a')}" type="audio/mpeg" length="1"/>` },
      ]),
    )
    const own = await home.follow('/files.xml')
    expect(await home.process((await home.episodes(own.id))[0]!.id)).toMatchObject({
      error: { code: 'needs-speech-recognition' },
    })
    expect(home.server.seen.filter(({ url }) => url === '/a')).toEqual([])
    home.expectHarmless()
  })

  it.each([
    ['67 a page', 'page.mp3', '<!DOCTYPE html><html><body>Log in</body></html>'],
    ['67 a program', 'program.mp3', Buffer.concat([Buffer.from('\x7fELF\x02\x01'), Buffer.alloc(500)])],
    ['67 nothing', 'empty.mp3', ''],
    ['68 a playlist that names a file', 'list.mp3', '#EXTM3U\nfile:///etc/passwd\nhttp://10.0.0.1/x\n'],
    ['68 a list of files for ffmpeg', 'concat.mp3', "ffconcat version 1.0\nfile '/etc/passwd'\n"],
  ])('%s named like a recording is refused', async (_name, name, content) => {
    const before = readdirSync(join(home.profilePath, 'media'))
    const tokens = await offer(name, content)
    expect((await look(tokens)).action).toBe('none')
    expect((await take(tokens)).episodeIds).toEqual([])
    expect(readdirSync(join(home.profilePath, 'media'))).toEqual(before)
    home.expectHarmless()
  })

  // NTFS would set the room aside at once.
  it.skipIf(process.platform === 'win32')(
    '67 more than the disk has room for, and headers that claim without end',
    async () => {
      const { bavail, bsize } = statfsSync(home.profilePath)
      const claims = Buffer.concat([Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f'), Buffer.alloc(4_000)])
      const tokens = await offer('huge.mp3', claims)
      truncateSync(join(folder(), 'huge.mp3'), bavail * bsize + 1_000_000_000)
      const taken = await take(tokens)
      expect(taken).toMatchObject({ episodeIds: [], problems: [expect.stringContaining('not enough room')] })
      rmSync(join(folder(), 'huge.mp3'))
      home.expectHarmless()
    },
  )

  it.skipIf(process.platform === 'win32')('67 a pipe that never ends is not waited on', async () => {
    mkdirSync(folder(), { recursive: true })
    execFileSync('mkfifo', [join(folder(), 'endless.mp3')])
    expect(await home.house.offerFiles([join(folder(), 'endless.mp3')])).toMatchObject({ ok: false })
  })
})
