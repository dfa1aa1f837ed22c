import { beforeEach, expect, test } from 'vitest'
import type { RungId, RungOffer, Segment } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { createEpisodesService } from '../episodes/service.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import type { RungContext, RungResult, TranscriptRung } from '../services-sound.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createWorkerRunner } from '../workers/runner.ts'
import { createTranscriptsService, type TranscriptsService } from './service.ts'

const clock = { now: () => Date.UTC(2026, 10, 23) }
const ids = createIds(clock)
const line = (text: string, more: Partial<Segment> = {}): Segment => ({
  startSeconds: 0,
  endSeconds: 2,
  speaker: null,
  text,
  ...more,
})

interface FakeRung extends TranscriptRung {
  ready: boolean
  price: number | null
  answer: (context: RungContext) => Result<RungResult, string>
  runs: number
}
let storage: Storage
let episodeId: string
let feedId: string
let service: TranscriptsService
let rungs: Record<RungId, FakeRung>

const made = (segments: Segment[]): Result<RungResult, string> =>
  ok({ segments, language: 'en', warnings: [], model: 'ear-1' })
const rung = (id: RungId, price: number | null): FakeRung => {
  const self: FakeRung = {
    id,
    ready: true,
    price,
    answer: () => made([line(`heard by ${id}`)]),
    runs: 0,
    offer: async (): Promise<RungOffer> => ({
      rung: id,
      ready: self.ready,
      words: self.ready ? `${id} can do it.` : `${id} is not set up.`,
      model: null,
      estimate: { lowMicroUsd: self.price, highMicroUsd: self.price, reason: 'As said.' },
      seconds: null,
    }),
    run: async (_episode, context) => {
      self.runs += 1
      return self.answer(context)
    },
  }
  return self
}

beforeEach(() => {
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  const events = createEvents((error) => {
    throw error
  })
  const episodes = createEpisodesService({ storage, events, clock, ids, desktop: null })
  const local = episodes.addLocal({
    title: 'Tides',
    contentSha256: 'a',
    publishedAtMs: null,
    durationSeconds: 60,
    language: 'en',
    mediaPath: 'media/a',
    mediaType: 'audio/mpeg',
    link: null,
  })
  episodeId = local.id
  feedId = local.feedId
  rungs = {
    'youtube-captions': rung('youtube-captions', 0),
    scan: rung('scan', 0),
    'this-computer': rung('this-computer', 0),
    'own-server': rung('own-server', null),
    gemini: rung('gemini', 90_000),
  }
  rungs['youtube-captions'].ready = false
  rungs.scan.ready = false
  service = createTranscriptsService({
    desktop: null,
    rungs: Object.values(rungs),
    storage,
    events,
    clock,
    ids,
    log: silentLog,
    episodes,
    workers: createWorkerRunner(new URL('../headless.ts', import.meta.url)),
    fetcher: { fetch: async () => fail('connect-failed', 'No network.') },
  })
})

const obtain = (more: Partial<Parameters<TranscriptsService['obtain']>[1]> = {}) =>
  service.obtain(episodeId, { signal: new AbortController().signal, onProgress: () => {}, ...more })

test('the first free rung that is ready is taken, and says so', async () => {
  expect(await obtain()).toMatchObject({
    ok: true,
    value: { source: 'this-computer', model: 'ear-1', format: 'speech' },
  })
  expect(rungs.gemini.runs).toBe(0)
  expect(await obtain()).toMatchObject({ ok: true, value: { source: 'this-computer' } })
  expect(rungs['this-computer'].runs).toBe(1)
})

test('what costs, or may cost, is never tried unasked', async () => {
  rungs['this-computer'].ready = false
  const refused = await obtain()
  expect(refused).toMatchObject({ ok: false, error: { code: 'needs-speech-recognition' } })
  expect(refused.ok ? '' : refused.error.message).toContain('this-computer is not set up.')
  expect([rungs['own-server'].runs, rungs.gemini.runs]).toEqual([0, 0])
  expect(await obtain({ approvedMicroUsd: 100_000 })).toMatchObject({ ok: true, value: { source: 'own-server' } })
})

test('a choice for the feed is remembered and goes first', async () => {
  service.remember({ feedId, rung: 'gemini' })
  expect(await service.rungs(episodeId)).toMatchObject({ ok: true, value: { remembered: 'gemini', next: 'gemini' } })
  expect(await obtain()).toMatchObject({ ok: true, value: { source: 'gemini' } })
  service.remember({ feedId, rung: null })
  expect(await service.rungs(episodeId)).toMatchObject({ ok: true, value: { remembered: null, next: 'this-computer' } })
})

