import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Purchase } from '../services-models.ts'
import type { Storage } from '../storage/storage.ts'
import { moneyOf, plan, purpose, used } from './costs-testing.ts'

class Killed extends Error {}
const action = fc.record({
  do: fc.constantFrom(
    'reserve' as const,
    'begin' as const,
    'begin' as const,
    'settle' as const,
    'settle' as const,
    'close' as const,
    'kill' as const,
    'recover' as const,
  ),
  which: fc.nat(20),
  microUsd: fc.integer({ min: 0, max: 5_000 }),
  ending: fc.constantFrom('ok' as const, 'ok' as const, 'no' as const, 'maybe' as const, 'silent' as const),
  /** The process dies within: before its transaction is committed, or after, before it hears of it. */
  dies: fc.constantFrom(null, null, null, null, 'before' as const, 'after' as const),
})

test('processes that die between any two steps lose no row and enter none twice, beside a journal of its own', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 5, maxLength: 60 }), (actions) => {
      const first = moneyOf({})
      first.unlimited()
      const budget = 40_000
      first.limits.set({ scope: 'month', kind: 'stops', feedId: null, limitMicroUsd: budget })
      const { storage } = first
      let dies: 'before' | 'after' | null = null
      const mortal = (write: Storage['write'] | Storage['writeUnaudited']) =>
        ((...given: unknown[]) => {
          if (dies === 'before') throw new Killed()
          const value = (write as (...all: unknown[]) => unknown)(...given)
          if (dies === 'after') throw new Killed()
          return value
        }) as never
      let pid = 0
      const born = () => {
        pid += 1
        const number = pid
        return moneyOf({
          storage: { ...storage, write: mortal(storage.write), writeUnaudited: mortal(storage.writeUnaudited) },
          owner: { id: `process-${number}`, host: 'here', pid: number },
          alive: (other) => other === pid,
        })
      }
      let process = born()
      let purchases: { purchase: Purchase; most: number; open: string[] }[] = []
      /** What is known for sure, by the id of the attempt; null: sent, and not heard of again. */
      const journal = new Map<string, number | null>()
      let unheard = 0
      const spentMost = (): void => {
        const { totalMicroUsd } = first.costs.facts()
        expect(totalMicroUsd + first.held()).toBeLessThanOrEqual(budget)
      }
      const die = (): void => {
        purchases = []
        dies = null
        process = born()
      }
      for (const one of actions) {
        dies = one.dies
        try {
          const chosen = purchases[one.which % Math.max(1, purchases.length)]
          if (one.do === 'kill') die()
          else if (one.do === 'recover') process.spending.recover()
          else if (one.do === 'reserve') {
            const made = process.spending.reserve({
              provider: 'claude',
              model: 'model-1',
              purpose: purpose(),
              planned: plan(one.microUsd),
              approvedMicroUsd: null,
            })
            if (made.ok) purchases.push({ purchase: made.value, most: one.microUsd, open: [] })
          } else if (chosen && one.do === 'begin') {
            const before = new Set(storage.all<{ id: string }>('SELECT id FROM cost_attempts').map(({ id }) => id))
            try {
              const begun = chosen.purchase.begin()
              if (begun.ok) {
                chosen.open.push(begun.value)
                journal.set(begun.value, null)
              }
            } catch (error) {
              unheard += storage
                .all<{ id: string }>('SELECT id FROM cost_attempts')
                .filter(({ id }) => !before.has(id)).length
              throw error
            }
          } else if (chosen && one.do === 'settle' && chosen.open.length > 0) {
            const id = chosen.open.shift()!
            const cost = Math.min(one.microUsd, chosen.most)
            if (one.ending !== 'silent')
              chosen.purchase.settle(id, {
                ok: one.ending === 'ok',
                usage: one.ending === 'no' ? null : used(cost),
                charged: one.ending === 'ok' ? 'yes' : one.ending,
              })
            if (one.ending !== 'silent') journal.set(id, one.ending === 'no' ? 0 : cost)
          } else if (chosen && one.do === 'close') {
            chosen.purchase.close()
            purchases = purchases.filter((other) => other !== chosen)
          }
        } catch (error) {
          if (!(error instanceof Killed)) throw error
          die()
        }
        dies = null
        spentMost()
      }
      die()
      process.spending.recover()
      const rows = new Map(first.ledger().map((row) => [row.id as string, row]))
      expect(rows.size).toBe(first.ledger().length)
      expect(rows.size).toBe(journal.size + unheard)
      for (const [id, cost] of journal)
        if (cost === null) expect(rows.get(id), id).toBeDefined()
        else expect(rows.get(id), id).toMatchObject({ cost_micro_usd: cost })
      expect(first.held()).toBe(0)
      expect(storage.all('SELECT * FROM cost_attempts')).toEqual([])
      expect(process.spending.recover()).toBe(0)
      const facts = first.costs.facts()
      expect(facts.wrongMonths).toEqual([])
      expect(first.book.overview({})).toMatchObject({ entries: rows.size, costMicroUsd: facts.totalMicroUsd })
    }),
    { numRuns: 60 },
  )
})
