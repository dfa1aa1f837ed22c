import type { CostFilter } from '#shared/contract/costs.ts'
import type { Reader } from '../storage/storage.ts'
import { type Calendar, dayMs, dayName, firstDayOf, monthName, monthOfDay } from './calendar.ts'
import { allOf, comboWhere, rowsWhere, timeWhere, type Where } from './filter.ts'
import { type Measures, measuresSql, sumsSql } from './measures.ts'
import { levels } from './rollup.ts'

/** A stretch of time, by what answers for it: sums of months or days (steps, the last one left out), or rows. */
type Part =
  | { readonly level: 'month' | 'day'; readonly from: number; readonly to: number }
  | { readonly level: 'rows'; readonly from: number; readonly to: number }

/** Longer than this is shown by month. Two months. */
const mostDays = 62

const ends = { from: -8.64e15, to: 8.64e15 }

/** Cuts a time into whole months, whole days and what is left at its ends. @param byDay no months */
export function partsOf(calendar: Calendar, { fromMs, toMs }: CostFilter, byDay: boolean): Part[] {
  const [from, to] = [fromMs ?? ends.from, toMs ?? ends.to]
  if (from >= to) return []
  const startOf = (atMs: number): number => calendar.dayStart(calendar.dayOf(atMs))
  const firstDay = fromMs === undefined ? null : calendar.dayOf(from) + (startOf(from) === from ? 0 : 1)
  const endDay = toMs === undefined ? null : calendar.dayOf(to)
  const all = { from: firstDay ?? Math.trunc(ends.from / dayMs), to: endDay ?? Math.trunc(ends.to / dayMs) + 1 }
  if (all.from >= all.to) return [{ level: 'rows', from, to }]
  const parts: Part[] = []
  if (firstDay !== null && calendar.dayStart(firstDay) > from)
    parts.push({ level: 'rows', from, to: calendar.dayStart(firstDay) })
  if (endDay !== null && calendar.dayStart(endDay) < to)
    parts.push({ level: 'rows', from: calendar.dayStart(endDay), to })
  const firstMonth =
    firstDay === null
      ? Number.MIN_SAFE_INTEGER
      : monthOfDay(firstDay) + (firstDayOf(monthOfDay(firstDay)) === firstDay ? 0 : 1)
  const endMonth = endDay === null ? Number.MAX_SAFE_INTEGER : monthOfDay(endDay)
  if (byDay || firstMonth >= endMonth) return [...parts, { level: 'day', ...all }]
  parts.push({ level: 'month', from: firstMonth, to: endMonth })
  if (firstDay !== null && firstDayOf(firstMonth) > firstDay)
    parts.push({ level: 'day', from: firstDay, to: firstDayOf(firstMonth) })
  if (endDay !== null && firstDayOf(endMonth) < endDay)
    parts.push({ level: 'day', from: firstDayOf(endMonth), to: endDay })
  return parts
}

export interface Sum extends Measures {
  readonly provider: string
  readonly model: string
  readonly operation: string
  readonly feed_id: string
  readonly template_name: string
  readonly notes: number
  readonly listened_seconds: number
}
export interface Step {
  readonly start: string
  readonly provider: string
  readonly cost_micro_usd: number
}
const dimsSql = 'c.provider, c.model, c.operation, c.feed_id, c.template_name'

/** Whether a filter's time is shown by day: it is short, or all there is lies close together. */
export function isShort(reader: Reader, { fromMs, toMs }: CostFilter): boolean {
  const first = (): number | null =>
    reader.get<{ at: number | null }>('SELECT min(at_ms) AS at FROM cost_entries')?.at ?? null
  const last = (): number | null =>
    reader.get<{ at: number | null }>('SELECT max(at_ms) AS at FROM cost_entries')?.at ?? null
  const from = fromMs ?? first()
  const to = toMs ?? last()
  return from === null || to === null || to - from <= mostDays * dayMs
}

