import type { CostDetailsRow, CostEntryRow } from './store.ts'

/** What is added up of rows of the ledger. Money in micro-dollars. */
export interface Measures {
  readonly entries: number
  readonly estimated_entries: number
  readonly unknown_entries: number
  readonly cost_micro_usd: number
  readonly saved_micro_usd: number
  /** Rows that had an estimate and came to a price, what they were estimated at, and what they came to. */
  readonly compared_entries: number
  readonly estimate_micro_usd: number
  readonly compared_micro_usd: number
  /** Of these, off by 10 % at most. */
  readonly close_entries: number
  /** Finished notes, and seconds of episodes, whose first row this is. */
  readonly notes: number
  readonly listened_seconds: number
}
export const measureNames = [
  'entries',
  'estimated_entries',
  'unknown_entries',
  'cost_micro_usd',
  'saved_micro_usd',
  'compared_entries',
  'estimate_micro_usd',
  'compared_micro_usd',
  'close_entries',
  'notes',
  'listened_seconds',
] as const satisfies readonly (keyof Measures)[]

export const noMeasures: Measures = Object.fromEntries(measureNames.map((name) => [name, 0])) as unknown as Measures
export const plus = (one: Measures, other: Measures): Measures =>
  Object.fromEntries(measureNames.map((name) => [name, one[name] + other[name]])) as unknown as Measures

/** The middle of an estimate, which is what it is held against. */
const middleOf = (details: CostDetailsRow | null): number | null =>
  details?.estimate_high_micro_usd == null
    ? null
    : Math.floor(((details.estimate_low_micro_usd ?? 0) + details.estimate_high_micro_usd) / 2)

export function measuresOf(entry: CostEntryRow, details: CostDetailsRow | null): Measures {
  const middle = middleOf(details) ?? 0
  const isCompared = middle > 0 && entry.cost_micro_usd !== null && entry.outcome === 'succeeded'
  const cost = entry.cost_micro_usd ?? 0
  return {
    entries: 1,
    estimated_entries: entry.amount_kind === 'estimated' ? 1 : 0,
    unknown_entries: entry.cost_micro_usd === null ? 1 : 0,
    cost_micro_usd: cost,
    saved_micro_usd: details?.saved_micro_usd ?? 0,
    compared_entries: isCompared ? 1 : 0,
    estimate_micro_usd: isCompared ? middle : 0,
    compared_micro_usd: isCompared ? cost : 0,
    close_entries: isCompared && Math.abs(cost - middle) * 10 <= middle ? 1 : 0,
    notes: 0,
    listened_seconds: 0,
  }
}

const middle = '((coalesce(d.estimate_low_micro_usd, 0) + d.estimate_high_micro_usd) / 2)'
const isCompared = `(d.estimate_high_micro_usd IS NOT NULL AND ${middle} > 0 AND e.cost_micro_usd IS NOT NULL AND e.outcome = 'succeeded')`

/** The same of many rows, in SQL, firsts left out, over `cost_entries e LEFT JOIN cost_details d`. */
export const measuresSql = `
  count(*) AS entries,
  coalesce(sum(e.amount_kind = 'estimated'), 0) AS estimated_entries,
  coalesce(sum(e.cost_micro_usd IS NULL), 0) AS unknown_entries,
  coalesce(sum(e.cost_micro_usd), 0) AS cost_micro_usd,
  coalesce(sum(d.saved_micro_usd), 0) AS saved_micro_usd,
  coalesce(sum(${isCompared}), 0) AS compared_entries,
  coalesce(sum(CASE WHEN ${isCompared} THEN ${middle} END), 0) AS estimate_micro_usd,
  coalesce(sum(CASE WHEN ${isCompared} THEN e.cost_micro_usd END), 0) AS compared_micro_usd,
  coalesce(sum(${isCompared} AND abs(e.cost_micro_usd - ${middle}) * 10 <= ${middle}), 0) AS close_entries,
  0 AS notes,
  0 AS listened_seconds`
/** @param missing columns that the table does not have */
export const sumsSql = (prefix: string, missing: readonly string[] = []): string =>
  measureNames
    .map((name) => (missing.includes(name) ? `0 AS ${name}` : `coalesce(sum(${prefix}.${name}), 0) AS ${name}`))
    .join(', ')
