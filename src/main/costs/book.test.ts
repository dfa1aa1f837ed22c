import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CostFilter } from '#shared/contract/costs.ts'
import { dayName, monthName, monthOfDay } from './calendar.ts'
import { calendar, type Drawn, houseWith, nowMs, pick, row, titles, zone } from './ledger-testing.ts'

const filter: fc.Arbitrary<CostFilter> = fc
  .record({
    from: fc.option(fc.nat(430 * 1_440)),
    length: fc.option(fc.nat(400 * 1_440)),
    onDays: fc.boolean(),
    provider: pick(undefined, undefined, 'claude', 'gemini'),
    model: pick(undefined, undefined, undefined, 'model-1'),
    operation: pick(undefined, undefined, 'extraction'),
    feedId: pick(undefined, undefined, 'feed-a'),
    template: pick(undefined, undefined, 'quotes'),
    episodeId: pick(undefined, undefined, undefined, 'e-2'),
    jobId: pick(undefined, undefined, undefined, 'j-1'),
    text: pick(undefined, undefined, undefined, 'river', 'FEED A', '%'),
  })
  .map(({ from, length, onDays, ...rest }) => {
    const at = (minutes: number): number => {
      const ms = nowMs - 430 * 86_400_000 + minutes * 60_000
      return onDays ? calendar.dayStart(calendar.dayOf(ms)) : ms
    }
    const time = {
      ...(from === null ? {} : { fromMs: at(from) }),
      ...(length === null ? {} : { toMs: at((from ?? 0) + length) }),
    }
    return { ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)), ...time }
  })

type Row = ReturnType<typeof houseWith>['rows'][number]

const fits = ({ entry }: Row, asked: CostFilter): boolean =>
  (asked.fromMs === undefined || entry.at_ms >= asked.fromMs) &&
  (asked.toMs === undefined || entry.at_ms < asked.toMs) &&
  (
    [
      [asked.provider, entry.provider],
      [asked.model, entry.model],
      [asked.operation, entry.operation],
      [asked.feedId, entry.feed_id],
      [asked.template, entry.template_name],
      [asked.episodeId, entry.episode_id],
      [asked.jobId, entry.job_id],
    ] as const
  ).every(([wanted, value]) => wanted === undefined || wanted === value) &&
  (asked.text === undefined ||
    (entry.episode_id !== null && titles[entry.episode_id]!.toLowerCase().includes(asked.text.toLowerCase())) ||
    (entry.feed_id !== null &&
      { 'feed-a': 'feed a', 'feed-b': 'other' }[entry.feed_id]!.includes(asked.text.toLowerCase())))

const sum = (rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((total, one) => total + of(one), 0)
const groups = (rows: readonly Row[], of: (row: Row) => string): Record<string, [number, number, number]> => {
  const found: Record<string, [number, number, number]> = {}
  for (const one of rows) {
    const there = found[of(one)] ?? [0, 0, 0]
    found[of(one)] = [
      there[0] + 1,
      there[1] + (one.entry.cost_micro_usd ?? 0),
      there[2] + (one.entry.cost_micro_usd === null ? 1 : 0),
    ]
  }
  return found
}

test('the page says what the rows say, whatever is asked', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      fc.array(filter, { minLength: 4, maxLength: 8 }),
      (drawn, filters) => {
        const { money, rows } = houseWith(drawn)
        for (const asked of filters) {
          const expected = rows.filter((one) => fits(one, asked))
          const page = money.book.overview(asked)
          expect(page).toMatchObject({
            entries: expected.length,
            costMicroUsd: sum(expected, ({ entry }) => entry.cost_micro_usd ?? 0),
            estimatedEntries: sum(expected, ({ entry }) => (entry.amount_kind === 'estimated' ? 1 : 0)),
            unknownEntries: sum(expected, ({ entry }) => (entry.cost_micro_usd === null ? 1 : 0)),
            savedMicroUsd: sum(expected, ({ details }) => details?.saved_micro_usd ?? 0),
          })
          for (const [shares, of] of [
            [page.byProvider, ({ entry }: Row) => entry.provider],
            [page.byModel, ({ entry }: Row) => entry.model],
            [page.byOperation, ({ entry }: Row) => entry.operation],
            [page.byFeed, ({ entry }: Row) => entry.feed_id ?? ''],
            [page.byTemplate, ({ entry }: Row) => entry.template_name ?? ''],
          ] as const)
            expect(
              Object.fromEntries(shares.map((one) => [one.key, [one.entries, one.costMicroUsd, one.unknownEntries]])),
            ).toEqual(groups(expected, of))
          const compared = expected.filter(
            ({ entry, details }) =>
              entry.outcome === 'succeeded' &&
              entry.cost_micro_usd !== null &&
              details?.estimate_high_micro_usd != null &&
              Math.floor((details.estimate_low_micro_usd! + details.estimate_high_micro_usd) / 2) > 0,
          )
          expect(page.estimates).toMatchObject({
            entries: compared.length,
            actualMicroUsd: sum(compared, ({ entry }) => entry.cost_micro_usd!),
          })
          const steps = Object.fromEntries(
            page.steps.flatMap(({ start, byProvider }) =>
              byProvider.map(({ provider, costMicroUsd }) => [`${start} ${provider}`, costMicroUsd]),
            ),
          )
          const isByDay = page.steps[0]?.start.length === 10
          const nameOf = ({ entry }: Row): string => {
            const day = calendar.dayOf(entry.at_ms)
            return `${isByDay ? dayName(day) : monthName(monthOfDay(day))} ${entry.provider}`
          }
          expect(steps).toEqual(
            Object.fromEntries(Object.entries(groups(expected, nameOf)).map(([name, [, cost]]) => [name, cost])),
          )
        }
      },
    ),
    { numRuns: 25 },
  )
})

