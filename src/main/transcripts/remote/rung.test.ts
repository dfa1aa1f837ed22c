import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { EpisodeRecord } from '../../services.ts'
import type { Heard, HearRequest, ModelFailure } from '../../services-models.ts'
import type { RungContext } from '../../services-sound.ts'
import type { Transaction } from '../../storage/storage.ts'
import { createRemoteRung } from './rung.ts'
import { placed, spansOf } from './spans.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwell-remote-'))
  await mkdir(join(folder, 'media'))
})
afterEach(() => rm(folder, { recursive: true }))

const word = (at: number, text: string): Segment => ({ startSeconds: at, endSeconds: at + 0.5, speaker: null, text })
const episode = {
  id: 'e',
  feedId: 'f',
  feedTitle: 'Tides',
  title: 'Ebb',
  language: 'en-GB',
  mediaUrl: 'https://example.com/a.mp3',
  durationSeconds: 1500,
  persons: [{ name: 'Maren', role: 'host', group: 'cast', url: null }],
} as unknown as EpisodeRecord

function rungOf(hear: (request: HearRequest, from: number) => Result<Heard, ModelFailure>, lengthSeconds = 1500) {
  const pieces = new Map<string, Segment[]>()
  const asked: { from: number; to: number }[] = []
  let spoken = { from: 0, to: 0 }
  const rung = createRemoteRung({
    id: 'own-server',
    profilePath: folder,
    models: {
      hearer: () => ({ choice: { providerId: 'speaches', model: 'whisper-1' }, title: 'Speaches' }),
      hear: async (request) => {
        asked.push(spoken)
        const answer = hear(request, spoken.from)
        if (answer.ok) request.keep?.({} as Transaction, answer.value)
        return answer
      },
    },
    spending: { estimate: () => ({ lowMicroUsd: 1, highMicroUsd: 2, reason: 'As said.' }) },
    recordings: { obtain: async () => ok({ path: join(folder, 'a.mp3'), durationSeconds: null }) },
    decoder: {
      available: async () => true,
      durationSeconds: async () => ok(lengthSeconds),
      encode: async (span, target) => {
        spoken = { from: span.fromSeconds, to: span.toSeconds }
        await writeFile(target.path, 'sound')
        return ok({ bytes: 5 })
      },
    },
  })
  const context: RungContext = {
    jobId: null,
    approvedMicroUsd: null,
    signal: new AbortController().signal,
    onProgress: () => {},
    pieces: {
      get: (key) => pieces.get(key) ?? null,
      put: (key, segments) => void pieces.set(key, [...segments]),
      putIn: (_tx, key, segments) => void pieces.set(key, [...segments]),
    },
  }
  return { rung, context, asked, pieces }
}
/** A word each second, as every service hears it. */
const everySecond = (_request: HearRequest, from: number): Result<Heard, ModelFailure> =>
  ok({
    segments: Array.from({ length: 620 }, (_, second) => word(second, `w${Math.round(from + second)}`)),
    language: 'en',
  })

test('a long recording is heard in overlapping pieces, and each word stands once', async () => {
  const { rung, context, asked } = rungOf(everySecond)
  const made = await rung.run(episode, context)
  const words = made.ok ? made.value.segments.map(({ text }) => text) : []
  expect(words).toEqual(Array.from({ length: 1500 }, (_, second) => `w${second}`))
  expect(asked).toEqual([
    { from: 0, to: 604 },
    { from: 596, to: 1204 },
    { from: 1196, to: 1500 },
  ])
  expect(await readdir(join(folder, 'media'))).toEqual([])
})

test('after a failure only the rest is asked for', async () => {
  const broken = rungOf((request, from) =>
    from > 1000 ? fail('provider-down', 'It does not answer (503).', { retryable: true }) : everySecond(request, from),
  )
  const failed = await broken.rung.run(episode, broken.context)
  expect(failed).toMatchObject({ ok: false, error: { code: 'provider-down', retryable: true } })
  expect(failed.ok ? '' : failed.error.message).toContain('20:00 of 25:00 are kept')
  const again = rungOf(everySecond)
  for (const [key, segments] of broken.pieces) again.pieces.set(key, segments)
  expect(await again.rung.run(episode, again.context)).toMatchObject({ ok: true })
  expect(again.asked).toEqual([{ from: 1196, to: 1500 }])
})

test('a service without times gives each piece one', async () => {
  const { rung, context } = rungOf(() =>
    ok({ segments: [{ startSeconds: null, endSeconds: null, speaker: null, text: 'All of it.' }], language: null }),
  )
  const made = await rung.run(episode, context)
  expect(made).toMatchObject({
    ok: true,
    value: {
      language: 'en-GB',
      segments: [{ startSeconds: 0 }, { startSeconds: 600 }, { startSeconds: 1200, endSeconds: 1500 }],
      warnings: ['whisper-1 gives no times: each part of ten minutes has one.'],
    },
  })
})

test('what is asked of the user is not dressed up', async () => {
  const { rung, context } = rungOf(() => fail('asks-first', 'This goes over your budget.'))
  expect(await rung.run(episode, context)).toMatchObject({
    ok: false,
    error: { code: 'asks-first', message: 'This goes over your budget.' },
  })
})

test('spans cover every second once, whatever the length', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 200_000, noNaN: true }), (length) => {
      const spans = spansOf(length)
      expect(spans[0]!.fromSeconds).toBe(0)
      expect(spans.at(-1)!.toSeconds).toBe(length)
      for (const [index, span] of spans.entries()) {
        expect(span.toSeconds).toBeGreaterThan(span.fromSeconds)
        expect(span.sentToSeconds - span.sentFromSeconds).toBeLessThanOrEqual(668)
        if (index > 0) expect(span.fromSeconds).toBe(spans[index - 1]!.toSeconds)
      }
    }),
  )
})

test('a segment that both neighbours heard stands once; times never leave what was sent', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          at: fc.double({ min: -50, max: 5_000, noNaN: true }),
          long: fc.double({ min: 0, max: 30, noNaN: true }),
        }),
      ),
      (all) => {
        const spans = spansOf(1_500)
        for (const span of spans) {
          const heard = all.map(({ at, long }) => ({
            startSeconds: at,
            endSeconds: at + long,
            speaker: null,
            text: 'x',
          }))
          for (const { startSeconds, endSeconds } of placed(span, heard)) {
            expect(startSeconds).toBeGreaterThanOrEqual(span.sentFromSeconds)
            expect(endSeconds).toBeLessThanOrEqual(span.sentToSeconds)
          }
        }
        // The same segments, heard by every span at their true place.
        const counts = all
          .filter(({ at, long }) => at >= 0 && at + long <= 1_500)
          .map(({ at, long }) => {
            const keepers = spans.filter((span) => {
              if (at < span.sentFromSeconds || at + long > span.sentToSeconds) return false
              const start = at - span.sentFromSeconds
              return (
                placed(span, [{ startSeconds: start, endSeconds: start + long, speaker: null, text: 'x' }]).length > 0
              )
            })
            return keepers.length
          })
        expect(counts.every((count) => count <= 1)).toBe(true)
      },
    ),
  )
})