/** Sums by combo of a part of time. */
export function sumsOf(reader: Reader, part: Part, filter: CostFilter): Sum[] {
  const combo = comboWhere(filter)
  if (part.level !== 'rows')
    return reader.all<Sum>(
      `SELECT ${dimsSql}, ${sumsSql('s')}, coalesce(sum(s.notes), 0) AS notes,
              coalesce(sum(s.listened_seconds), 0) AS listened_seconds
       FROM cost_sums s JOIN cost_combos c ON c.id = s.combo_id
       WHERE s.level = ? AND s.step >= ? AND s.step < ? AND ${combo.sql} GROUP BY s.combo_id`,
      [levels[part.level], part.from, part.to, ...combo.params],
    )
  const rows = sumsOfRows(reader, allOf([timeWhere('e.at_ms', part.from, part.to), rowsWhere(reader, filter)]))
  const firsts = reader.all<Sum>(
    `SELECT ${dimsSql}, sum(f.kind = 'note') AS notes, sum(f.seconds) AS listened_seconds
     FROM cost_firsts f JOIN cost_combos c ON c.id = f.combo_id
     WHERE f.at_ms >= ? AND f.at_ms < ? AND ${combo.sql} GROUP BY f.combo_id`,
    [part.from, part.to, ...combo.params],
  )
  return [
    ...rows.map((row) => ({ ...row, notes: 0, listened_seconds: 0 })),
    ...firsts.map((first) => ({ ...noSum, ...first })),
  ]
}
const noSum: Omit<
  Sum,
  'provider' | 'model' | 'operation' | 'feed_id' | 'template_name' | 'notes' | 'listened_seconds'
> = {
  entries: 0,
  estimated_entries: 0,
  unknown_entries: 0,
  cost_micro_usd: 0,
  saved_micro_usd: 0,
  compared_entries: 0,
  estimate_micro_usd: 0,
  compared_micro_usd: 0,
  close_entries: 0,
}

export const sumsOfRows = (reader: Reader, { sql, params }: Where): Omit<Sum, 'notes' | 'listened_seconds'>[] =>
  reader.all(
    `SELECT ${dimsSql}, ${measuresSql} FROM cost_entries e JOIN cost_combos c ON c.id = e.combo_id
     LEFT JOIN cost_details d ON d.entry_id = e.id WHERE ${sql} GROUP BY e.combo_id`,
    params,
  )

/** What each day or month of a part came to, by provider. */
export function stepsOf(reader: Reader, calendar: Calendar, part: Part, filter: CostFilter, byDay: boolean): Step[] {
  if (part.level === 'rows')
    return stepsOfRows(
      reader,
      calendar,
      allOf([timeWhere('e.at_ms', part.from, part.to), rowsWhere(reader, filter)]),
      byDay,
    )
  const combo = comboWhere(filter)
  return reader
    .all<{ step: number; provider: string; cost_micro_usd: number }>(
      `SELECT s.step, c.provider, sum(s.cost_micro_usd) AS cost_micro_usd
       FROM cost_sums s JOIN cost_combos c ON c.id = s.combo_id
       WHERE s.level = ? AND s.step >= ? AND s.step < ? AND ${combo.sql} GROUP BY s.step, c.provider`,
      [levels[part.level], part.from, part.to, ...combo.params],
    )
    .map(({ step, ...rest }) => ({ ...rest, start: nameOf(part.level === 'month' ? null : step, step, byDay) }))
}
const nameOf = (day: number | null, month: number, byDay: boolean): string =>
  day === null ? monthName(month) : byDay ? dayName(day) : monthName(monthOfDay(day))

const quarterMs = 900_000
/** Zones change their offset on quarters of an hour, so that each quarter belongs to one day. */
export const stepsOfRows = (reader: Reader, calendar: Calendar, { sql, params }: Where, byDay: boolean): Step[] =>
  reader
    .all<{ quarter: number; provider: string; cost_micro_usd: number }>(
      `SELECT e.at_ms / ${quarterMs} AS quarter, e.provider, coalesce(sum(e.cost_micro_usd), 0) AS cost_micro_usd
       FROM cost_entries e WHERE ${sql} GROUP BY quarter, e.provider`,
      params,
    )
    .map(({ quarter, ...rest }) => ({ ...rest, start: nameOf(calendar.dayOf(quarter * quarterMs), 0, byDay) }))
