import { fail, ok, type Result } from '#shared/result.ts'
import { isSealed } from '../storage/seals.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { createRollup, type Rollup } from './rollup.ts'
import {
  type CostDetailsRow,
  type CostEntryRow,
  type CostMonthRow,
  costEntriesTable,
  costMonthsTable,
  costStore,
  monthOf,
} from './store.ts'

export type CostEntry = CostEntryRow
export type CostDetails = Omit<CostDetailsRow, 'entry_id'>
export interface LedgerFacts {
  readonly entries: number
  readonly totalMicroUsd: number
  readonly unknownEntries: number
  /** Of the first month that is known; null without any. */
  readonly since: string | null
  /** Months whose rows do not add up to the journal, or whose journal is damaged. */
  readonly wrongMonths: readonly { readonly month: string; readonly journal: string; readonly rows: string }[]
}
export interface SweptCosts {
  readonly entries: number
  readonly costMicroUsd: number
}

export interface CostsService {
  /**
   * Writes a charge. The same entry again (a retry after a crash, an import run twice) changes nothing.
   * Fails with `id-taken` when another charge has this id.
   */
  append(entry: CostEntry): Result<null, 'id-taken'>
  /** The same within a transaction of the caller, who writes what was paid for along with its charge. */
  appendIn(tx: Transaction, entry: CostEntry, details?: CostDetails): Result<null, 'id-taken'>
  /** Compares all rows with the journal of months, and with the sums of the Costs page. */
  facts(): LedgerFacts
  /** What a sweep would delete. */
  olderThan(beforeMs: number): SweptCosts
  /** Makes the journal of a month, and its sums, say what its rows add up to. The mend for a wrong month, in the caller's transaction. */
  rebuildMonthIn(tx: Transaction, month: string): void
  /** Deletes rows; their sums stay in the journal. Runs in the caller's transaction, which has the audit row. */
  sweepIn(tx: Transaction, beforeMs: number): SweptCosts
}

const emptyMonth = (month: string): CostMonthRow => ({
  month,
  entries: 0,
  unknown_entries: 0,
  cost_micro_usd: 0,
  swept_entries: 0,
  swept_unknown_entries: 0,
  swept_micro_usd: 0,
})

const withEntry = (month: CostMonthRow, { cost_micro_usd }: CostEntry): CostMonthRow => ({
  ...month,
  entries: month.entries + 1,
  unknown_entries: month.unknown_entries + (cost_micro_usd === null ? 1 : 0),
  cost_micro_usd: month.cost_micro_usd + (cost_micro_usd ?? 0),
})
const isIntact = (month: CostMonthRow): boolean => isSealed(costMonthsTable, { ...month })

