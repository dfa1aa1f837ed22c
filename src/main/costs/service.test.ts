import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIds } from '../ids.ts'
import { openStorage } from '../storage/storage.ts'
import { type CostEntry, createCostsService } from './service.ts'

function ledger() {
  let now = Date.UTC(2026, 10, 23)
  const clock = { now: () => now }
  const opened = openStorage(':memory:', { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  const ids = createIds(clock)
  const entry = (change: Partial<CostEntry> = {}): CostEntry => ({
    id: ids.next(),
    at_ms: now,
    provider: 'claude',
    model: 'model-1',
    operation: 'extraction',
    outcome: 'succeeded',
    amount_kind: 'known',
    cost_micro_usd: 22_000,
    input_tokens: 1_000,
    output_tokens: 200,
    cached_tokens: 0,
    audio_ms: null,
    feed_id: null,
    episode_id: null,
    template_name: 'summary',
    job_id: null,
    price_version: '2026-11',
    imported_from: null,
    ...change,
  })
  return { storage, entry, costs: createCostsService({ storage }), setNow: (ms: number) => (now = ms) }
}

test('the same episode processed twice is two charges; the same charge twice is one', () => {
  const { costs, entry } = ledger()
  const first = entry()
  expect(costs.append(first)).toEqual({ ok: true, value: null })
  expect(costs.append(first)).toEqual({ ok: true, value: null })
  costs.append(entry())
  expect(costs.facts()).toMatchObject({ entries: 2, totalMicroUsd: 44_000, wrongMonths: [] })
  expect(costs.append({ ...first, cost_micro_usd: 1 })).toMatchObject({ ok: false, error: { code: 'id-taken' } })
  expect(costs.facts()).toMatchObject({ entries: 2, totalMicroUsd: 44_000 })
})

test('an unknown amount is never 0', () => {
  const { costs, entry } = ledger()
  costs.append(entry({ amount_kind: 'unknown', cost_micro_usd: null }))
  expect(costs.facts()).toMatchObject({ entries: 1, totalMicroUsd: 0, unknownEntries: 1 })
  expect(() => costs.append(entry({ amount_kind: 'unknown', cost_micro_usd: 0 }))).toThrow(/CHECK/)
  expect(() => costs.append(entry({ cost_micro_usd: null }))).toThrow(/CHECK/)
})

test('every charge has its audit row, a repeated one none', () => {
  const { costs, entry, storage } = ledger()
  const first = entry()
  costs.append(first)
  costs.append(first)
  expect(storage.all('SELECT action, subject FROM audit')).toEqual([
    { action: 'costs.append', subject: `cost:${first.id}` },
  ])
})

test('a row that is lost, changed or added behind its back is named by month', () => {
  const faults = [
    'DELETE FROM cost_entries WHERE rowid = 1',
    'UPDATE cost_entries SET cost_micro_usd = cost_micro_usd + 1 WHERE rowid = 1',
    'UPDATE cost_months SET cost_micro_usd = 0',
    'DELETE FROM cost_months',
  ]
  for (const fault of faults) {
    const { costs, entry, storage } = ledger()
    costs.append(entry())
    costs.append(entry())
    storage.writeUnaudited((tx) => tx.run(fault))
    expect(
      costs.facts().wrongMonths.map(({ month }) => month),
      fault,
    ).toEqual(['2026-11'])
    // What is spent from now on is written all the same.
    costs.append(entry())
    storage.write('health.mend', (tx) => {
      costs.rebuildMonthIn(tx, '2026-11')
      tx.audit('ledger', null, null)
    })
    expect(costs.facts().wrongMonths, fault).toEqual([])
  }
})

test('sums equal an independent journal, whatever is appended, repeated and swept', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), day: fc.nat(400), micros: fc.option(fc.nat(5_000_000)) }),
    fc.record({ do: fc.constant('repeat' as const), nth: fc.nat(50) }),
    fc.record({ do: fc.constant('sweep' as const), day: fc.nat(400) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { costs, entry, storage } = ledger()
      const start = Date.UTC(2025, 10, 1)
      const at = (day: number): number => start + day * 86_400_000
      const written: CostEntry[] = []
      let swept = 0
      for (const one of steps) {
        if (one.do === 'append') {
          const row = entry({
            at_ms: at(one.day),
            cost_micro_usd: one.micros,
            amount_kind: one.micros === null ? 'unknown' : 'known',
          })
          costs.append(row)
          written.push(row)
        } else if (one.do === 'repeat') {
          const row = written[one.nth]
          const gone = row && !storage.get('SELECT 1 FROM cost_entries WHERE id = ?', [row.id])
          if (row && !gone) costs.append(row)
        } else {
          swept += storage.write('retention.sweep', (tx) => {
            tx.audit('costs', null, null)
            return costs.sweepIn(tx, at(one.day)).entries
          })
        }
      }
      const facts = costs.facts()
      expect(facts.wrongMonths).toEqual([])
      expect(facts.entries).toBe(written.length)
      expect(facts.totalMicroUsd).toBe(written.reduce((sum, row) => sum + (row.cost_micro_usd ?? 0), 0))
      expect(storage.get('SELECT count(*) AS n FROM cost_entries')).toEqual({ n: written.length - swept })
    }),
    { numRuns: 60 },
  )
})
