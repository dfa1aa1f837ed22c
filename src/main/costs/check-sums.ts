import type { Reader } from '../storage/storage.ts'
import { type Calendar, dayMs, monthOfDay } from './calendar.ts'
import { dims, levels, monthSql } from './sums.ts'

interface Sum {
  readonly key: number
  readonly entries: number
  readonly unknown_entries: number
  readonly cost_micro_usd: number
}
const summed = 'sum(entries) AS entries, sum(unknown_entries) AS unknown_entries, sum(cost_micro_usd) AS cost_micro_usd'
const counted =
  'count(*) AS entries, sum(cost_micro_usd IS NULL) AS unknown_entries, coalesce(sum(cost_micro_usd), 0) AS cost_micro_usd'

/**
 * Numbers of months whose sums are not those of the rows: days against rows, combos against rows, months against days,
 * and each provider, model, operation, feed and template against all. Reads all rows.
 */
export function wrongMonthsOf(reader: Reader, calendar: Calendar): Set<number> {
  const wrong = new Set<number>()
  const { first, last } = reader.get<{ first: number | null; last: number | null }>(
    'SELECT (SELECT min(at_ms) FROM cost_entries) AS first, (SELECT max(at_ms) FROM cost_entries) AS last',
  )!
  const stretches = first === null || last === null ? [] : calendar.stretches(first, last + 1)
  const days = added([
    reader.all<Sum>(`SELECT day AS key, ${summed} FROM cost_swept GROUP BY day`),
    ...stretches.map(({ fromMs, toMs, offsetMs }) =>
      reader.all<Sum>(
        `SELECT (at_ms + ${offsetMs}) / ${dayMs} AS key, ${counted} FROM cost_entries
         WHERE at_ms >= ? AND at_ms < ? GROUP BY key`,
        [fromMs, toMs],
      ),
    ),
  ])
  const ofDays = `FROM cost_sums WHERE level = ${levels.day}`
  for (const day of different(days, added([reader.all<Sum>(`SELECT step AS key, ${summed} ${ofDays} GROUP BY step`)])))
    wrong.add(monthOfDay(day))
  const combos = added([
    reader.all<Sum>(
      `SELECT coalesce(c.id, 0) AS key, ${summed} FROM cost_swept LEFT JOIN cost_combos c USING (${dims.join(', ')}) GROUP BY key`,
    ),
    reader.all<Sum>(`SELECT coalesce(combo_id, 0) AS key, ${counted} FROM cost_entries GROUP BY combo_id`),
  ])
  const said = added([reader.all<Sum>(`SELECT combo_id AS key, ${summed} ${ofDays} GROUP BY combo_id`)])
  for (const combo of different(combos, said)) {
    // Which of its days it is cannot be told from that.
    const months = reader.all<{ month: number }>(
      `SELECT DISTINCT ${monthSql('step')} AS month ${ofDays} AND combo_id = ?
       UNION SELECT DISTINCT ${monthSql(`at_ms / ${dayMs}`)} FROM cost_entries WHERE coalesce(combo_id, 0) = ?`,
      [combo, combo],
    )
    for (const { month } of months) wrong.add(month)
  }
  const columns = 'entries, unknown_entries, cost_micro_usd'
  const months = reader.all<{ month: number }>(
    `SELECT DISTINCT month FROM (
       SELECT combo_id, month, sum(entries) AS entries, sum(unknown_entries) AS unknown_entries, sum(cost_micro_usd) AS cost_micro_usd
       FROM (SELECT combo_id, step AS month, ${columns} FROM cost_sums WHERE level = ${levels.month}
             UNION ALL
             SELECT combo_id, ${monthSql('step')}, -entries, -unknown_entries, -cost_micro_usd ${ofDays})
       GROUP BY combo_id, month) WHERE entries <> 0 OR unknown_entries <> 0 OR cost_micro_usd <> 0`,
  )
  for (const { month } of months) wrong.add(month)
  for (const [at, dim] of dims.entries()) {
    const steps = reader.all<{ level: number; step: number }>(
      `SELECT DISTINCT level, step FROM (
         SELECT level, step, name, sum(entries) AS entries, sum(unknown_entries) AS unknown_entries, sum(cost_micro_usd) AS cost_micro_usd
         FROM (SELECT level, step, name, ${columns} FROM cost_totals WHERE dim = ${at}
               UNION ALL
               SELECT s.level, s.step, c.${dim}, -s.entries, -s.unknown_entries, -s.cost_micro_usd
               FROM cost_sums s JOIN cost_combos c ON c.id = s.combo_id)
         GROUP BY level, step, name) WHERE entries <> 0 OR unknown_entries <> 0 OR cost_micro_usd <> 0`,
    )
    for (const { level, step } of steps) wrong.add(level === levels.day ? monthOfDay(step) : step)
  }
  return wrong
}

function added(parts: readonly (readonly Sum[])[]): Map<number, Sum> {
  const sums = new Map<number, Sum>()
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

const different = (one: ReadonlyMap<number, Sum>, other: ReadonlyMap<number, Sum>): number[] =>
  [...new Set([...one.keys(), ...other.keys()])].filter((key) =>
    (['entries', 'unknown_entries', 'cost_micro_usd'] as const).some(
      (name) => (one.get(key)?.[name] ?? 0) !== (other.get(key)?.[name] ?? 0),
    ),
  )