/** The ledger: append-only, one row for each request, retry or failure that can cost. */
export function createCostsService({
  storage,
  rollup = createRollup(),
  onAppend = () => undefined,
}: {
  storage: Storage
  rollup?: Rollup
  /** Told of each new row while its transaction is still open. */
  onAppend?: () => void
}): CostsService {
  const appendIn: CostsService['appendIn'] = (tx, entry, details) => {
    const known = costStore.entry(tx, entry.id)
    if (known) {
      const same = costEntriesTable.columns.every(
        (column) => known[column as keyof CostEntry] === entry[column as keyof CostEntry],
      )
      return same ? ok(null) : fail('id-taken', 'Another charge has this id. Nothing was written.')
    }
    rollup.calendarIn(tx)
    const combo = rollup.comboIn(tx, entry)
    costStore.insertEntry(tx, entry, combo)
    const detailsRow = details ? { ...details, entry_id: entry.id } : null
    if (detailsRow) costStore.insertDetails(tx, detailsRow)
    rollup.addIn(tx, entry, detailsRow, combo)
    const month = costStore.month(tx, monthOf(entry.at_ms)) ?? null
    // A charge is written whatever happened to the journal: a damaged month stays as it is, for the health check to see.
    if (month === null || isIntact(month))
      costStore.putMonth(tx, withEntry(month ?? emptyMonth(monthOf(entry.at_ms)), entry))
    tx.audit(`cost:${entry.id}`, null, {
      model: `${entry.provider} ${entry.model}`,
      outcome: entry.outcome,
      costMicroUsd: entry.cost_micro_usd,
    })
    onAppend()
    return ok(null)
  }
  const sum = (rows: readonly { entries: number; cost_micro_usd: number }[]): SweptCosts => ({
    entries: rows.reduce((total, { entries }) => total + entries, 0),
    costMicroUsd: rows.reduce((total, { cost_micro_usd }) => total + cost_micro_usd, 0),
  })
  return {
    append: (entry) => {
      // Known already: no audit row, so that a repeated import leaves no trace.
      const known = costStore.entry(storage, entry.id)
      return known
        ? storage.writeUnaudited((tx) => appendIn(tx, entry))
        : storage.write('costs.append', (tx) => appendIn(tx, entry))
    },
    appendIn,
    facts() {
      const rowsByMonth = new Map(costStore.sums(storage).map((row) => [row.month, row]))
      const journal = costStore.months(storage)
      const months = new Set([...rowsByMonth.keys(), ...journal.map(({ month }) => month)])
      const wrongSums = rollup.wrongMonths(storage)
      const wrongMonths = [...new Set([...months, ...wrongSums])].toSorted().flatMap((month) => {
        const rows = rowsByMonth.get(month) ?? { entries: 0, unknown_entries: 0, cost_micro_usd: 0 }
        const said = journal.find((row) => row.month === month)
        const intact = said !== undefined && isIntact(said)
        const agrees =
          intact &&
          said.entries - said.swept_entries === rows.entries &&
          said.unknown_entries - said.swept_unknown_entries === rows.unknown_entries &&
          said.cost_micro_usd - said.swept_micro_usd === rows.cost_micro_usd
        if (agrees || (!said && rows.entries === 0))
          return wrongSums.includes(month)
            ? [
                {
                  month,
                  journal: 'sums by day, provider and feed that are not theirs',
                  rows: words(rows.entries, rows.cost_micro_usd),
                },
              ]
            : []
        return [
          {
            month,
            journal: intact
              ? words(said.entries - said.swept_entries, said.cost_micro_usd - said.swept_micro_usd)
              : said
                ? 'damaged'
                : 'missing',
            rows: words(rows.entries, rows.cost_micro_usd),
          },
        ]
      })
      const total = sum(journal)
      return {
        entries: total.entries,
        totalMicroUsd: total.costMicroUsd,
        unknownEntries: journal.reduce((count, { unknown_entries }) => count + unknown_entries, 0),
        since: journal[0]?.month ?? null,
        wrongMonths,
      }
    },
    olderThan: (beforeMs) => sum(costStore.ofMonthBefore(storage, beforeMs)),
    rebuildMonthIn(tx, month) {
      rollup.rebuildMonthIn(tx, month)
      const rows = costStore.sums(tx).find((one) => one.month === month)
      const said = costStore.month(tx, month)
      if (!rows && !said) return
      const base = said && isIntact(said) ? said : emptyMonth(month)
      costStore.putMonth(tx, {
        ...base,
        entries: (rows?.entries ?? 0) + base.swept_entries,
        unknown_entries: (rows?.unknown_entries ?? 0) + base.swept_unknown_entries,
        cost_micro_usd: (rows?.cost_micro_usd ?? 0) + base.swept_micro_usd,
      })
    },
    sweepIn(tx, beforeMs) {
      const parts = costStore.ofMonthBefore(tx, beforeMs)
      for (const part of parts) {
        const month = costStore.month(tx, part.month)
        if (month === null || !isIntact(month)) continue
        costStore.putMonth(tx, {
          ...month,
          swept_entries: month.swept_entries + part.entries,
          swept_unknown_entries: month.swept_unknown_entries + part.unknown_entries,
          swept_micro_usd: month.swept_micro_usd + part.cost_micro_usd,
        })
      }
      rollup.sweepIn(tx, beforeMs)
      costStore.deleteBefore(tx, beforeMs)
      return sum(parts)
    },
  }
}

const words = (entries: number, microUsd: number): string =>
  `${entries} ${entries === 1 ? 'entry' : 'entries'}, $${(microUsd / 1_000_000).toFixed(6)}`
