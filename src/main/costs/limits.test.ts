import { expect, test } from 'vitest'
import { moneyOf, plan, purpose, used } from './costs-testing.ts'

type Money = ReturnType<typeof moneyOf>
const ask = (money: Money, microUsd: number, change: { job?: string; feed?: string; approved?: number | null } = {}) =>
  money.spending.reserve({
    provider: 'claude',
    model: 'model-1',
    purpose: purpose({ jobId: change.job ?? null, feedId: change.feed ?? null }),
    planned: plan(microUsd),
    approvedMicroUsd: change.approved ?? null,
  })
const spend = (money: Money, microUsd: number, change: Parameters<typeof ask>[2] = {}): void => {
  const purchase = ask(money, microUsd, { approved: 1e12, ...change })
  if (!purchase.ok) throw new Error(purchase.error.message)
  const begun = purchase.value.begin()
  if (!begun.ok) throw new Error(begun.error.message)
  purchase.value.settle(begun.value, { ok: true, usage: used(microUsd), charged: 'yes' })
  purchase.value.close()
}
const code = (result: ReturnType<typeof ask>): string => (result.ok ? 'passes' : result.error.code)
const feed = (money: Money, id: string): void => {
  money.storage.writeUnaudited((tx) =>
    tx.run(
      `INSERT INTO feeds (id, kind, own_title, url_key, is_private, allow_local, paused, state_kind, state_message, added_at_ms, row_sha256)
       VALUES (?, 'rss', ?, ?, 0, 0, 0, 'fine', 'Fine', 0, '')`,
      [id, `Feed ${id}`, id],
    ),
  )
}

test('the usual limits ask above $1 for a job and $15 for a month, and stop nothing', () => {
  const money = moneyOf()
  expect(money.limits.list()).toMatchObject([
    { scope: 'job', kind: 'asks', limitMicroUsd: 1_000_000 },
    { scope: 'month', kind: 'asks', limitMicroUsd: 15_000_000 },
  ])
  expect(code(ask(money, 1_000_000))).toBe('passes')
  expect(code(ask(money, 1_000_001))).toBe('asks-first')
  expect(code(ask(money, 1_000_001, { approved: 1_000_001 }))).toBe('passes')
  money.unlimited()
  expect(money.limits.list()).toEqual([])
  expect(code(ask(money, 99_000_000))).toBe('passes')
})

const scopes = ['job', 'day', 'month', 'feed-month'] as const
test.each(
  scopes.flatMap((scope) =>
    (['asks', 'stops'] as const).flatMap((kind) =>
      (
        [
          ['no yes', null],
          ['a yes to less', 9_999],
          ['a yes to just that', 10_000],
          ['a yes to more', 50_000],
        ] as const
      ).map(([words, approved]) => [scope, kind, words, approved] as const),
    ),
  ),
)('%s limit that %s, with %s', (scope, kind, _, approved) => {
  const money = moneyOf()
  money.unlimited()
  feed(money, 'one')
  money.limits.set({ scope, kind, feedId: scope === 'feed-month' ? 'one' : null, limitMicroUsd: 8_000 })
  const of = { job: 'job-1', feed: 'one' }
  spend(money, 2_000, of)
  const held = ask(money, 3_000, of)
  expect(code(held)).toBe('passes')
  // 2,000 is spent and 3,000 held: 3,000 more is the limit itself.
  const within = ask(money, 3_000, { ...of, approved })
  expect(code(within)).toBe('passes')
  if (within.ok) within.value.close()
  const over = ask(money, 5_000, { ...of, approved })
  expect(code(over)).toBe(
    approved !== null && approved >= 10_000 && kind === 'asks'
      ? 'passes'
      : kind === 'asks'
        ? 'asks-first'
        : 'over-limit',
  )
  if (over.ok) over.value.close()
  // What another job of another feed asks for, is held to the limits of all only.
  const other = code(ask(money, 5_000, { job: 'job-2', feed: 'two' }))
  expect(other).toBe(
    scope === 'job' || scope === 'feed-month' ? 'passes' : kind === 'asks' ? 'asks-first' : 'over-limit',
  )
})

