import type { Reader } from '../storage/storage.ts'
import { type Calendar, dayMs, monthOfDay } from './calendar.ts'
import { type Dims, dims, levels, monthSql } from './sums.ts'

interface Sum {
  readonly key: number | string
  readonly entries: number
  readonly unknown_entries: number
  readonly cost_micro_usd: number
}
type Sums = ReadonlyMap<number | string, Sum>
const summed = 'sum(entries) AS entries, sum(unknown_entries) AS unknown_entries, sum(cost_micro_usd) AS cost_micro_usd'
const counted =
  'count(*) AS entries, sum(cost_micro_usd IS NULL) AS unknown_entries, coalesce(sum(cost_micro_usd), 0) AS cost_micro_usd'

/**
 * Numbers of months whose sums are not those of the rows: by day and by combo against the rows, months against days,
 * and each provider, model, operation, feed and template against the combos. Reads all rows, twice.
 */
export function wrongMonthsOf(reader: Reader, calendar: Calendar): Set<number> {
  const wrong = new Set<number>()
  const read = (key: string, from: string, params: number[] = []): Sum[] =>
    reader.all<Sum>(
      `SELECT ${key} AS key, ${from.startsWith('cost_entries') ? counted : summed} FROM ${from} GROUP BY key`,
      params,
    )
  const compare = (one: Sums, other: Sums, tell: (key: never) => void): void => {
    for (const key of different(one, other)) tell(key as never)
  }
  const isDay = (day: number): void => void wrong.add(monthOfDay(day))
  const isMonth = (month: number): void => void wrong.add(month)

  const { first, last } = reader.get<{ first: number | null; last: number | null }>(
    'SELECT (SELECT min(at_ms) FROM cost_entries) AS first, (SELECT max(at_ms) FROM cost_entries) AS last',
  )!
  const stretches = first === null || last === null ? [] : calendar.stretches(first, last + 1)
  const days = added([
    read('day', 'cost_swept'),
    ...stretches.map(({ fromMs, toMs, offsetMs }) =>
      read(`(at_ms + ${offsetMs}) / ${dayMs}`, 'cost_entries WHERE at_ms >= ? AND at_ms < ?', [fromMs, toMs]),
    ),
  ])
  compare(days, added([read('step', `cost_sums WHERE level = ${levels.day}`)]), isDay)
  const months = added([[...days.values()].map((sum) => ({ ...sum, key: monthOfDay(Number(sum.key)) }))])
  compare(months, added([read('step', `cost_sums WHERE level = ${levels.month}`)]), isMonth)
  for (const at of dims.keys()) {
    compare(days, added([read('step', `cost_totals WHERE level = ${levels.day} AND dim = ${at}`)]), isDay)
    compare(months, added([read('step', `cost_totals WHERE level = ${levels.month} AND dim = ${at}`)]), isMonth)
  }

  // From here on it cannot be told which month it is: all that a combo or a name has are made again.
  const combos = added([
    reader.all<Sum>(
      `SELECT coalesce(c.id, 0) AS key, ${summed} FROM cost_swept LEFT JOIN cost_combos c USING (${dims.join(', ')}) GROUP BY key`,
    ),
    read('coalesce(combo_id, 0)', 'cost_entries'),
  ])
  const monthsOf = (where: string, params: (number | string)[]): void => {
    for (const { month } of reader.all<{ month: number }>(`SELECT DISTINCT ${where}`, params)) wrong.add(month)
  }
  for (const level of [levels.day, levels.month])
    compare(combos, added([read('combo_id', `cost_sums WHERE level = ${level}`)]), (combo: number) => {
      monthsOf(`step AS month FROM cost_sums WHERE level = ${levels.month} AND combo_id = ?`, [combo])
      monthsOf(`${monthSql(`at_ms / ${dayMs}`)} AS month FROM cost_entries WHERE coalesce(combo_id, 0) = ?`, [combo])
    })
  const known = reader.all<Dims & { id: number }>(`SELECT id, ${dims.join(', ')} FROM cost_combos`)
  for (const [at, dim] of dims.entries()) {
    const names = new Map(known.map((combo) => [combo.id, combo[dim]]))
    const ofCombos = added([
      [...combos.values()].map((sum) => ({ ...sum, key: `=${names.get(Number(sum.key)) ?? ''}` })),
    ])
    for (const level of [levels.day, levels.month])
      compare(
        ofCombos,
        added([read("'=' || name", `cost_totals WHERE level = ${level} AND dim = ${at}`)]),
        (key: string) =>
          monthsOf(`step AS month FROM cost_totals WHERE level = ${levels.month} AND dim = ${at} AND name = ?`, [
            key.slice(1),
          ]),
      )
  }
  return wrong
}

function added(parts: readonly (readonly Sum[])[]): Sums {
  const sums = new Map<number | string, Sum>()
  for (const sum of parts.flat()) {
    const there = sums.get(sum.key)
    sums.set(sum.key, {
      key: sum.key,
      entries: (there?.entries ?? 0) + sum.entries,
      unknown_entries: (there?.unknown_entries ?? 0) + sum.unknown_entries,
      cost_micro_usd: (there?.cost_micro_usd ?? 0) + sum.cost_micro_usd,
    })
  }
  return sums
}

const different = (one: Sums, other: Sums): (number | string)[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter((key) =>
    (['entries', 'unknown_entries', 'cost_micro_usd'] as const).some(
      (name) => (one.get(key)?.[name] ?? 0) !== (other.get(key)?.[name] ?? 0),
    ),
  )