test('pages of entries are the rows in order, none twice, none left out', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 60 }),
      fc.array(filter, { minLength: 4, maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (drawn, filters, limit) => {
        const { money, rows } = houseWith(drawn)
        for (const asked of filters) {
          const expected = rows
            .filter((one) => fits(one, asked))
            .map(({ entry }) => entry)
            .toSorted((one, other) => other.at_ms - one.at_ms || (other.id < one.id ? -1 : 1))
          const found: string[] = []
          for (let after: string | undefined, more = true; more; ) {
            const page = money.book.entries({ ...asked, limit, after })
            expect(page.rows.length).toBeLessThanOrEqual(limit)
            found.push(...page.rows.map(({ id }) => id))
            more = page.more
            after = found.at(-1)
          }
          expect(found).toEqual(expected.map(({ id }) => id))
        }
      },
    ),
    { numRuns: 25 },
  )
})

test('notes and hours are counted once, where they first were, in whatever order they come', () => {
  const base: Drawn = {
    minutes: 0,
    provider: 'claude',
    model: 'model-1',
    operation: 'extraction',
    outcome: 'succeeded',
    cost: 10_000,
    estimated: false,
    feed: 'feed-a',
    episode: 'e-2',
    template: 'summary',
    job: 'j-1',
    estimate: null,
    saved: 0,
  }
  const day = 1_440
  const { money } = houseWith([
    { ...base, minutes: 300 * day, cost: 20_000 },
    { ...base, minutes: 100 * day },
    { ...base, minutes: 200 * day, template: 'quotes' },
    { ...base, minutes: 200 * day, outcome: 'failed', template: 'key-concepts' as never },
    { ...base, minutes: 210 * day, episode: 'e-1', job: 'j-2', provider: 'gemini' },
  ])
  const all = money.book.overview({})
  expect(all).toMatchObject({
    finishedNotes: 3,
    listenedSeconds: 5_400,
    microUsdPerNote: 20_000,
    microUsdPerHour: 40_000,
  })
  const at = (days: number): number => nowMs - (430 - days) * 86_400_000
  expect(money.book.overview({ fromMs: at(150) })).toMatchObject({ finishedNotes: 2, listenedSeconds: 1_800 })
  expect(money.book.overview({ toMs: at(150) })).toMatchObject({ finishedNotes: 1, listenedSeconds: 3_600 })
  expect(money.book.overview({ provider: 'gemini' })).toMatchObject({ finishedNotes: 1, microUsdPerNote: 10_000 })
  money.storage.writeUnaudited((tx) => money.rollup.rebuildIn(tx, zone))
  expect(money.book.overview({})).toEqual(all)
})

