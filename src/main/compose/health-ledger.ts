import { costEntriesTable, costMonthsTable, costStore, monthOf } from '../costs/store.ts'
import type { LedgerFacts } from '../health/ports.ts'
import { isSealed } from '../storage/seals.ts'
import type { SqlValue, Storage } from '../storage/storage.ts'

const dayMs = 86_400_000

/** What the check of the ledger reads of its rows. */
export const ledgerRows = (storage: Storage) => {
  /** Whether the sums of the Costs page come to as much as the journal; before its first row there are none. */
  const hasSums = (journal: { entries: number; micro: number }): boolean =>
    !storage.get('SELECT 1 FROM cost_calendar') ||
    [0, 1, 2, 3, 4].every((dim) => {
      const said = storage.get<{ entries: number; micro: number }>(
        `SELECT coalesce(sum(entries), 0) AS entries, coalesce(sum(cost_micro_usd), 0) AS micro
         FROM cost_totals WHERE level = 1 AND dim = ?`,
        [dim],
      )!
      return said.entries === journal.entries && said.micro === journal.micro
    })
  return {
    /** Of damaged rows, and of those that are summed up with them: which month of a sum is wrong cannot be told from it. */
    damagedMonths: (): ReadonlySet<string> => {
      const rows = storage.all<Record<string, SqlValue> & { at_ms: number; combo_id: number | null }>(
        'SELECT * FROM cost_entries',
      )
      const damaged = rows.filter((row) => !isSealed(costEntriesTable, row))
      const combos = new Set(damaged.map(({ combo_id }) => combo_id))
      const touched = damaged.length === 0 ? [] : rows.filter(({ combo_id }) => combos.has(combo_id))
      // Of rows that were swept only their sums are left.
      const swept = damaged.length === 0 ? [] : storage.all<{ day: number }>('SELECT DISTINCT day FROM cost_swept')
      const times = [...touched.map(({ at_ms }) => at_ms), ...swept.map(({ day }) => day * dayMs)]
      // Days of the profile's calendar begin at other hours than those of UTC.
      return new Set(times.flatMap((atMs) => [-dayMs, 0, dayMs].map((by) => monthOf(atMs + by))))
    },
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
        sum((month) => month.cost_micro_usd - month.swept_micro_usd) === rows.micro &&
        hasSums({ entries: sum(({ entries }) => entries), micro: sum(({ cost_micro_usd }) => cost_micro_usd) })
      if (!agrees) return null
      return {
        entries: sum(({ entries }) => entries),
        totalMicroUsd: sum(({ cost_micro_usd }) => cost_micro_usd),
        since: months[0]?.month ?? null,
        wrongMonths: [],
      }
    },
  }
}
