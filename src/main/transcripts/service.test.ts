import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { fail, ok } from '#shared/result.ts'
import { createEpisodesService } from '../episodes/service.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import type { HttpResponse } from '../ports.ts'
import type { EpisodeRecord, TranscriptRef } from '../services.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createWorkerRunner } from '../workers/runner.ts'
import { createTranscriptsService } from './service.ts'

const clock = { now: () => Date.UTC(2026, 10, 23) }
const ids = createIds(clock)
const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name))
const ref = (url: string, type: string | null = null, language: string | null = null, rel: string | null = null) =>
  ({ url, type, language, rel }) satisfies TranscriptRef
const captions = (first: string): Buffer =>
  Buffer.from(`WEBVTT\n\n00:01.000 --> 00:02.000\n${first}\n\n00:02.000 --> 00:03.000\nThe tide is in.\n`)

interface World {
  storage: Storage
  episodeId: string
  /** What the publisher's server gives: bytes, a status, or a failure's code. */
  served: Record<string, Buffer | number | 'needs-password' | 'timed-out'>
  asked: string[]
  events: string[]
  warned: string[]
  obtain: (signal?: AbortSignal) => ReturnType<ReturnType<typeof createTranscriptsService>['obtain']>
  service: ReturnType<typeof createTranscriptsService>
  /** Chapters go through the real store. */
  episodeNow: () => EpisodeRecord
}

let world: World
const open = (changes: Partial<EpisodeRecord>): World => {
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  const bus = createEvents((error) => {
    throw error
  })
  const events: string[] = []
  bus.onAny((event) => events.push(event))
  const real = createEpisodesService({ storage, events: bus, clock, ids, desktop: null })
  const { id } = real.addLocal({
    title: 'Tides',
    contentSha256: 'a',
    publishedAtMs: null,
    durationSeconds: null,
    language: 'en-GB',
    mediaPath: null,
    mediaType: null,
    link: null,
  })
  const get = (episodeId: string): EpisodeRecord | null => {
    const record = real.get(episodeId)
    return record && { ...record, feedKind: 'rss', ...changes }
  }
  const asked: string[] = []
  const warned: string[] = []
  const served: World['served'] = {}
  const service = createTranscriptsService({
    desktop: null,
    rungs: [],
    workers: createWorkerRunner(new URL('../headless.ts', import.meta.url)),
    storage,
    events: bus,
    clock,
    ids,
    log: { info: () => {}, warn: (operation) => void warned.push(operation), error: () => {} },
    episodes: { ...real, get },
    fetcher: {
      async fetch(_feedId, url) {
        asked.push(url)
        const answer = served[url] ?? 404
        if (answer === 'needs-password') return fail('needs-password', 'The feed asks for its password.')
        if (answer === 'timed-out') return fail('timed-out', 'The server did not answer in time.', { retryable: true })
        const body = typeof answer === 'number' ? Buffer.from('gone') : answer
        const response: HttpResponse = {
          status: typeof answer === 'number' ? answer : 200,
          headers: {},
          body,
          url,
          hops: [],
        }
        return ok(response)
      },
    },
  })
  const obtain = (signal = new AbortController().signal) => service.obtain(id, { signal, onProgress: () => {} })
  return { storage, episodeId: id, served, asked, events, warned, obtain, service, episodeNow: () => real.get(id)! }
}

