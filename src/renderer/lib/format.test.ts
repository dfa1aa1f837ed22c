import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatClock,
  formatDate,
  formatLength,
  formatLongDay,
  formatMoment,
  formatMoney,
  formatTook,
  listOf,
  plural,
} from './format.ts'

const at = (text: string): number => new Date(text).getTime()
const now = at('2026-11-23T09:12:00')

describe('dates', () => {
  it.each([
    ['2026-11-23T06:00:00', 'Today, 06:00'],
    ['2026-11-23T00:00:00', 'Today, 00:00'],
    ['2026-11-22T23:59:59', 'Yesterday'],
    ['2026-11-21T23:59:59', '21 Nov'],
    ['2026-09-16T12:00:00', '16 Sep'],
    ['2025-11-16T12:00:00', '16 Nov 2025'],
    ['2026-11-25T12:00:00', '25 Nov'],
  ])('%s is %s', (text, shown) => {
    expect(formatDate(at(text), now)).toBe(shown)
  })

  it('counts days by the calendar, not by 24 hours', () => {
    expect(formatDate(at('2026-11-22T23:59:00'), at('2026-11-23T00:01:00'))).toBe('Yesterday')
  })

  it('says so where there is none', () => {
    expect(formatDate(null, now)).toBe('No date')
  })

  it('writes a heading and a narrow column', () => {
    expect(formatLongDay(now)).toBe('Monday, 23 November')
    expect(formatMoment(at('2026-11-23T08:54:00'), now)).toBe('08:54')
    expect(formatMoment(at('2026-11-20T08:54:00'), now)).toBe('20 Nov')
  })
})

describe('lengths', () => {
  it.each([
    [40, '40 s'],
    [59.6, '1 min'],
    [3120, '52 min'],
    [3599, '1 h'],
    [4440, '1 h 14'],
    [7200, '2 h'],
  ])('%d s is %s', (seconds, shown) => {
    expect(formatLength(seconds)).toBe(shown)
  })

  it.each([
    [0, '0:00'],
    [59.9, '0:59'],
    [3504, '58:24'],
    [3982, '1:06:22'],
    [-3, '0:00'],
  ])('place %d is %s', (seconds, shown) => {
    expect(formatClock(seconds)).toBe(shown)
  })

  it.each([
    [0.2, 'under 1 s'],
    [52, '52 s'],
    [112, '1 min 52 s'],
    [4440, '1 h 14'],
  ])('%d s took %s', (seconds, shown) => {
    expect(formatTook(seconds)).toBe(shown)
  })
})

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [64_000, '64 kB'],
  [1_600_000_000, '1.6 GB'],
  [999_600, '1.0 MB'],
])('%d bytes are %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown)
})

it.each([
  [null, 'unknown'],
  [0, 'free'],
  [68_000, '$0.068'],
  [4_200, '$0.0042'],
  [6_420_000, '$6.42'],
])('%s micro-dollars are %s', (microUsd, shown) => {
  expect(formatMoney(microUsd)).toBe(shown)
})

it('counts and lists in words', () => {
  expect(plural(1, 'note')).toBe('1 note')
  expect(plural(1204, 'note')).toBe('1,204 notes')
  expect(plural(2, 'entry', 'entries')).toBe('2 entries')
  expect(listOf([])).toBe('')
  expect(listOf(['a', 'b', 'c'])).toBe('a, b and c')
})
