import type { Charge, Purchase, Spending, Usage } from '../../services-models.ts'
import type { Storage } from '../../storage/storage.ts'

/** A row as the ledger would have it. */
export interface TestRow {
  readonly id: string
  readonly model: string
  ok: boolean | null
  charged: 'yes' | 'maybe' | 'no' | null
  usage: Usage | null
  cost: number | null
}

/** For tests of what spends: a ledger in memory at $1 a million tokens, which refuses what is over its limit. */
export function createTestMoney(storage?: Storage, limitMicroUsd = Number.POSITIVE_INFINITY) {
  const rows: TestRow[] = []
  const held = new Set<object>()
  const refusals = { over: false }
  const spending: Spending = {
    estimate: (_provider, _model, planned) => ({
      lowMicroUsd: planned.inputTokens[0] + planned.outputTokens[0],
      highMicroUsd: planned.inputTokens[1] + planned.outputTokens[1],
      reason: 'a test',
    }),
    reserve: ({ model, planned }) => {
      const most = planned.inputTokens[1] + planned.outputTokens[1]
      if (most > limitMicroUsd) {
        refusals.over = true
        return { ok: false, error: { code: 'over-limit', message: 'Over the limit.', retryable: false } }
      }
      const hold = {}
      held.add(hold)
      const purchase: Purchase = {
        begin: () => {
          const row: TestRow = { id: `row-${rows.length + 1}`, model, ok: null, charged: null, usage: null, cost: null }
          rows.push(row)
          return { ok: true, value: row.id }
        },
        settle: (id, outcome, alongside) => {
          const row = rows.find((one) => one.id === id)
          if (!row || row.ok !== null) throw new Error(`${id} is settled twice or never began`)
          const { usage } = outcome
          const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)
          const charge: Charge =
            outcome.charged === 'no'
              ? { costMicroUsd: 0, amountKind: 'known' }
              : usage && usage.inputTokens !== null && usage.outputTokens !== null
                ? { costMicroUsd: tokens, amountKind: outcome.charged === 'yes' ? 'known' : 'estimated' }
                : { costMicroUsd: most, amountKind: 'estimated' }
          Object.assign(row, { ok: outcome.ok, charged: outcome.charged, usage, cost: charge.costMicroUsd })
          if (alongside) {
            if (!storage) throw new Error('this test keeps nothing')
            storage.writeUnaudited((tx) => alongside(tx, charge))
          }
          return charge
        },
        close: () => void held.delete(hold),
      }
      return { ok: true, value: purchase }
    },
  }
  return { spending, rows, refusals, heldNow: () => held.size }
}
