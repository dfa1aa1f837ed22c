import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fail, ok } from '#shared/result.ts'
import { createEpisodesService } from '../episodes/service.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import type { EpisodeRecord } from '../services.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createTranscriptsService } from '../transcripts/service.ts'
import { createWorkerRunner } from '../workers/runner.ts'
import { createOfferedFiles } from './offered-files.ts'
import { createIntakeService } from './service.ts'

const clock = { now: () => Date.UTC(2026, 10, 23, 12) }
const ids = createIds(clock)
const workers = createWorkerRunner(new URL('../headless.ts', import.meta.url))
const prose = 'The tide comes in twice a day and the clerk writes it down in the long book by the door. '.repeat(4)
const srt = '1\n00:00:00,000 --> 00:00:02,000\nMaren: The tide\n\n2\n00:00:02,000 --> 00:01:40,000\nTeo: comes in.\n'

/** Silence as a player would find it: 8 kHz, one channel, 8 bit. */
function wav(seconds: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + seconds * 8000, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(8000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(seconds * 8000, 40)
  return Buffer.concat([header, Buffer.alloc(seconds * 8000, 0x80)])
}

let folder: string
let storage: Storage
let pages: Record<string, { status?: number; type?: string; body: string | Buffer }>
let asked: string[]
let added: string[]
let started: { episodeIds: string[]; templates?: string[] | undefined }[]
let intake: ReturnType<typeof createIntakeService>
let offered: ReturnType<typeof createOfferedFiles>
let episodes: ReturnType<typeof createEpisodesService>
let transcripts: ReturnType<typeof createTranscriptsService>
let chosen: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-intake-'))
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  const events = createEvents((error) => {
    throw error
  })
  pages = {}
  asked = []
  added = []
  started = []
  chosen = []
  offered = createOfferedFiles()
  episodes = createEpisodesService({ storage, events, clock, ids, desktop: null })
  const unreachable = async () => fail('connect-failed' as const, 'The server cannot be reached.')
  transcripts = createTranscriptsService({
    storage,
    events,
    clock,
    ids,
    log: silentLog,
    fetcher: { fetch: unreachable },
    episodes,
    workers,
  })
  intake = createIntakeService({
    episodes,
    transcripts,
    offeredFiles: offered,
    workers,
    clock,
    log: silentLog,
    profilePath: join(folder, 'profile'),
    desktop: { chooseFiles: async () => chosen },
    sample: { add: async () => ok({ feedId: 'f', episodeId: 'e' }) },
    feeds: {
      async add({ url }) {
        if (url.includes('refused')) return fail('refused', 'The server refuses to give it (403).')
        added.push(url)
        return ok({ feed: { id: `feed:${url}` }, alreadyFollowed: false })
      },
      importOpmlBytes: async (opml) =>
        ok({
          feedIds: ['feed:added'],
          lines: [
            {
              line: 3,
              title: opml.length > 0 ? 'Bad' : '',
              urlDisplay: null,
              outcome: 'failed',
              message: 'It failed.',
            },
          ],
        }),
    },
    jobs: {
      start(input) {
        started.push(input)
        return ok({ jobIds: input.episodeIds.map((id) => `job:${id}`), skipped: 0 })
      },
    },
    http: {
      async get({ url }) {
        asked.push(url)
        const page = pages[url]
        if (!page) return fail('dns-failed', 'There is no such site.')
        return ok({
          status: page.status ?? 200,
          headers: { 'content-type': page.type ?? 'text/html' },
          body: Buffer.from(page.body),
          url,
          hops: [],
        })
      },
    },
  })
})
afterEach(() => {
  storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}
const offer = async (...paths: string[]): Promise<string[]> => {
  const result = await offered.offer(paths)
  if (!result.ok) throw new Error(result.error.message)
  return result.value.map(({ token }) => token)
}
const look = async (input: { text?: string; tokens?: string[] }) => {
  const result = await intake.inspect(input)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const accept = async (input: { text?: string; tokens?: string[]; templates?: string[] }) => {
  const result = await intake.accept(input)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const rows = (): EpisodeRecord[] => {
  const all = storage.all<{ id: string }>('SELECT id FROM episodes ORDER BY id')
  return all.map(({ id }) => episodes.get(id)!)
}

describe('pasted words', () => {
  test('a transcript becomes an episode with speakers and times, and a job', async () => {
    const [item] = await look({ text: srt })
    expect(item).toMatchObject({ kind: 'transcript', action: 'make-notes', costMicroUsd: 0 })
    expect(item!.sentence).toMatch(/^A transcript \(SRT, 2 min, 4 words, 2 speakers\): notes are made .*\.$/)
    const accepted = await accept({ text: srt, templates: ['quotes'] })
    expect(accepted).toMatchObject({ problems: [], feedIds: [], jobIds: [`job:${accepted.episodeIds[0]}`] })
    expect(started).toEqual([{ episodeIds: accepted.episodeIds, templates: ['quotes'] }])
    expect(transcripts.stored(accepted.episodeIds[0]!)).toMatchObject({
      source: 'text',
      format: 'srt',
      hasSpeakers: true,
    })
    expect(rows()[0]).toMatchObject({ durationSeconds: 100, feedKind: 'local' })
  })
  test('the same text again is the same episode', async () => {
    const first = await accept({ text: `# Tides\n\n${prose}` })
    const second = await accept({ text: `# Tides\n\n${prose}` })
    expect(second.episodeIds).toEqual(first.episodeIds)
    expect(rows().map(({ title }) => title)).toEqual(['Tides'])
  })
  test('too few words say why', async () => {
    expect(await look({ text: 'Hello there.' })).toEqual([
      {
        kind: 'unsupported',
        title: 'Hello there.',
        sentence: expect.stringContaining('notes need 40 words or more'),
        action: 'none',
        costMicroUsd: 0,
      },
    ])
    const accepted = await accept({ text: 'Hello there.' })
    expect(accepted).toMatchObject({ episodeIds: [], jobIds: [], problems: [expect.stringContaining('2 words')] })
    expect(started).toEqual([])
  })
  test('lists of feeds and sources of feeds', async () => {
    expect(await look({ text: '<?xml version="1.0"?><opml version="2.0"><body/></opml>' })).toMatchObject([
      { kind: 'opml', action: 'import-opml' },
    ])
    expect(await look({ text: '<rss version="2.0"><channel/></rss>' })).toMatchObject([{ kind: 'unsupported' }])
    expect(await accept({ text: '<opml/>' })).toMatchObject({
      feedIds: ['feed:added'],
      problems: ['Line 3, Bad: It failed.'],
    })
  })
  test('looking changes nothing', async () => {
    pages['https://example.com/a'] = { body: `<html><article><p>${prose}</p></article></html>` }
    const count = () =>
      storage.get(
        'SELECT (SELECT count(*) FROM audit) AS a, (SELECT count(*) FROM episodes) AS e, (SELECT count(*) FROM feeds) AS f',
      )
    const before = count()
    const tokens = await offer(file('talk.wav', wav(2)), file('notes.md', prose))
    await look({ text: srt, tokens })
    await look({ text: 'https://example.com/a' })
    expect(count()).toEqual(before)
    expect(readdirSync(folder).sort()).toEqual(['notes.md', 'talk.wav'])
  })
})

describe('pasted addresses', () => {
  test('feeds, feed schemes, YouTube, Apple, private ones', async () => {
    pages['https://example.com/feed'] = {
      type: 'text/html',
      body: '<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>',
    }
    for (const text of [
      'https://example.com/feed',
      'feed://example.com/feed',
      'https://www.youtube.com/@tides',
      'https://podcasts.apple.com/gb/podcast/tides/id1234567',
      'https://me:secret@example.com/private',
    ])
      expect([text, (await look({ text }))[0]?.action]).toEqual([text, 'add-feed'])
    // Only the one that could be an article was fetched.
    expect(asked).toEqual(['https://example.com/feed'])
    const [item] = await look({ text: 'https://me:secret@example.com/private' })
    expect(JSON.stringify(item)).not.toContain('secret')
  })
  test('several, one per line, are several things', async () => {
    const accepted = await accept({ text: 'feed://a.example/1\nfeed://b.example/2\n\nfeed://refused.example/3' })
    expect(accepted.feedIds).toHaveLength(2)
    expect(accepted.problems).toEqual(['The server refuses to give it (403).'])
  })
  test('an article is read without its surroundings, and fetched once', async () => {
    pages['https://example.com/tides'] = {
      body: `<!doctype html><html lang="en-GB"><head><title>Tides | Example</title><meta property="og:type" content="article">
        <meta property="article:published_time" content="2026-04-08T10:00:00Z">
        <link rel="alternate" type="application/rss+xml" href="/feed"></head><body>
        <nav><p>${prose} navigation</p></nav><article><h1>How a tide table is made</h1>
        <p>${prose}</p><div class="share-buttons">Share this</div><h2>The clerk</h2><p>${prose} <a href="/x">A link</a>.</p>
        <script>alert(1)</script><p>${prose}</p></article>
        <div class="comments"><p>First! ${prose}</p></div><footer>${prose}</footer></body></html>`,
    }
    const [item] = await look({ text: 'https://example.com/tides' })
    expect(item).toMatchObject({ kind: 'web-page', title: 'How a tide table is made', action: 'make-notes' })
    const accepted = await accept({ text: 'https://example.com/tides' })
    expect(asked).toEqual(['https://example.com/tides'])
    const text = transcripts
      .stored(accepted.episodeIds[0]!)!
      .segments.map((segment) => segment.text)
      .join('\n')
    expect(text).toContain('The clerk')
    expect(text).not.toMatch(/navigation|Share this|First!|alert|How a tide table/)
    expect(rows()[0]).toMatchObject({
      link: 'https://example.com/tides',
      publishedAtMs: Date.UTC(2026, 3, 8, 10),
      language: 'en',
    })
  })
  test('a show’s page with a feed is followed', async () => {
    const link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    pages['https://example.com/'] = {
      body: `<html><head>${link}</head><body><article><p>${prose.repeat(4)}</p></article></body></html>`,
    }
    pages['https://example.com/show'] = { body: `<html><head>${link}</head><body><p>Soon.</p></body></html>` }
    expect(await look({ text: 'https://example.com/' })).toMatchObject([{ action: 'add-feed' }])
    expect(await look({ text: 'https://example.com/show' })).toMatchObject([{ action: 'add-feed' }])
  })
  test('a transcript at a link', async () => {
    pages['https://example.com/t/2026-tides.srt?x=1'] = { type: 'text/plain', body: srt }
    const [item] = await look({ text: 'https://example.com/t/2026-tides.srt?x=1' })
    expect(item).toMatchObject({ kind: 'transcript', action: 'make-notes' })
    await accept({ text: 'https://example.com/t/2026-tides.srt?x=1' })
    expect(transcripts.stored(rows()[0]!.id)).toMatchObject({ source: 'file', hasTimes: true, hasSpeakers: true })
  })
  test.each([
    ['a login page', { body: '<html><title>Log in</title><input type="password"></html>' }, 'login page'],
    ['an empty page', { body: '<html><body>Hi</body></html>' }, 'neither a feed nor an article'],
    ['a recording', { body: 'ID3\x04\x00 sound' }, 'download it and drop the file'],
    ['a missing page', { status: 404, body: 'no' }, '404'],
    ['a program', { body: '\x7fELF\x02\x01' }, 'a program'],
    ['a few words', { type: 'text/plain', body: 'Hello there you.' }, '40 words'],
  ])('%s is told apart', async (_, page, words) => {
    pages['https://example.com/x'] = page
    const [item] = await look({ text: 'https://example.com/x' })
    expect(item).toMatchObject({ kind: 'unsupported', action: 'none', sentence: expect.stringContaining(words) })
  })
  test('Spotify and unknown schemes say what to do', async () => {
    expect(await look({ text: 'https://open.spotify.com/show/abc' })).toMatchObject([{ kind: 'unsupported' }])
    for (const text of ['file:///etc/passwd', 'javascript://alert(1)', 'data://x'])
      expect([text, (await look({ text }))[0]?.kind]).toEqual([text, 'unsupported'])
    expect(asked).toEqual([])
  })
})

describe('files', () => {
  test('a recording with its transcript beside it; the transcript is not a second thing', async () => {
    const recording = file('2026-04-08 tide talk.wav', wav(100))
    const beside = file('2026-04-08 tide talk.en.srt', srt)
    file('2026-04-08 tide talk.txt', prose)
    const tokens = await offer(recording, beside)
    const items = await look({ tokens })
    expect(items).toMatchObject([{ kind: 'media', title: 'tide talk', action: 'make-notes' }])
    expect(items[0]!.sentence).toMatch(
      /^A WAV recording \(2 min, 800 kB\) with its transcript beside it in “2026-04-08 tide talk.en.srt”/,
    )
    const accepted = await accept({ tokens })
    expect(accepted.jobIds).toHaveLength(1)
    const [episode] = rows()
    expect(episode).toMatchObject({
      publishedAtMs: Date.UTC(2026, 3, 8),
      durationSeconds: 100,
      mediaType: 'audio/wav',
      language: 'en',
    })
    expect(transcripts.stored(episode!.id)).toMatchObject({ source: 'sidecar', hasSpeakers: true })
    expect(readdirSync(join(folder, 'profile/media'))).toHaveLength(1)
  })
  test('a recording alone is kept and listed, without a job', async () => {
    const tokens = await offer(file('talk.mp3', wav(3)))
    const [item] = await look({ tokens })
    expect(item).toMatchObject({ kind: 'media', action: 'store' })
    expect(item!.sentence).toContain('needs speech recognition')
    const accepted = await accept({ tokens })
    expect(accepted).toMatchObject({ jobIds: [], problems: [] })
    expect(accepted.episodeIds).toHaveLength(1)
    expect(started).toEqual([])
    const [name] = readdirSync(join(folder, 'profile/media'))
    // Its own name and type: from its content, never from the file's name.
    expect(name).toMatch(/^[0-9a-f]{64}\.wav$/)
    const again = await accept({ tokens: await offer(file('other name.mp3', wav(3))) })
    expect(again.episodeIds).toEqual(accepted.episodeIds)
    expect(rows()).toHaveLength(1)
  })
  test('articles, transcripts, lists of feeds', async () => {
    const article = file('2026-01-02 tides.md', `# On tides\n\n${prose}`)
    const talk = file('talk.vtt', `WEBVTT\n\n00:00.000 --> 00:09.000\n<v Maren>Hello you.\n`)
    const list = file('feeds.xml', '<?xml version="1.0"?><opml version="2.0"><body/></opml>')
    utimesSync(talk, 1_700_000_000, 1_700_000_000)
    const tokens = await offer(article, talk, list)
    expect((await look({ tokens })).map(({ kind, title, action }) => [kind, title, action])).toEqual([
      ['article', 'On tides', 'make-notes'],
      ['transcript', 'talk', 'make-notes'],
      ['opml', 'feeds.xml', 'import-opml'],
    ])
    const accepted = await accept({ tokens })
    expect(accepted.episodeIds).toHaveLength(2)
    expect(accepted.problems).toEqual(['Line 3, Bad: It failed.'])
    expect(rows().map(({ publishedAtMs }) => publishedAtMs)).toEqual([Date.UTC(2026, 0, 2), 1_700_000_000_000])
  })
  test.each([
    ['empty.mp3', '', '0 bytes'],
    ['page.mp3', `<html><title>Log in</title><input type="password"></html>`, 'login page'],
    ['program.mp3', '\x7fELF\x02\x01\x01', 'a program'],
    ['list.mp3', '#EXTM3U\nfile:///etc/passwd', 'a playlist'],
    ['concat.mp3', "ffconcat version 1.0\nfile 'http://10.0.0.1/'", 'a playlist'],
    ['noise.mp3', Buffer.alloc(300, 7), 'not text'],
    ['short.txt', 'Hello.', '40 words'],
    ['feed.rss', '<rss version="2.0"/>', 'paste its web address'],
  ])('%s is refused with its reason', async (name, content, words) => {
    const tokens = await offer(file(name, content))
    expect(await look({ tokens })).toMatchObject([{ kind: 'unsupported', sentence: expect.stringContaining(words) }])
    const accepted = await accept({ tokens })
    expect(accepted).toMatchObject({ episodeIds: [], problems: [expect.stringContaining(words)] })
    expect(rows()).toEqual([])
  })
  test('hostile names name nothing on disk', async () => {
    const tokens = await offer(file('..%2f..%2fx.exe', wav(1)), file('CON.mp3', wav(2)))
    await accept({ tokens })
    for (const name of readdirSync(join(folder, 'profile/media'))) expect(name).toMatch(/^[0-9a-f]{64}\.wav$/)
  })
  test('tokens nobody made, and files that went away', async () => {
    expect(await look({ tokens: ['../../etc/passwd'] })).toMatchObject([{ kind: 'unsupported' }])
    const path = file('gone.srt', srt)
    const tokens = await offer(path)
    rmSync(path)
    expect(await look({ tokens })).toMatchObject([{ sentence: expect.stringContaining('no longer there') }])
  })
  test.skipIf(process.platform === 'win32')('a pipe put in a file’s place is not waited on', async () => {
    const path = file('talk.srt', srt)
    const tokens = await offer(path)
    rmSync(path)
    execFileSync('mkfifo', [path])
    expect(await look({ tokens })).toMatchObject([{ kind: 'unsupported' }])
  })
})

describe('the rest', () => {
  test('without a window: a folder, a text', async () => {
    file('talks/a.srt', srt)
    file('talks/b.txt', prose)
    const taken = await intake.takeFile(join(folder, 'talks'), { templates: ['summary'] })
    expect(taken.ok && taken.value.episodeIds).toHaveLength(2)
    expect(started[0]?.templates).toEqual(['summary'])
    expect(await intake.takeFile(join(folder, 'nowhere'))).toMatchObject({ ok: false, error: { code: 'no-files' } })
    const text = await intake.takeText(srt.replace('Maren', 'Ada'))
    expect(text.ok && text.value.episodeIds).toHaveLength(1)
  })
  test('files are chosen in a dialog, or not', async () => {
    expect(await intake.chooseFiles()).toEqual({ ok: true, value: null })
    chosen = [file('a.srt', srt)]
    expect(await intake.chooseFiles()).toMatchObject({ ok: true, value: [{ name: 'a.srt', bytes: srt.length }] })
  })
  test('the sample', async () => {
    expect(await intake.trySample()).toEqual({ ok: true, value: { feedId: 'f', episodeId: 'e', jobId: 'job:e' } })
  })
})
