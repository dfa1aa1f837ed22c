import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEpisodesService } from '../episodes/service.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import { cutWhenWritten, type Loopback, serveHttp } from '../net/fixtures/loopback-server.ts'
import { createHttp } from '../net/http.ts'
import type { EpisodeRecord } from '../services.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createDecoder } from './decoder.ts'
import { takePartialPlace } from './partial-place.ts'
import { createRecordings, type RecordingsService } from './recordings.ts'

const sound = readFileSync(fileURLToPath(new URL('../../../assets/speech/probe.wav', import.meta.url)))
const never = new AbortController().signal
let folder: string
let server: Loopback
let storage: Storage
let http: ReturnType<typeof createHttp>
let episode: EpisodeRecord
let recordings: RecordingsService
let answer: (request: IncomingMessage, response: ServerResponse) => void
let free: number
let most: number

const whole = (request: IncomingMessage, response: ServerResponse, bytes: Buffer = sound): void => {
  const from = request.headers['if-range'] === '"1"' ? Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0) : 0
  response.writeHead(from > 0 ? 206 : 200, {
    etag: '"1"',
    'content-type': 'audio/wav',
    'content-length': String(bytes.length - from),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  response.end(bytes.subarray(from))
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-recordings-'))
  const clock = { now: () => Date.now() }
  const opened = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  const events = createEvents((error) => {
    throw error
  })
  http = createHttp({ log: silentLog, clock, limits: { idleMs: 2_000 } })
  server = await serveHttp((request, response) => answer(request, response))
  answer = whole
  free = 1e12
  most = 1e9
  const service = createEpisodesService({ storage, events, clock, ids: createIds(clock), desktop: null })
  const local = service.addLocal({
    title: 'Tides',
    contentSha256: 'a',
    publishedAtMs: null,
    durationSeconds: 22,
    language: 'en',
    mediaPath: null,
    mediaType: null,
    link: null,
  })
  episode = { ...local, feedKind: 'rss', mediaUrl: `http://${server.host}/tides.wav`, mediaType: 'audio/wav' }
  recordings = createRecordings({
    storage,
    events,
    clock,
    log: silentLog,
    episodes: { get: (id) => (id === episode.id ? episode : null) },
    downloader: { download: (_, url, options) => http.download({ url, allowLocalHosts: [server.host], ...options }) },
    decoder: createDecoder({ log: silentLog, chosen: () => null }),
    profilePath: folder,
    maxBytes: () => most,
    freeBytes: async () => free,
  })
})
afterEach(async () => {
  await http.close()
  await server.close()
  storage.close()
  await rm(folder, { recursive: true, force: true })
})

const obtain = (signal = never) => recordings.obtain(episode.id, { signal, onProgress: () => {} })
const inMedia = (): string[] => readdirSync(join(folder, 'media')).sort()

it('is fetched once, named by what it holds, and named by the episode', async () => {
  const got = await obtain()
  const name = `${createHash('sha256').update(sound).digest('hex')}.wav`
  expect(got).toMatchObject({ ok: true, value: { path: join(folder, 'media', name) } })
  expect(got.ok && got.value.durationSeconds).toBeCloseTo(22.6, 0)
  expect(inMedia()).toEqual([name])
  expect(storage.get('SELECT media_path FROM episodes')).toEqual({ media_path: `media/${name}` })
  expect(await obtain()).toEqual(got)
  expect(server.seen).toHaveLength(1)
})

it('that was swept is fetched again', async () => {
  const got = await obtain()
  await rm(got.ok ? got.value.path : '')
  expect(await obtain()).toEqual(got)
  expect(server.seen).toHaveLength(2)
})

it('goes on after a break, in another process too', async () => {
  answer = (_, response) => {
    response.writeHead(200, { etag: '"1"', 'content-length': String(sound.length) })
    response.write(sound.subarray(0, 400_000))
    cutWhenWritten(response, join(folder, 'media', `.partial-${episode.id}`), 400_000)
  }
  expect(await obtain()).toMatchObject({ ok: false, error: { code: 'recording-unreachable', retryable: true } })
  answer = whole
  expect(await obtain()).toMatchObject({ ok: true })
  expect(server.seen.at(-1)!.headers.range).toBe('bytes=400000-')
})

it('is fetched once for two who want it at the same time', async () => {
  const [one, two] = await Promise.all([obtain(), obtain()])
  expect(one).toEqual(two)
  expect(server.seen).toHaveLength(1)
})

describe('is refused, and nothing of it is kept, when it', () => {
  it.each([
    ['is a web page', Buffer.from('<!doctype html><title>Log in</title>')],
    ['is empty', Buffer.alloc(0)],
    ['is a program', Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(100)])],
    ['is a playlist', Buffer.from('#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n')],
    ['is a feed', Buffer.from('<?xml version="1.0"?><rss/>')],
  ])('%s', async (_, bytes) => {
    answer = (request, response) => whole(request, response, bytes)
    expect(await obtain()).toMatchObject({ ok: false, error: { code: 'recording-unreadable' } })
    expect(inMedia()).toEqual([])
    expect(storage.get('SELECT media_path FROM episodes')).toEqual({ media_path: null })
  })
  it('is larger than the limit', async () => {
    most = 10_000
    expect(await obtain()).toMatchObject({ ok: false, error: { code: 'recording-too-large' } })
  })
  it('does not fit on the disk', async () => {
    free = 500_100_000
    expect(await obtain()).toMatchObject({ ok: false, error: { code: 'no-room', retryable: true } })
  })
})

it.each([
  [401, 'needs-password'],
  [403, 'recording-unreachable'],
  [404, 'recording-unreachable'],
  [500, 'recording-unreachable'],
])('says in words that the server answers %i', async (status, code) => {
  answer = (_, response) => void response.writeHead(status).end()
  expect(await obtain()).toMatchObject({ ok: false, error: { code, message: expect.stringContaining(String(status)) } })
})

it('without an address says what to do', async () => {
  episode = { ...episode, mediaUrl: null, feedKind: 'local' }
  expect(await obtain()).toMatchObject({
    ok: false,
    error: { code: 'no-recording', message: expect.stringContaining('Drop the file') },
  })
  expect(recordings.has(episode)).toBe(false)
})

it('given up downloads are swept, those that may go on are not', async () => {
  answer = (_, response) => {
    response.writeHead(200, { etag: '"1"', 'content-length': String(sound.length) })
    response.write(sound.subarray(0, 400_000))
    cutWhenWritten(response, join(folder, 'media', `.partial-${episode.id}`), 400_000)
  }
  await obtain()
  writeFileSync(join(folder, 'media', 'mine.txt'), '')
  expect(await recordings.sweep()).toBe(0)
  const partial = join(folder, 'media', `.partial-${episode.id}`)
  utimesSync(partial, 1, 1)
  expect(await recordings.sweep()).toBe(1)
  expect(inMedia()).toEqual(['mine.txt'])
})

it('two processes never write to one file', async () => {
  const media = join(folder, 'media')
  await obtain()
  const first = await takePartialPlace(media, episode.id)
  const lock = `${first.path}.lock`
  expect(existsSync(lock)).toBe(true)
  // Another process that lives.
  writeFileSync(lock, String(process.ppid))
  const second = await takePartialPlace(media, episode.id)
  expect(second.path).not.toBe(first.path)
  // And one that is gone.
  writeFileSync(lock, '999999999')
  expect((await takePartialPlace(media, episode.id)).path).toBe(first.path)
})