test('a limit that asks and one that stops stand beside each other', () => {
  const money = moneyOf()
  money.unlimited()
  money.limits.set({ scope: 'month', kind: 'asks', feedId: null, limitMicroUsd: 5_000 })
  money.limits.set({ scope: 'month', kind: 'stops', feedId: null, limitMicroUsd: 8_000 })
  expect(code(ask(money, 6_000))).toBe('asks-first')
  expect(code(ask(money, 8_001, { approved: 1e12 }))).toBe('over-limit')
  expect(code(ask(money, 8_000, { approved: 8_000 }))).toBe('passes')
  money.limits.set({ scope: 'month', kind: 'stops', feedId: null, limitMicroUsd: null })
  expect(code(ask(money, 99_000, { approved: 1e12 }))).toBe('passes')
})

test('the refusal says what is spent, what is on its way and what this is', () => {
  const money = moneyOf()
  spend(money, 14_200_000)
  ask(money, 300_000)
  const refused = ask(money, 1_000_000)
  expect(refused).toMatchObject({
    ok: false,
    error: {
      message:
        'This goes over this month’s budget: $14.20 of $15.00 is spent, $0.30 is on its way, this is about $1.00. Nothing was spent. Say yes to go on.',
      details: { limit: 'month/asks', spentMicroUsd: 14_200_000, heldMicroUsd: 300_000, microUsd: 1_000_000 },
    },
  })
})

test.each([
  ['Europe/Berlin', Date.UTC(2026, 9, 31, 22, 59), Date.UTC(2026, 9, 31, 23, 0), 'winter time begins on the 25th'],
  ['Europe/Berlin', Date.UTC(2026, 2, 31, 21, 59), Date.UTC(2026, 2, 31, 22, 0), 'summer time begins on the 29th'],
  ['America/New_York', Date.UTC(2026, 11, 1, 4, 59), Date.UTC(2026, 11, 1, 5, 0), 'behind UTC'],
  ['Asia/Kathmandu', Date.UTC(2026, 10, 30, 18, 14), Date.UTC(2026, 10, 30, 18, 15), 'on a quarter of an hour'],
])('a day and a month end at midnight of %s', (zone, before, after, _) => {
  const money = moneyOf({ zone, nowMs: before })
  money.unlimited()
  for (const scope of ['day', 'month'] as const)
    money.limits.set({ scope, kind: 'stops', feedId: null, limitMicroUsd: 10_000 })
  spend(money, 10_000)
  expect(code(ask(money, 1))).toBe('over-limit')
  money.setNow(before + 59_000)
  expect(code(ask(money, 1))).toBe('over-limit')
  money.setNow(after)
  expect(code(ask(money, 1))).toBe('passes')
  expect(money.limits.list().map(({ spentMicroUsd }) => spentMicroUsd)).toEqual([0, 0])
})

test('the long day of October has 25 hours of one budget', () => {
  const money = moneyOf({ zone: 'Europe/Berlin', nowMs: Date.UTC(2026, 9, 24, 22) })
  money.unlimited()
  money.limits.set({ scope: 'day', kind: 'stops', feedId: null, limitMicroUsd: 10_000 })
  spend(money, 10_000)
  money.setNow(Date.UTC(2026, 9, 25, 22, 59, 59))
  expect(code(ask(money, 1))).toBe('over-limit')
  money.setNow(Date.UTC(2026, 9, 25, 23))
  expect(code(ask(money, 1))).toBe('passes')
})

test('limits are changes of the user: audited, sealed, and only for feeds there are', () => {
  const money = moneyOf()
  money.limits.set({ scope: 'day', kind: 'asks', feedId: null, limitMicroUsd: 2_000_000 })
  expect(money.storage.all('SELECT action, subject, after_json FROM audit')).toEqual([
    { action: 'costs.setLimit', subject: 'limit:day/asks', after_json: '{"limitMicroUsd":2000000}' },
  ])
  expect(money.limits.set({ scope: 'feed-month', kind: 'asks', feedId: 'gone', limitMicroUsd: 1 })).toMatchObject({
    ok: false,
    error: { code: 'no-such-feed' },
  })
})

test('sweeping the ledger gives no budget back', () => {
  const money = moneyOf()
  money.unlimited()
  money.limits.set({ scope: 'month', kind: 'stops', feedId: null, limitMicroUsd: 10_000 })
  spend(money, 9_000)
  money.setNow(Date.UTC(2026, 10, 26))
  money.storage.write('retention.sweep', (tx) => {
    tx.audit('costs', null, null)
    money.costs.sweepIn(tx, Date.UTC(2026, 10, 25))
  })
  expect(money.ledger()).toEqual([])
  expect(code(ask(money, 1_001))).toBe('over-limit')
  expect(code(ask(money, 1_000))).toBe('passes')
})