test('one that fails gives way to the next free one, and its reason stays', async () => {
  rungs.gemini.answer = () => fail('provider-down', 'Gemini does not answer (503).', { retryable: true })
  const found = await obtain({ rung: 'gemini' })
  expect(found).toMatchObject({ ok: true, value: { source: 'this-computer' } })
  expect(found.ok && found.value.warnings.join()).toContain('Gemini does not answer (503).')
})

test('where money is asked for, nothing else is taken in its place', async () => {
  rungs.gemini.answer = () => fail('asks-first', 'This goes over your budget.')
  expect(await obtain({ rung: 'gemini' })).toMatchObject({ ok: false, error: { code: 'asks-first' } })
  expect(rungs['this-computer'].runs).toBe(0)
})

test('finished pieces survive, and go when the whole is stored', async () => {
  const asked: string[] = []
  const inPieces = (upTo: number) => (context: RungContext) => {
    const all: Segment[] = []
    for (const key of ['one', 'two', 'three'].slice(0, upTo)) {
      const known = context.pieces.get(key)
      if (!known) asked.push(key)
      const piece = known ?? [line(key)]
      context.pieces.put(key, piece)
      all.push(...piece)
    }
    return upTo < 3 ? fail('killed', 'The power went.', { retryable: true }) : made(all)
  }
  rungs['this-computer'].answer = inPieces(2)
  expect(await obtain()).toMatchObject({ ok: false, error: { code: 'rung-failed', retryable: true } })
  storage.writeUnaudited((tx) =>
    tx.run("UPDATE transcript_pieces SET segments_json = replace(segments_json, 'two', 'tow') WHERE key LIKE '%two'"),
  )
  rungs['this-computer'].answer = inPieces(3)
  const whole = await obtain()
  expect(whole.ok && whole.value.segments.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  // The damaged piece was made again, the sound one was not.
  expect(asked).toEqual(['one', 'two', 'two', 'three'])
  expect(storage.get('SELECT count(*) AS n FROM transcript_pieces')).toEqual({ n: 0 })
})

test('finished pieces stay while parts of the transcript are missing', async () => {
  rungs['this-computer'].answer = (context) => {
    const known = context.pieces.get('one') !== null
    context.pieces.put('one', [line('the first part')])
    return ok({
      segments: [line(known ? 'the whole' : 'a part')],
      language: 'en',
      warnings: [],
      model: 'ear-1',
      incomplete: !known,
    })
  }
  expect(await obtain()).toMatchObject({ ok: true, value: { segments: [{ text: 'a part' }] } })
  expect(await obtain({ again: true })).toMatchObject({ ok: true, value: { segments: [{ text: 'the whole' }] } })
})

test('made anew, it never drops speakers or times unseen, and either can be used', async () => {
  rungs['this-computer'].answer = () => made([line('with a name', { speaker: 'Maren' })])
  await obtain()
  rungs['this-computer'].answer = () => made([line('without times', { startSeconds: null, endSeconds: null })])
  const again = await obtain({ again: true })
  expect(again.ok && [again.value.segments[0]?.text, again.value.warnings[0]]).toEqual([
    'with a name',
    'The new transcript has no times and no speakers, so the one that has them stays in use. The new one is kept beside it.',
  ])
  const kept = await service.versions({ episodeId })
  expect(kept).toMatchObject({ ok: true, value: [{ why: 'poorer', hasSpeakers: false }] })
  const versionId = kept.ok ? kept.value[0]!.id : ''
  expect(service.useVersion({ episodeId, versionId })).toEqual(ok({}))
  expect(service.stored(episodeId)?.segments[0]?.text).toBe('without times')
  expect(await service.versions({ episodeId })).toMatchObject({
    ok: true,
    value: [{ why: 'replaced', hasSpeakers: true }],
  })
})

test('a version that rotted is not put into use', async () => {
  await obtain()
  rungs['this-computer'].answer = () => made([line('another')])
  await obtain({ again: true })
  const kept = await service.versions({ episodeId })
  storage.writeUnaudited((tx) =>
    tx.run("UPDATE transcript_versions SET segments_json = replace(segments_json, 'h', 'H')"),
  )
  const versionId = kept.ok ? kept.value[0]!.id : ''
  expect(await service.useVersion({ episodeId, versionId })).toMatchObject({
    ok: false,
    error: { code: 'version-damaged' },
  })
  expect(service.stored(episodeId)?.segments[0]?.text).toBe('another')
})

test('silence makes no transcript', async () => {
  rungs['this-computer'].answer = () => made([])
  expect(await obtain()).toMatchObject({ ok: false, error: { code: 'rung-failed' } })
  expect(service.stored(episodeId)).toBeNull()
})
