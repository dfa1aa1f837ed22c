import { expect, it } from 'vitest'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { coverage, coverageOf, quotesChecked, readableSeconds } from './episode-model.ts'

const covers = (from: number | null, to: number | null, total: number | null) =>
  coverage({ coveredFromSeconds: from, coveredToSeconds: to, coveredSpans: null }, total)

it('says which minutes a note saw, and when they are not all', () => {
  expect(covers(0, 3_504, 3_504)).toMatchObject({ words: 'covers 0:00 to 58:24, all of it', isPartial: false })
  // The music at the end has no words.
  expect(covers(4, 3_400, 3_504)).toMatchObject({ isPartial: false })
  expect(covers(0, 1_800, 3_504)).toMatchObject({
    words: 'covers 0:00 to 30:00 of 58:24, not all of it',
    isPartial: true,
  })
  expect(covers(600, 3_504, 3_504)).toMatchObject({ isPartial: true })
  expect(covers(0, 1_800, null)).toMatchObject({ words: 'covers 0:00 to 30:00', isPartial: false })
  expect(covers(null, null, 3_504)).toBeNull()
})

it('measures against the words there are, not the advertisements around them', () => {
  const until = (endSeconds: number) => ({ segments: [{ endSeconds }] }) as Transcript
  expect(readableSeconds({ durationSeconds: 3_600 }, until(3_000))).toBe(3_000)
  expect(readableSeconds({ durationSeconds: 3_600 }, until(1_800))).toBe(3_600)
  expect(readableSeconds({ durationSeconds: null }, until(1_800))).toBe(1_800)
  expect(readableSeconds({ durationSeconds: 3_600 }, null)).toBe(3_600)
})

it('draws and tells the minutes that were left out between those a model saw', () => {
  const span = (fromSeconds: number, toSeconds: number) => ({ fromSeconds, toSeconds })
  expect(coverageOf([span(1_200, 3_600), span(0, 1_190)], 3_600)).toEqual({
    words: 'covers 0:00 to 1:00:00, all of it',
    isPartial: false,
    spans: [span(0, 3_600)],
  })
  expect(coverageOf([span(0, 1_200), span(2_400, 3_600)], 3_600)).toEqual({
    words: 'covers 0:00 to 20:00 and 40:00 to 1:00:00 of 1:00:00, not all of it',
    isPartial: true,
    spans: [span(0, 1_200), span(2_400, 3_600)],
  })
  const many = [0, 1_000, 2_000, 3_000].map((from) => span(from, from + 100))
  expect(coverageOf(many, 3_600)?.words).toBe('covers 6:40 in 4 parts of 1:00:00, not all of it')
  expect(coverageOf([], 3_600)).toBeNull()
})

it('tells how many quotes stand in the transcript', () => {
  const found = (quotesFound: number | null, checked: number | null) =>
    quotesChecked({ quotesFound, quotesChecked: checked })
  expect(found(null, null)).toBeNull()
  expect(found(0, 0)).toBeNull()
  expect(found(9, 9)).toEqual({ words: '9 quotes, all found word for word', isMissing: false })
  expect(found(8, 9)).toEqual({ words: '8 of 9 quotes found word for word', isMissing: true })
})
