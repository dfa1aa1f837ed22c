import { type SealedTable, sealOf } from '../storage/seals.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

/** One request, retry or failure that can cost, as it is kept. Money in micro-dollars (1,000,000 = $1). */
export interface CostEntryRow {
  readonly id: string
  readonly at_ms: number
  readonly provider: string
  readonly model: string
  readonly operation: string
  readonly outcome: 'succeeded' | 'failed'
  readonly amount_kind: 'known' | 'estimated' | 'unknown'
  readonly cost_micro_usd: number | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cached_tokens: number | null
  readonly audio_ms: number | null
  readonly feed_id: string | null
  readonly episode_id: string | null
  readonly template_name: string | null
  readonly job_id: string | null
  readonly price_version: string | null
  readonly imported_from: string | null
}
/** What belongs to a row beside it. */
export interface CostDetailsRow {
  readonly entry_id: string
  /** Null when no price was known. */
  readonly estimate_low_micro_usd: number | null
  readonly estimate_high_micro_usd: number | null
  readonly estimate_reason: string | null
  readonly cache_write_tokens: number | null
  /** What its cached part would have cost more. */
  readonly saved_micro_usd: number
}
/** What a month's rows add up to; `swept_…` is the part whose rows were deleted by the rule of retention. */
export interface CostMonthRow {
  readonly month: string
  readonly entries: number
  readonly unknown_entries: number
  readonly cost_micro_usd: number
  readonly swept_entries: number
  readonly swept_unknown_entries: number
  readonly swept_micro_usd: number
}
type Stored<Row> = Row & { readonly row_sha256: string }

const entryColumns = [
  'id',
  'at_ms',
  'provider',
  'model',
  'operation',
  'outcome',
  'amount_kind',
  'cost_micro_usd',
  'input_tokens',
  'output_tokens',
  'cached_tokens',
  'audio_ms',
  'feed_id',
  'episode_id',
  'template_name',
  'job_id',
  'price_version',
  'imported_from',
] as const satisfies readonly (keyof CostEntryRow)[]
const monthColumns = [
  'month',
  'entries',
  'unknown_entries',
  'cost_micro_usd',
  'swept_entries',
  'swept_unknown_entries',
  'swept_micro_usd',
] as const satisfies readonly (keyof CostMonthRow)[]

const detailsColumns = [
  'entry_id',
  'estimate_low_micro_usd',
  'estimate_high_micro_usd',
  'estimate_reason',
  'cache_write_tokens',
  'saved_micro_usd',
] as const satisfies readonly (keyof CostDetailsRow)[]

export const costDetailsTable: SealedTable = { name: 'cost_details', key: 'entry_id', columns: detailsColumns }
export const costEntriesTable: SealedTable = { name: 'cost_entries', key: 'id', columns: entryColumns }
export const costMonthsTable: SealedTable = { name: 'cost_months', key: 'month', columns: monthColumns }

/** UTC, e.g. `2026-11`. */
export const monthOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 7)

const placesFor = (columns: readonly string[]): string => [...columns, ''].map(() => '?').join(', ')

export const costStore = {
  entry: (reader: Reader, id: string) =>
    reader.get<Stored<CostEntryRow>>('SELECT * FROM cost_entries WHERE id = ?', [id]),
  insertEntry: (tx: Transaction, row: CostEntryRow, combo: number) => {
    tx.run(
      `INSERT INTO cost_entries (${entryColumns.join(', ')}, row_sha256, combo_id) VALUES (${placesFor(entryColumns)}, ?)`,
      [...entryColumns.map((column) => row[column]), sealOf(costEntriesTable, { ...row }), combo],
    )
  },
  insertDetails: (tx: Transaction, row: CostDetailsRow) => {
    tx.run(
      `INSERT OR REPLACE INTO cost_details (${detailsColumns.join(', ')}, row_sha256) VALUES (${placesFor(detailsColumns)})`,
      [...detailsColumns.map((column) => row[column]), sealOf(costDetailsTable, { ...row })],
    )
  },
  /** Null before the month's first entry. */
  month: (reader: Reader, month: string) =>
    reader.get<Stored<CostMonthRow>>('SELECT * FROM cost_months WHERE month = ?', [month]) ?? null,
  months: (reader: Reader) => reader.all<Stored<CostMonthRow>>('SELECT * FROM cost_months ORDER BY month'),
  putMonth: (tx: Transaction, row: CostMonthRow) => {
    tx.run(
      `INSERT OR REPLACE INTO cost_months (${monthColumns.join(', ')}, row_sha256) VALUES (${placesFor(monthColumns)})`,
      [...monthColumns.map((column) => row[column]), sealOf(costMonthsTable, { ...row })],
    )
  },
  /** Sums of the rows that are there, by month. */
  sums: (reader: Reader) =>
    reader.all<{ month: string; entries: number; unknown_entries: number; cost_micro_usd: number }>(
      `SELECT strftime('%Y-%m', at_ms / 1000, 'unixepoch') AS month, count(*) AS entries,
              sum(cost_micro_usd IS NULL) AS unknown_entries, coalesce(sum(cost_micro_usd), 0) AS cost_micro_usd
       FROM cost_entries GROUP BY month ORDER BY month`,
    ),
  ofMonthBefore: (reader: Reader, beforeMs: number) =>
    reader.all<{ month: string; entries: number; unknown_entries: number; cost_micro_usd: number }>(
      `SELECT strftime('%Y-%m', at_ms / 1000, 'unixepoch') AS month, count(*) AS entries,
              sum(cost_micro_usd IS NULL) AS unknown_entries, coalesce(sum(cost_micro_usd), 0) AS cost_micro_usd
       FROM cost_entries WHERE at_ms < ? GROUP BY month ORDER BY month`,
      [beforeMs],
    ),
  deleteBefore: (tx: Transaction, beforeMs: number) => {
    tx.run('DELETE FROM cost_details WHERE entry_id IN (SELECT id FROM cost_entries WHERE at_ms < ?)', [beforeMs])
    return tx.run('DELETE FROM cost_entries WHERE at_ms < ?', [beforeMs])
  },
}
