import { array, assert, boolean, integer, property, record } from 'fast-check'
import { expect, it } from 'vitest'
import { dayOf, type Kept, keepDefault, monthOf, rotate, weekOf } from './rotation.ts'

const hourMs = 3_600_000
const now = Date.UTC(2026, 10, 23, 3)
const daily = (days: number, change: Partial<Kept> = {}): Kept => ({
  fileName: `day-${String(days).padStart(3, '0')}`,
  madeAtMs: now - days * 24 * hourMs,
  automatic: true,
  good: true,
  flawless: true,
  ...change,
})

const sets = array(
  record({ hours: integer({ min: 0, max: 24 * 400 }), automatic: boolean(), good: boolean(), flawless: boolean() }),
  {
    maxLength: 60,
  },
).map((list) =>
  list.map(
    ({ hours, automatic, good, flawless }, index): Kept => ({
      fileName: `b${index}`,
      madeAtMs: now - hours * hourMs,
      automatic,
      good,
      flawless,
    }),
  ),
)

it('keeps seven days, four weeks and six months of daily backups', () => {
  const year = Array.from({ length: 365 }, (_, days) => daily(days))
  const going = new Set(rotate(year))
  const kept = year.filter(({ fileName }) => !going.has(fileName)).map(({ madeAtMs }) => dayOf(madeAtMs))
  // The newest day of each, and days of one kind count for the others too.
  expect(kept).toEqual([
    '2026-11-23',
    '2026-11-22',
    '2026-11-21',
    '2026-11-20',
    '2026-11-19',
    '2026-11-18',
    '2026-11-17',
    '2026-11-15',
    '2026-11-08',
    '2026-10-31',
    '2026-09-30',
    '2026-08-31',
    '2026-07-31',
    '2026-06-30',
  ])
})

it('never deletes what a person made, the newest good one, or the only good one', () => {
  assert(
    property(sets, (backups) => {
      const going = new Set(rotate(backups))
      for (const { fileName, automatic } of backups) if (!automatic) expect(going.has(fileName)).toBe(false)
      const good = backups.filter((one) => one.good && one.automatic)
      const newest = Math.max(...good.map(({ madeAtMs }) => madeAtMs))
      if (good.length > 0)
        expect(good.some(({ fileName, madeAtMs }) => madeAtMs === newest && !going.has(fileName))).toBe(true)
      const flawless = good.filter((one) => one.flawless)
      if (flawless.length > 0) expect(flawless.some(({ fileName }) => !going.has(fileName))).toBe(true)
    }),
    { seed: 20_261_123, numRuns: 1_000 },
  )
})

it('lets no doubtful one take the place of a good one', () => {
  assert(
    property(sets, (backups) => {
      const going = rotate(backups)
      // The same good ones go, whether doubtful ones lie between them or not.
      const names = new Set(backups.filter(({ good }) => good).map(({ fileName }) => fileName))
      expect(going.filter((name) => names.has(name))).toEqual(rotate(backups.filter(({ good }) => good)))
      for (const { fileName, madeAtMs, good } of backups) {
        if (good || !going.includes(fileName)) continue
        const newer = backups.filter((one) => one.automatic && one.good && one.madeAtMs > madeAtMs)
        expect(newer.length).toBeGreaterThanOrEqual(keepDefault.daily)
      }
    }),
    { seed: 20_261_123, numRuns: 1_000 },
  )
})

it('keeps the newest good one of each of the last days, weeks and months, and settles at once', () => {
  assert(
    property(sets, (backups) => {
      const going = new Set(rotate(backups))
      const good = backups.filter((one) => one.automatic && one.good).sort((a, b) => b.madeAtMs - a.madeAtMs)
      for (const [of, places] of [
        [dayOf, keepDefault.daily],
        [weekOf, keepDefault.weekly],
        [monthOf, keepDefault.monthly],
      ] as const) {
        const periods = [...new Set(good.map(({ madeAtMs }) => of(madeAtMs)))].slice(0, places)
        for (const period of periods)
          expect(good.some((one) => of(one.madeAtMs) === period && !going.has(one.fileName))).toBe(true)
      }
      expect(rotate(backups.filter(({ fileName }) => !going.has(fileName)))).toEqual([])
    }),
    { seed: 20_261_123, numRuns: 1_000 },
  )
})

it('lets backups of a clock that was wrong push out none of the honest ones', () => {
  const future = Array.from({ length: 12 }, (_, months) => daily(-4_000 - 31 * months))
  const honest = [daily(0), daily(1), daily(40)]
  expect(rotate([...future, ...honest], keepDefault, now)).toEqual([])
})
