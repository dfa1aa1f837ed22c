import type { CostsService } from '../../costs/service.ts'
import { cutoffOf, type SweepKind } from '../kind.ts'

type Ledger = Pick<CostsService, 'sweepIn' | 'facts'>
interface Row {
  readonly id: string
  readonly month: string
  readonly provider: string
  readonly bytes: number
}
const entryBytes = 400

/** Rows of the ledger, which keeps their sums by month for good. Never, unless the user sets a time. */
export const costsKind = (ledger: Ledger): SweepKind => ({
  kind: 'cost-history',
  wholesale: true,
  defaults: { days: null, maxBytes: null },
  stored: (reader) => {
    const { items } = reader.get<{ items: number }>('SELECT count(*) AS items FROM cost_entries')!
    return { items, bytes: items * entryBytes }
  },
  due: (reader, question) => {
    if (question.rule.days === null) return { items: [], spared: new Map() }
    const rows = reader.all<Row>(
      `SELECT id, strftime('%Y-%m', at_ms / 1000, 'unixepoch') AS month, provider, ${entryBytes} AS bytes
       FROM cost_entries WHERE at_ms < ? ORDER BY at_ms, id`,
      [cutoffOf(question)],
    )
    // A month whose journal is wrong would lose its sum: the rows are the only proof, and the ledger deletes by time alone.
    const wrong = new Set(rows.length > 0 ? ledger.facts().wrongMonths.map(({ month }) => month) : [])
    return rows.some(({ month }) => wrong.has(month))
      ? {
          items: [],
          spared: new Map([['in a ledger that does not add up; mend it in Data & health first', rows.length]]),
        }
      : {
          items: rows.map(({ id, month, provider, bytes }) => ({ id, bytes, words: `${month}, ${provider}` })),
          spared: new Map(),
        }
  },
  forget: (tx, _, question) => {
    ledger.sweepIn(tx, cutoffOf(question))
    return []
  },
})
