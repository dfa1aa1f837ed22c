import { costEntriesTable, costMonthsTable, costStore, monthOf } from '../costs/store.ts'
import type { LedgerFacts } from '../health/ports.ts'
import { isSealed } from '../storage/seals.ts'
import type { SqlValue, Storage } from '../storage/storage.ts'

/** What the check of the ledger reads of its rows. */
export const ledgerRows = (storage: Storage) => ({
  damagedMonths: (): ReadonlySet<string> =>
    new Set(
      storage
        .all<Record<string, SqlValue> & { at_ms: number }>('SELECT * FROM cost_entries')
        .filter((row) => !isSealed(costEntriesTable, row))
        .map(({ at_ms }) => monthOf(at_ms)),
    ),
  foreignIds: (newest: number | null): string[] =>
    storage
      .all<{ id: string }>(
        `SELECT id FROM cost_entries WHERE id NOT GLOB '????????-????-7???-[89ab]???-????????????'
         AND rowid > (SELECT coalesce(max(rowid), 0) FROM cost_entries) - ? ORDER BY id LIMIT 100`,
        [newest ?? Number.MAX_SAFE_INTEGER],
      )
      .map(({ id }) => id),
  quickFacts: (): LedgerFacts | null => {
    const months = costStore.months(storage)
    const rows = storage.get<{ entries: number; unknown: number; micro: number }>(
      `SELECT count(*) AS entries, coalesce(sum(cost_micro_usd IS NULL), 0) AS unknown,
              coalesce(sum(cost_micro_usd), 0) AS micro FROM cost_entries`,
    )!
    const sum = (of: (month: (typeof months)[number]) => number): number =>
      months.reduce((total, month) => total + of(month), 0)
    const agrees =
      months.every((month) => isSealed(costMonthsTable, { ...month })) &&
      sum((month) => month.entries - month.swept_entries) === rows.entries &&
      sum((month) => month.unknown_entries - month.swept_unknown_entries) === rows.unknown &&
      sum((month) => month.cost_micro_usd - month.swept_micro_usd) === rows.micro
    if (!agrees) return null
    return {
      entries: sum(({ entries }) => entries),
      totalMicroUsd: sum(({ cost_micro_usd }) => cost_micro_usd),
      since: months[0]?.month ?? null,
      wrongMonths: [],
    }
  },
})
