import { expect, it } from 'vitest'
import { monthNow, monthsBetween, periodOf } from './period.ts'

const at = (year: number, month: number, day: number, hour = 12): number =>
  new Date(year, month - 1, day, hour).getTime()

it('begins a week on Monday, also on a Sunday', () => {
  const sunday = periodOf('week', 0, at(2026, 11, 29))
  expect(sunday.steps[0]!.start).toBe('2026-11-23')
  expect(sunday.steps.at(-1)!.start).toBe('2026-11-29')
  expect(sunday.toMs).toBe(at(2026, 11, 30, 0))
  expect(periodOf('week', 1, at(2026, 11, 29)).name).toBe('Week of 16 Nov')
})

it('has every day of a month, and steps back over the turn of a year', () => {
  const february = periodOf('month', 0, at(2028, 2, 29))
  expect(february.steps).toHaveLength(29)
  expect(february.words).toBe('in February')
  const before = periodOf('month', 2, at(2026, 1, 31))
  expect([before.name, before.fromMs, before.toMs]).toEqual(['November 2025', at(2025, 11, 1, 0), at(2025, 12, 1, 0)])
})

it('has no beginning and no end for all time, and fills months without a charge', () => {
  expect(periodOf('all', 0, at(2026, 11, 23))).toEqual({ kind: 'all', words: 'in all', name: 'All time', steps: [] })
  expect(monthsBetween(['2025-11', '2026-02']).map(({ label }) => label)).toEqual([
    'Nov 2025',
    'Dec 2025',
    'Jan 2026',
    'Feb 2026',
  ])
})

it('says where now is in its month', () => {
  expect(monthNow(at(2026, 11, 16, 0))).toMatchObject({
    name: 'November',
    day: 16,
    days: 30,
    daysLeft: 14,
    fraction: 0.5,
  })
})
