import type { CostFilter } from '#shared/contract/costs.ts'
import type { Reader } from '../storage/storage.ts'
import { type Calendar, dayMs, dayName, firstDayOf, monthName, monthOfDay } from './calendar.ts'
import { allOf, comboWhere, hasComboFilter, rowsWhere, timeWhere, type Where } from './filter.ts'
import { type Measures, measuresSql, noMeasures, plus, sumsSql } from './measures.ts'
import { type Dims, dims, levels } from './sums.ts'

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

/** Sums of a filter's rows by provider, model, operation, feed and template: `shares[dim]` has one for each name. */
export type Shares = readonly Map<string, Measures>[]
export const emptyShares = (): Shares => dims.map(() => new Map())
const addTo = (shares: Shares, dim: number, name: string, sum: Measures): void => {
  const there = shares[dim]!.get(name)
  shares[dim]!.set(name, there ? plus(there, sum) : sum)
}
const addCombo = (shares: Shares, sum: Measures & Dims): void => {
  for (const [at, dim] of dims.entries()) addTo(shares, at, sum[dim], sum)
}
export const totalOf = (shares: Shares): Measures => [...shares[0]!.values()].reduce(plus, noMeasures)

export interface Step {
  readonly start: string
  readonly provider: string
  readonly cost_micro_usd: number
}
const dimsSql = dims.map((dim) => `c.${dim}`).join(', ')

/** Whether a filter's time is shown by day: it is short, or all there is lies close together. */
export function isShort(reader: Reader, { fromMs, toMs }: CostFilter): boolean {
  const end = (order: 'ASC' | 'DESC'): number | null => {
    const day = reader.get<{ step: number }>(
      `SELECT step FROM cost_totals WHERE level = ${levels.day} AND dim = 0 ORDER BY step ${order} LIMIT 1`,
    )?.step
    return day === undefined ? null : day * dayMs
  }
  const from = fromMs ?? end('ASC')
  const to = toMs ?? end('DESC')
  return from === null || to === null || to - from <= mostDays * dayMs
}

/** Adds what a part of time comes to; answers its days or months. */
export function addPart(
  shares: Shares,
  reader: Reader,
  calendar: Calendar,
  part: Part,
  { filter, byDay }: { filter: CostFilter; byDay: boolean },
): Step[] {
  if (part.level === 'rows') {
    const where = allOf([timeWhere('e.at_ms', part.from, part.to), rowsWhere(reader, filter)])
    const steps = addRows(shares, reader, calendar, where, byDay)
    const combo = comboWhere(filter)
    const firsts = reader.all<Pick<Measures, 'notes' | 'listened_seconds'> & Dims>(
      `SELECT ${dimsSql}, sum(f.kind = 'note') AS notes, sum(f.seconds) AS listened_seconds
       FROM cost_firsts f JOIN cost_combos c ON c.id = f.combo_id
       WHERE f.at_ms >= ? AND f.at_ms < ? AND ${combo.sql} GROUP BY f.combo_id`,
      [part.from, part.to, ...combo.params],
    )
    for (const first of firsts) addCombo(shares, { ...noMeasures, ...first })
    return steps
  }
  const range = [levels[part.level], part.from, part.to]
  if (hasComboFilter(filter)) {
    const combo = comboWhere(filter)
    for (const sum of reader.all<Measures & Dims>(
      `SELECT ${dimsSql}, ${sumsSql('s')} FROM cost_combos c CROSS JOIN cost_sums s ON s.combo_id = c.id
       WHERE s.level = ? AND s.step >= ? AND s.step < ? AND ${combo.sql} GROUP BY c.id`,
      [...range, ...combo.params],
    ))
      addCombo(shares, sum)
    return stepsOf(reader, part, filter, byDay)
  }
  for (const dim of dims.keys())
    for (const { name, ...sum } of reader.all<Measures & { name: string }>(
      `SELECT t.name, ${sumsSql('t')} FROM cost_totals t
       WHERE t.level = ? AND t.dim = ${dim} AND t.step >= ? AND t.step < ? GROUP BY t.name`,
      range,
    ))
      addTo(shares, dim, name, sum)
  return stepsOf(reader, part, filter, byDay)
}

/** Seconds listened to in a part of time, of all feeds or of one. */
export function listenedIn(reader: Reader, part: Part, feedId: string | undefined): number {
  const feed = feedId ?? null
  return part.level === 'rows'
    ? reader.get<{ seconds: number }>(
        `SELECT coalesce(sum(f.seconds), 0) AS seconds FROM cost_firsts f JOIN cost_combos c ON c.id = f.combo_id
         WHERE f.at_ms >= ? AND f.at_ms < ? AND (? IS NULL OR c.feed_id = ?)`,
        [part.from, part.to, feed, feed],
      )!.seconds
    : reader.get<{ seconds: number }>(
        `SELECT coalesce(sum(listened_seconds), 0) AS seconds FROM cost_totals
         WHERE level = ? AND dim = ? AND step >= ? AND step < ? AND (? IS NULL OR name = ?)`,
        [levels[part.level], dims.indexOf(feed === null ? 'provider' : 'feed_id'), part.from, part.to, feed, feed],
      )!.seconds
}

const quarterMs = 900_000
/**
 * Adds rows; answers what each day or month of them came to, by provider. Zones change their offset on quarters of an
 * hour, so that each quarter belongs to one day.
 */
export function addRows(
  shares: Shares,
  reader: Reader,
  calendar: Calendar,
  { sql, params }: Where,
  byDay: boolean,
): Step[] {
  return reader
    .all<Measures & Dims & { quarter: number }>(
      `SELECT ${dimsSql}, e.at_ms / ${quarterMs} AS quarter, ${measuresSql}
       FROM cost_entries e JOIN cost_combos c ON c.id = e.combo_id
       LEFT JOIN cost_details d ON d.entry_id = e.id WHERE ${sql} GROUP BY e.combo_id, quarter`,
      params,
    )
    .map((sum) => {
      addCombo(shares, sum)
      const day = calendar.dayOf(sum.quarter * quarterMs)
      return { start: nameOf(day, 0, byDay), provider: sum.provider, cost_micro_usd: sum.cost_micro_usd }
    })
}

/** What each day or month of sums came to, by provider. */
function stepsOf(reader: Reader, part: Part, filter: CostFilter, byDay: boolean): Step[] {
  if (part.level === 'rows') return []
  const combo = comboWhere(filter)
  const [sql, params] = hasComboFilter(filter)
    ? [
        `SELECT s.step, c.provider, sum(s.cost_micro_usd) AS cost_micro_usd
         FROM cost_combos c CROSS JOIN cost_sums s ON s.combo_id = c.id
         WHERE s.level = ? AND s.step >= ? AND s.step < ? AND s.entries > 0 AND ${combo.sql} GROUP BY s.step, c.provider`,
        combo.params,
      ]
    : [
        `SELECT step, name AS provider, cost_micro_usd FROM cost_totals
         WHERE level = ? AND dim = ${dims.indexOf('provider')} AND step >= ? AND step < ? AND entries > 0`,
        [],
      ]
  return reader
    .all<{ step: number; provider: string; cost_micro_usd: number }>(sql, [
      levels[part.level],
      part.from,
      part.to,
      ...params,
    ])
    .map(({ step, ...rest }) => ({ ...rest, start: nameOf(part.level === 'month' ? null : step, step, byDay) }))
}
const nameOf = (day: number | null, month: number, byDay: boolean): string =>
  day === null ? monthName(month) : byDay ? dayName(day) : monthName(monthOfDay(day))
