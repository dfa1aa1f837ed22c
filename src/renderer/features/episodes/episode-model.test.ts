import { expect, it } from 'vitest'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { coverage, readableSeconds } from './episode-model.ts'

const covers = (from: number | null, to: number | null, total: number | null) =>
  coverage({ coveredFromSeconds: from, coveredToSeconds: to }, total)

it('says which minutes a note saw, and when they are not all', () => {
  expect(covers(0, 3_504, 3_504)).toEqual({ words: 'covers 0:00 to 58:24, all of it', isPartial: false })
  // The music at the end has no words.
  expect(covers(4, 3_400, 3_504)).toMatchObject({ isPartial: false })
  expect(covers(0, 1_800, 3_504)).toEqual({ words: 'covers 0:00 to 30:00 of 58:24, not all of it', isPartial: true })
  expect(covers(600, 3_504, 3_504)).toMatchObject({ isPartial: true })
  expect(covers(0, 1_800, null)).toEqual({ words: 'covers 0:00 to 30:00', isPartial: false })
  expect(covers(null, null, 3_504)).toBeNull()
})

it('measures against the words there are, not the advertisements around them', () => {
  const until = (endSeconds: number) => ({ segments: [{ endSeconds }] }) as Transcript
  expect(readableSeconds({ durationSeconds: 3_600 }, until(3_000))).toBe(3_000)
  expect(readableSeconds({ durationSeconds: 3_600 }, until(1_800))).toBe(3_600)
  expect(readableSeconds({ durationSeconds: null }, until(1_800))).toBe(1_800)
  expect(readableSeconds({ durationSeconds: 3_600 }, null)).toBe(3_600)
})
