import { describe, expect, it } from 'vitest'
import type { Job } from '#shared/contract/jobs.ts'
import { doneIn, estimateWords, groupJobs, progressWords, stopWords, summaryOf } from './job-words.ts'

const job = (over: Partial<Job>): Job => ({
  id: 'j',
  episodeId: 'e',
  episodeTitle: 'How a tide table is made',
  feedTitle: 'The Slow Almanac',
  artworkPath: null,
  durationSeconds: 3504,
  state: 'queued',
  stage: 'source',
  fraction: 0,
  words: '',
  templates: ['summary', 'quotes'],
  doneTemplates: [],
  failedTemplates: [],
  error: null,
  createdAtMs: 0,
  startedAtMs: null,
  finishedAtMs: null,
  costMicroUsd: 0,
  costKind: 'known',
  unknownCharges: 0,
  estimate: null,
  ...over,
})

it('groups by what the user has to do, waiting ones in their order', () => {
  const groups = groupJobs([
    job({ id: 'late', createdAtMs: 2 }),
    job({ id: 'early', createdAtMs: 1 }),
    job({ id: 'old', state: 'done', finishedAtMs: 1 }),
    job({ id: 'fresh', state: 'done', finishedAtMs: 2 }),
    job({ id: 'stopped', state: 'failed' }),
  ])
  expect(groups.waiting.map((one) => one.id)).toEqual(['early', 'late'])
  expect(groups.done.map((one) => one.id)).toEqual(['fresh', 'old'])
  expect(summaryOf(groups)).toBe('2 waiting, 1 stopped.')
  expect(summaryOf(groupJobs([]))).toBe('Nothing is under way.')
})

it('says how many notes it made, and how long that took', () => {
  const done = job({ doneTemplates: ['summary'], startedAtMs: 1_000, finishedAtMs: 113_000 })
  expect(doneIn(done)).toBe('1 note in 1 min 52 s')
})

it('says in one short sentence why a job stopped', () => {
  const stopped = (code: string) =>
    job({ error: { code, message: 'A long one. With what is kept.', retryable: false } })
  expect(stopWords(stopped('needs-speech-recognition'))).toBe(
    '“How a tide table is made” stopped: it has no transcript.',
  )
  expect(stopWords(stopped('something-new'))).toBe('“How a tide table is made” stopped and needs you.')
  expect(stopWords(job({}))).toBe('“How a tide table is made” stopped and needs you.')
})

it('speaks at stage changes and every quarter, not in between', () => {
  const at = (stage: Job['stage'], fraction: number) => ({ stage, fraction, words: 'Reading.' })
  expect(progressWords('Tides', undefined, at('transcript', 0))).toBe('Tides: Transcript. Reading.')
  expect(progressWords('Tides', at('transcript', 0.1), at('transcript', 0.2))).toBeNull()
  expect(progressWords('Tides', at('transcript', 0.2), at('transcript', 0.26))).toBe(
    'Tides: Transcript, 25 %. Reading.',
  )
  expect(progressWords('Tides', at('transcript', 0.9), at('transcript', 1))).toBeNull()
  expect(progressWords('Tides', at('transcript', 1), at('extraction', 0))).toBe('Tides: Extraction. Reading.')
})

describe('what was paid beside what was reckoned', () => {
  const paid = (costMicroUsd: number, low: number | null, high: number | null, unknownCharges = 0) =>
    estimateWords({
      costMicroUsd,
      unknownCharges,
      estimate: { lowMicroUsd: low, highMicroUsd: high, reason: '' },
    } as Job)
  it('says how far it was off, and never that unknown is nothing', () => {
    expect(paid(0, 0, 0)).toBeNull()
    expect(paid(20_000, 15_000, 30_000)).toBe('as estimated, $0.015 to $0.030')
    expect(paid(33_000, 15_000, 30_000)).toBe('+10 % of the estimate')
    expect(paid(12_000, 15_000, 30_000)).toBe('−20 % of the estimate')
    expect(paid(12_000, 15_000, 30_000, 2)).toBe('and 2 unknown')
    expect(paid(12_000, null, null)).toBeNull()
  })
})