describe('the ladder', () => {
  beforeEach(() => {
    world = open({
      transcriptRefs: [ref('a.srt', 'application/x-subrip'), ref('a.vtt', 'text/vtt'), ref('a.html', 'text/html')],
    })
  })
  test('takes the one with speakers and times first, stores it, then needs no network', async () => {
    world.served['a.vtt'] = fixture('transcript-example.vtt')
    const first = await world.obtain()
    expect(first).toMatchObject({
      ok: true,
      value: { source: 'publisher', format: 'vtt', hasSpeakers: true, language: 'en-GB' },
    })
    expect(world.asked).toEqual(['a.vtt'])
    expect(world.events).toEqual(expect.arrayContaining(['transcripts.changed', 'episodes.changed']))
    expect(await world.obtain()).toEqual(first)
    expect(world.asked).toEqual(['a.vtt'])
    expect(world.service.forReading(world.episodeId)?.segments).toHaveLength(2)
    expect(world.service.stored(world.episodeId)?.segments).toHaveLength(7)
  })
  test('one that fails leaves its reason and the next is taken', async () => {
    world.served['a.vtt'] = Buffer.from('<html><title>Log in</title><input type=password></html>')
    world.served['a.srt'] = fixture('transcript-example.srt')
    const result = await world.obtain()
    expect(result).toMatchObject({ ok: true, value: { format: 'srt' } })
    expect(result.ok && result.value.warnings[0]).toMatch(/VTT.*login page/)
  })
  test('captions without speakers give way to a format that has them', async () => {
    world.served['a.vtt'] = captions('hello')
    world.served['a.srt'] = fixture('transcript-example.srt')
    expect(await world.obtain()).toMatchObject({ ok: true, value: { format: 'srt', hasSpeakers: true } })
  })
  test.each([
    [{ 'a.vtt': 401 as const }, 'needs-password'],
    [{ 'a.vtt': 'needs-password' as const }, 'needs-password'],
    [{ 'a.vtt': 'timed-out' as const }, 'transcript-unreachable'],
    [
      { 'a.vtt': Buffer.from('{}'), 'a.srt': Buffer.from(''), 'a.html': Buffer.from('\x7fELF') },
      'transcript-unreadable',
    ],
  ])('when all fail: %j', async (served, code) => {
    Object.assign(world.served, served)
    expect(await world.obtain()).toMatchObject({ ok: false, error: { code } })
    expect(world.service.stored(world.episodeId)).toBeNull()
  })
  test('a cancelled one stores nothing', async () => {
    world.served['a.vtt'] = fixture('transcript-example.vtt')
    const controller = new AbortController()
    controller.abort()
    expect(await world.obtain(controller.signal)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(world.asked).toEqual([])
  })
})

test('the show’s language comes first, another only when there is none', async () => {
  world = open({ transcriptRefs: [ref('de.vtt', 'text/vtt', 'de'), ref('en.srt', 'application/srt', 'en')] })
  world.served['de.vtt'] = fixture('transcript-example.vtt')
  world.served['en.srt'] = Buffer.from('1\n00:00:00,000 --> 00:00:01,000\nNo names here.\n')
  expect(await world.obtain()).toMatchObject({ ok: true, value: { format: 'srt', language: 'en' } })
  delete world.served['en.srt']
  world.storage.write('test', (tx) => {
    tx.audit('test', null, null)
    tx.run('DELETE FROM transcripts')
  })
  const other = await world.obtain()
  expect(other).toMatchObject({ ok: true, value: { format: 'vtt', language: 'de' } })
  expect(other.ok && other.value.warnings.at(-1)).toContain('another language')
})

test('without any reference it says what is kept and what is missing', async () => {
  world = open({ transcriptRefs: [] })
  const result = await world.obtain()
  expect(result).toMatchObject({ ok: false, error: { code: 'needs-speech-recognition' } })
  expect(!result.ok && result.error.message).toMatch(/Nothing is lost.*as a file or text, drop or paste/)
  expect(
    await world.service.obtain('nobody', { signal: new AbortController().signal, onProgress: () => {} }),
  ).toMatchObject({
    ok: false,
    error: { code: 'episode-missing' },
  })
})

describe('names', () => {
  const person = (name: string) => ({ name, role: 'host', group: 'cast', url: null })
  const speakersWith = async (names: string[], labels: string[]) => {
    world = open({ transcriptRefs: [ref('a.vtt')], persons: names.map(person) })
    world.served['a.vtt'] = Buffer.from(
      `WEBVTT\n\n${labels.map((label, index) => `00:0${index}.000 --> 00:0${index}.900\n<v ${label}>Hello there.\n\n`).join('')}`,
    )
    const result = await world.obtain()
    return result.ok ? result.value.segments.map((segment) => segment.speaker) : result.error
  }
  test('a first or last name that is one person becomes the full name', async () => {
    expect(await speakersWith(['Maren Oyelaran', 'Teo Brandt'], ['Maren', 'BRANDT', 'Ada'])).toEqual([
      'Maren Oyelaran',
      'Teo Brandt',
      'Ada',
    ])
  })
  test('two of one name, and numbered voices, stay as they are', async () => {
    expect(
      await speakersWith(['Maren One', 'Maren Two', 'Speaker Long'], ['Maren', 'Speaker 1', 'SPEAKER_00']),
    ).toEqual(['Maren', 'Speaker 1', 'SPEAKER_00'])
  })
})

describe('chapters', () => {
  test('are fetched and handed to the episode, those outside the table of contents left out', async () => {
    world = open({ transcriptRefs: [ref('a.vtt')], chaptersUrl: 'c.json' })
    world.served['a.vtt'] = captions('hello')
    world.served['c.json'] = Buffer.from(
      JSON.stringify({
        version: '1.2.0',
        chapters: [
          { startTime: 60, title: 'Second', url: 'javascript:alert(1)' },
          { startTime: 0, title: 'Intro', endTime: 20, url: 'https://example.com/' },
          { startTime: 30, title: 'Advert', toc: false },
          { startTime: 90 },
          { startTime: 'x', title: 'no time' },
          { startTime: -1, title: 'negative' },
        ],
      }),
    )
    expect((await world.obtain()).ok).toBe(true)
    expect(world.episodeNow().chapters).toEqual([
      { startSeconds: 0, endSeconds: 20, title: 'Intro', url: 'https://example.com/' },
      { startSeconds: 60, endSeconds: 90, title: 'Second', url: null },
      { startSeconds: 90, endSeconds: null, title: 'Chapter 4', url: null },
    ])
  })
  test.each([[404], [Buffer.from('<html>')], ['timed-out' as const]])('%j is only a warning', async (answer) => {
    world = open({ transcriptRefs: [ref('a.vtt')], chaptersUrl: 'c.json' })
    world.served['a.vtt'] = captions('hello')
    world.served['c.json'] = answer
    expect(await world.obtain()).toMatchObject({ ok: true, value: { warnings: [expect.stringMatching(/chapters/)] } })
  })
  test('the namespace’s examples', async () => {
    world = open({ transcriptRefs: [], chaptersUrl: 'c.json' })
    world.served['c.json'] = fixture('chapters-exampleComplex.json')
    await world.obtain()
    expect(world.episodeNow().chapters.length).toBeGreaterThan(8)
  })
})

describe('what is stored', () => {
  beforeEach(() => {
    world = open({ transcriptRefs: [] })
  })
  const store = (text: string) =>
    world.service.store(world.episodeId, 'text', { bytes: Buffer.from(text), fileName: null, declaredType: null })

  test('is replaced only by one that can be read', async () => {
    expect((await store('Maren: Hello you.\nTeo: Hello.')).ok).toBe(true)
    const before = world.service.stored(world.episodeId)
    expect((await store('{"no": "transcript"}')).ok).toBe(false)
    expect(world.service.stored(world.episodeId)).toEqual(before)
    expect((await store('Maren: Something newer.\nTeo: Yes.')).ok).toBe(true)
    expect(world.service.stored(world.episodeId)?.segments[0]?.text).toBe('Something newer.')
    const audit = world.storage.all<{ before_json: string | null }>(
      "SELECT before_json FROM audit WHERE action = 'transcripts.store'",
    )
    expect(audit.map((row) => row.before_json === null)).toEqual([true, false])
  })
  test('counts as missing once a byte of it has changed', async () => {
    await store('Maren: Hello you.\nTeo: Hello.')
    world.storage.writeUnaudited((tx) =>
      tx.run("UPDATE transcripts SET segments_json = replace(segments_json, 'you', 'yov')"),
    )
    expect(world.service.stored(world.episodeId)).toBeNull()
    expect(world.warned).toEqual(['transcripts.damaged'])
    await store('Maren: Hello again.\nTeo: Hello.')
    expect(world.service.stored(world.episodeId)?.segments[0]?.text).toBe('Hello again.')
  })
})
