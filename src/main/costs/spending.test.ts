import { expect, test } from 'vitest'
import { moneyOf, plan, purpose, used } from './costs-testing.ts'

const request = (microUsd: number, approvedMicroUsd: number | null = null, jobId: string | null = null) => ({
  provider: 'claude',
  model: 'model-1',
  purpose: purpose({ jobId }),
  planned: plan(microUsd),
  approvedMicroUsd,
})
function must<Value>(result: { ok: true; value: Value } | { ok: false; error: { message: string } }): Value {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

test('a request is held, marked, entered once, and given back', () => {
  const money = moneyOf()
  const purchase = must(money.spending.reserve(request(5_000)))
  expect(money.held()).toBe(5_000)
  const id = must(purchase.begin())
  expect(money.ledger()).toEqual([])
  expect(purchase.settle(id, { ok: true, usage: used(4_000), charged: 'yes' })).toEqual({
    costMicroUsd: 4_000,
    amountKind: 'known',
  })
  expect(money.held()).toBe(0)
  purchase.settle(id, { ok: true, usage: used(9_000), charged: 'yes' })
  purchase.close()
  purchase.close()
  expect(money.ledger()).toMatchObject([{ id, outcome: 'succeeded', amount_kind: 'known', cost_micro_usd: 4_000 }])
  expect(money.storage.all('SELECT * FROM cost_reservations')).toEqual([])
  expect(money.costs.facts().wrongMonths).toEqual([])
})

test('what it bought is kept in the same transaction, and its charge even when that fails', () => {
  const money = moneyOf()
  const purchase = must(money.spending.reserve(request(5_000)))
  const first = must(purchase.begin())
  const seen: unknown[] = []
  purchase.settle(first, { ok: true, usage: used(1_000), charged: 'yes' }, (tx, charge) => {
    seen.push(charge, tx.get('SELECT id FROM cost_entries'))
  })
  expect(seen).toEqual([{ costMicroUsd: 1_000, amountKind: 'known' }, { id: first }])
  const second = must(purchase.begin())
  expect(() =>
    purchase.settle(second, { ok: true, usage: used(2_000), charged: 'yes' }, (tx) => {
      tx.run("INSERT INTO settings (name, value_json, updated_at_ms, row_sha256) VALUES ('x', '1', 1, '')")
      throw new Error('no room for the answer')
    }),
  ).toThrow('no room for the answer')
  purchase.close()
  expect(money.ledger().map(({ cost_micro_usd }) => cost_micro_usd)).toEqual([1_000, 2_000])
  expect(money.storage.get("SELECT 1 FROM settings WHERE name = 'x'")).toBeUndefined()
})

test.each([
  ['refused before any work', { ok: false, usage: null, charged: 'no' }, 0, 'known'],
  ['cut off without a word', { ok: false, usage: null, charged: 'maybe' }, 5_000, 'estimated'],
  ['cut off after usage', { ok: false, usage: used(700), charged: 'maybe' }, 700, 'estimated'],
  ['done, usage missing', { ok: true, usage: null, charged: 'yes' }, 5_000, 'estimated'],
  ['negative usage', { ok: true, usage: { ...used(1), inputTokens: -5 }, charged: 'yes' }, 5_000, 'estimated'],
  ['not a number', { ok: true, usage: { ...used(1), inputTokens: Number.NaN }, charged: 'yes' }, 5_000, 'estimated'],
  ['a fraction', { ok: true, usage: { ...used(1), inputTokens: 1.5 }, charged: 'yes' }, 5_000, 'estimated'],
  ['absurd', { ok: true, usage: { ...used(1), inputTokens: 1e10 }, charged: 'yes' }, 5_000, 'estimated'],
  [
    'infinite',
    { ok: true, usage: { ...used(1), inputTokens: Number.POSITIVE_INFINITY }, charged: 'yes' },
    5_000,
    'estimated',
  ],
  ['an absurd cache', { ok: true, usage: { ...used(300), cachedInputTokens: -1 }, charged: 'yes' }, 300, 'estimated'],
  ['no word of a cache', { ok: true, usage: { ...used(300), cachedInputTokens: null }, charged: 'yes' }, 300, 'known'],
] as const)('%s', (_, outcome, cost, kind) => {
  const money = moneyOf()
  const purchase = must(money.spending.reserve(request(5_000)))
  expect(purchase.settle(must(purchase.begin()), outcome)).toEqual({ costMicroUsd: cost, amountKind: kind })
  purchase.close()
  expect(money.ledger()).toMatchObject([{ cost_micro_usd: cost, amount_kind: kind }])
})

test('an unknown price asks, is never $0, and counts as unknown', () => {
  const money = moneyOf()
  const unknown = { ...request(5_000), model: 'nobody-knows' }
  expect(money.spending.reserve(unknown)).toMatchObject({ ok: false, error: { code: 'asks-first' } })
  const purchase = must(money.spending.reserve({ ...unknown, approvedMicroUsd: 0 }))
  purchase.settle(must(purchase.begin()), { ok: true, usage: used(10), charged: 'yes' })
  must(purchase.begin())
  purchase.close()
  expect(money.ledger()).toMatchObject([
    { amount_kind: 'unknown', cost_micro_usd: null, outcome: 'succeeded' },
    { amount_kind: 'unknown', cost_micro_usd: null, outcome: 'failed' },
  ])
})

test('this computer, and a server that was marked free, cost a known $0 and pass every limit', () => {
  const money = moneyOf()
  money.limits.set({ scope: 'month', kind: 'stops', feedId: null, limitMicroUsd: 0 })
  const free = {
    provider: 'attic',
    model: '*',
    inputPerMillion: 0,
    outputPerMillion: 0,
    cachedInputPerMillion: 0,
    cacheWritePerMillion: 0,
    audioPerHour: 0,
    asOf: '2026-11-20',
    source: 'mine',
  }
  expect(money.spending.reserve({ ...request(9), provider: 'attic' }).ok).toBe(false)
  must(money.prices.set(free))
  for (const provider of ['offline', 'attic']) {
    const purchase = must(money.spending.reserve({ ...request(9_000_000), provider, model: 'any' }))
    const charge = purchase.settle(must(purchase.begin()), { ok: true, usage: null, charged: 'yes' })
    expect(charge, provider).toEqual({ costMicroUsd: 0, amountKind: 'known' })
    purchase.close()
  }
})

test('a failure that was charged uses up a part of what is held, and the next attempt is held against the limits', () => {
  const money = moneyOf()
  money.unlimited()
  money.limits.set({ scope: 'day', kind: 'stops', feedId: null, limitMicroUsd: 12_000 })
  const purchase = must(money.spending.reserve(request(5_000)))
  for (const spent of [5_000, 10_000]) {
    purchase.settle(must(purchase.begin()), { ok: false, usage: null, charged: 'maybe' })
    expect(money.held()).toBe(0)
    expect(money.costs.facts().totalMicroUsd).toBe(spent)
  }
  expect(purchase.begin()).toMatchObject({ ok: false, error: { code: 'over-limit' } })
  expect(money.spending.reserve(request(2_001)).ok).toBe(false)
  expect(money.spending.reserve(request(2_000)).ok).toBe(true)
  expect(money.spending.reserve(request(1)).ok).toBe(false)
})

test('what a dead process had sent is entered once as estimated, with the id of its attempt', () => {
  const dead = { id: 'dead', host: 'here', pid: 7 }
  const money = moneyOf({ alive: (pid) => pid !== 7 })
  const theirs = moneyOf({ storage: money.storage, owner: dead })
  const sent = must(theirs.spending.reserve(request(5_000)))
  const id = must(sent.begin())
  must(theirs.spending.reserve(request(1_000)))
  expect(money.held()).toBe(6_000)
  money.limits.set({ scope: 'day', kind: 'stops', feedId: null, limitMicroUsd: 5_500 })
  // Looks for the dead before it looks at the limits: the one that sent nothing gives all back.
  expect(money.spending.reserve(request(501)).ok).toBe(false)
  expect(money.spending.reserve(request(500)).ok).toBe(true)
  expect(money.ledger()).toMatchObject([{ id, outcome: 'failed', amount_kind: 'estimated', cost_micro_usd: 5_000 }])
  expect(money.spending.recover()).toBe(0)
  // It lived after all: its row stays one, and what it bought is kept.
  let kept = false
  const charge = sent.settle(id, { ok: true, usage: used(4_000), charged: 'yes' }, () => {
    kept = true
  })
  expect([kept, charge]).toEqual([true, { costMicroUsd: 5_000, amountKind: 'estimated' }])
  sent.close()
  expect(money.ledger()).toHaveLength(1)
  expect(money.costs.facts().wrongMonths).toEqual([])
})

test.each([
  ['alive on this computer', { id: 'other', host: 'here', pid: 8 }, 0, false],
  ['dead on this computer', { id: 'other', host: 'here', pid: 7 }, 0, true],
  ['a number that is given anew for a day', { id: 'other', host: 'here', pid: 8 }, 25, true],
  ['our own number, before us', { id: 'other', host: 'here', pid: 100 }, 0, true],
  ['another computer, just now', { id: 'other', host: 'there', pid: 7 }, 0, false],
  ['another computer, two hours ago', { id: 'other', host: 'there', pid: 7 }, 2, true],
  ['ourselves, for hours', { id: 'me', host: 'here', pid: 100 }, 23, false],
  ['ourselves, for more than a day', { id: 'me', host: 'here', pid: 100 }, 25, true],
] as const)('left behind: %s', (_, owner, hours, isLeft) => {
  const money = moneyOf({ alive: (pid) => pid !== 7 })
  const theirs = moneyOf({ storage: money.storage, owner })
  must(must(theirs.spending.reserve(request(5_000))).begin())
  money.setNow(Date.UTC(2026, 10, 23, 12 + hours))
  expect(money.spending.recover()).toBe(isLeft ? 1 : 0)
})

test('a purchase whose end could not be written enters it when it is closed', () => {
  const money = moneyOf()
  let isFull = false
  const storage = {
    ...money.storage,
    write: ((action, change) => {
      if (isFull) throw new Error('disk full')
      return money.storage.write(action, change)
    }) as typeof money.storage.write,
  }
  const purchase = must(moneyOf({ storage }).spending.reserve(request(5_000)))
  const id = must(purchase.begin())
  isFull = true
  expect(() => purchase.settle(id, { ok: true, usage: used(4_000), charged: 'yes' })).toThrow('disk full')
  isFull = false
  purchase.close()
  expect(money.ledger()).toMatchObject([{ id, outcome: 'succeeded', cost_micro_usd: 4_000 }])
})