test('sums made again are the sums that were kept, also of rows that were swept', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.nat(430), fc.boolean(), (drawn, days, halfway) => {
      const { money } = houseWith(drawn)
      const before = money.book.overview({})
      const sweep = (beforeMs: number): void => {
        money.storage.write('retention.sweep', (tx) => {
          tx.audit('costs', null, null)
          return money.costs.sweepIn(tx, beforeMs).entries
        })
      }
      const cutoff = nowMs - days * 86_400_000
      if (halfway) sweep(cutoff - 40 * 86_400_000)
      sweep(cutoff)
      expect(money.costs.facts().wrongMonths).toEqual([])
      expect(money.book.overview({})).toEqual(before)
      money.storage.writeUnaudited((tx) => money.rollup.rebuildIn(tx, zone))
      expect(money.book.overview({})).toEqual(before)
      for (const month of ['2026-03', '2026-10', '2026-11'])
        money.storage.writeUnaudited((tx) => money.rollup.rebuildMonthIn(tx, month))
      expect(money.book.overview({})).toEqual(before)
      expect(money.costs.facts().wrongMonths).toEqual([])
      // Another zone moves days, and nothing else.
      money.storage.writeUnaudited((tx) => money.rollup.rebuildIn(tx, 'Pacific/Auckland'))
      expect(money.book.overview({})).toMatchObject({ entries: before.entries, costMicroUsd: before.costMicroUsd })
      expect(money.costs.facts().wrongMonths).toEqual([])
    }),
    { numRuns: 15 },
  )
})

test.each([
  'UPDATE cost_sums SET cost_micro_usd = cost_micro_usd + 1 WHERE level = 0',
  'UPDATE cost_sums SET entries = 0 WHERE level = 1',
  'DELETE FROM cost_sums',
  'UPDATE cost_totals SET cost_micro_usd = 7 WHERE dim = 3 AND level = 1',
  'DELETE FROM cost_totals WHERE dim = 4',
  'UPDATE cost_combos SET provider = provider || 1',
  'UPDATE cost_entries SET combo_id = NULL',
])('sums that are wrong are named by month, and made again: %s', (fault) => {
  const drawn = fc.sample(row, { numRuns: 12, seed: 5 }).map((one) => ({ ...one, minutes: 429 * 1_440, cost: 500 }))
  const { money } = houseWith(drawn)
  const before = money.book.overview({})
  money.storage.writeUnaudited((tx) => tx.run(fault))
  const wrong = money.costs.facts().wrongMonths
  expect(wrong.map(({ month }) => month)).toEqual(['2026-11'])
  money.storage.write('health.mend', (tx) => {
    tx.audit('ledger', null, null)
    for (const { month } of wrong) money.costs.rebuildMonthIn(tx, month)
  })
  expect(money.costs.facts().wrongMonths).toEqual([])
  expect(money.book.overview({})).toEqual(before)
})

test('re-pricing stands beside what was paid, and writes nothing', () => {
  const drawn = fc.sample(row, { numRuns: 1, seed: 1 })
  const { money } = houseWith([{ ...drawn[0]!, provider: 'claude', model: 'model-1', cost: 77, outcome: 'succeeded' }])
  expect(money.book.entries({ limit: 1 }).rows[0]).toMatchObject({ costMicroUsd: 77, repricedMicroUsd: 20 })
  money.prices.set({
    provider: 'claude',
    model: 'model-1',
    inputPerMillion: 10_000_000,
    outputPerMillion: 0,
    cachedInputPerMillion: null,
    cacheWritePerMillion: null,
    audioPerHour: null,
    asOf: '2026-11-20',
    source: 'my contract',
  })
  expect(money.book.entries({ limit: 1 }).rows[0]).toMatchObject({ costMicroUsd: 77, repricedMicroUsd: 100 })
  expect(money.prices.list().find(({ own }) => own)).toMatchObject({ model: 'model-1', source: 'my contract' })
  expect(money.prices.version()).toMatch(/^2026-11-01\+[0-9a-f]{8}$/)
  money.prices.remove('claude', 'model-1')
  expect(money.book.entries({ limit: 1 }).rows[0]).toMatchObject({ repricedMicroUsd: 20 })
  expect(money.storage.all("SELECT action FROM audit WHERE action LIKE 'costs.%Price'")).toHaveLength(2)
  expect(money.prices.version()).toBe('2026-11-01')
})
