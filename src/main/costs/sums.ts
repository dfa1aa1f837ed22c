import type { Transaction } from '../storage/storage.ts'
import { type Calendar, dayMs, firstDayOf, monthOfDay } from './calendar.ts'
import { type Measures, measureNames, measuresSql, sumsSql } from './measures.ts'

export const levels = { day: 0, month: 1 } as const
/** Columns of cost_combos; the place of each is its `dim` in cost_totals. */
export const dims = ['provider', 'model', 'operation', 'feed_id', 'template_name'] as const
export type Dims = Readonly<Record<(typeof dims)[number], string>>

const names = measureNames.join(', ')
const adding = `DO UPDATE SET ${measureNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`
const intoSums = `INSERT INTO cost_sums (combo_id, level, step, ${names})`
const addingSums = `ON CONFLICT (combo_id, level, step) ${adding}`
const intoTotals = `INSERT INTO cost_totals (level, dim, step, name, ${names})`
const addingTotals = `ON CONFLICT (level, dim, step, name) ${adding}`
const places = (count: number): string => `(${Array.from({ length: count }, () => '?').join(', ')})`
const addSumsSql = `${intoSums} VALUES ${[0, 1].map(() => places(3 + measureNames.length)).join(', ')} ${addingSums}`
const addTotalsSql = `${intoTotals} VALUES ${[0, 1].flatMap(() => dims.map(() => places(4 + measureNames.length))).join(', ')} ${addingTotals}`

/** Number of the month of the day 1970-01-01 + `days`. Days after the year 9999 have none. */
export const monthSql = (days: string): string =>
  `coalesce(strftime('%Y', (${days}) * 86400, 'unixepoch') * 12 + strftime('%m', (${days}) * 86400, 'unixepoch') - 1, 0)`
export const rowsSql = 'cost_entries e LEFT JOIN cost_details d ON d.entry_id = e.id'

/** Adds to a day, its month, and what they are by provider, model, operation, feed and template. */
export function addMeasures(tx: Transaction, day: number, combo: { id: number; dims: Dims }, measures: Measures): void {
  const values = measureNames.map((name) => measures[name])
  const steps = [
    [levels.day, day],
    [levels.month, monthOfDay(day)],
  ] as const
  tx.run(
    addSumsSql,
    steps.flatMap(([level, step]) => [combo.id, level, step, ...values]),
  )
  tx.run(
    addTotalsSql,
    steps.flatMap(([level, step]) => dims.flatMap((dim, at) => [level, at, step, combo.dims[dim], ...values])),
  )
}

/** From two days before a month to two after it: no zone is further off. */
export const around = (month: number | null): [fromMs: number, toMs: number] =>
  month === null
    ? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
    : [(firstDayOf(month) - 2) * dayMs, (firstDayOf(month + 1) + 2) * dayMs]

/** For rows that another program wrote, or an older Inkwell, and those whose combo is not theirs any more. */
export function giveCombos(tx: Transaction, month: number | null): void {
  const isTheirs = dims.map((name) => `c.${name} = coalesce(cost_entries.${name}, '')`).join(' AND ')
  const strangers = `at_ms >= ? AND at_ms < ? AND NOT EXISTS (SELECT 1 FROM cost_combos c WHERE c.id = combo_id AND ${isTheirs})`
  const values = dims.map((name) => `coalesce(${name}, '')`).join(', ')
  tx.run(
    `INSERT OR IGNORE INTO cost_combos (${dims.join(', ')}) SELECT DISTINCT ${values} FROM cost_entries WHERE ${strangers}`,
    around(month),
  )
  tx.run(
    `UPDATE cost_entries SET combo_id = (SELECT id FROM cost_combos c WHERE ${isTheirs}) WHERE ${strangers}`,
    around(month),
  )
}

/** Makes the sums of a month again, or all of them, from rows that have their combos, what was swept, and first rows. */
export function rebuildSums(tx: Transaction, calendar: Calendar, month: number | null): void {
  const [firstDay, endDay] =
    month === null ? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : [firstDayOf(month), firstDayOf(month + 1)]
  for (const table of ['cost_sums', 'cost_totals'])
    if (month === null) tx.run(`DELETE FROM ${table}`)
    else {
      tx.run(`DELETE FROM ${table} WHERE level = ${levels.month} AND step = ?`, [month])
      tx.run(`DELETE FROM ${table} WHERE level = ${levels.day} AND step >= ? AND step < ?`, [firstDay, endDay])
    }
  eachStretch(tx, calendar, 'cost_entries', month, (stretch, day) => {
    tx.run(
      `${intoSums} SELECT e.combo_id, ${levels.day}, ${day('e')} AS day, ${measuresSql} FROM ${rowsSql}
       WHERE e.at_ms >= ? AND e.at_ms < ? AND day >= ? AND day < ? GROUP BY e.combo_id, day ${addingSums}`,
      [stretch.fromMs, stretch.toMs, firstDay, endDay],
    )
  })
  tx.run(`INSERT OR IGNORE INTO cost_combos (${dims.join(', ')}) SELECT DISTINCT ${dims.join(', ')} FROM cost_swept`)
  tx.run(
    `${intoSums} SELECT c.id, ${levels.day}, s.day, ${sumsSql('s', ['notes', 'listened_seconds'])} FROM cost_swept s
     JOIN cost_combos c USING (${dims.join(', ')}) WHERE s.day >= ? AND s.day < ? GROUP BY c.id, s.day ${addingSums}`,
    [firstDay, endDay],
  )
  const others = measureNames.map((name) =>
    name === 'notes' ? "sum(f.kind = 'note')" : name === 'listened_seconds' ? 'sum(f.seconds)' : '0',
  )
  eachStretch(tx, calendar, 'cost_firsts', month, (stretch, day) => {
    tx.run(
      `${intoSums} SELECT f.combo_id, ${levels.day}, ${day('f')} AS day, ${others.join(', ')} FROM cost_firsts f
       WHERE f.at_ms >= ? AND f.at_ms < ? AND day >= ? AND day < ? GROUP BY f.combo_id, day ${addingSums}`,
      [stretch.fromMs, stretch.toMs, firstDay, endDay],
    )
  })
  tx.run(
    `${intoSums} SELECT s.combo_id, ${levels.month}, ${monthSql('s.step')} AS month, ${sumsSql('s')} FROM cost_sums s
     WHERE s.level = ${levels.day} AND s.step >= ? AND s.step < ? GROUP BY s.combo_id, month ${addingSums}`,
    [firstDay, endDay],
  )
  for (const [level, from, to] of [
    [levels.day, firstDay, endDay],
    [levels.month, month ?? firstDay, month === null ? endDay : month + 1],
  ] as const)
    for (const [at, dim] of dims.entries())
      tx.run(
        `${intoTotals} SELECT s.level, ${at}, s.step, c.${dim}, ${sumsSql('s')} FROM cost_sums s
         JOIN cost_combos c ON c.id = s.combo_id WHERE s.level = ${level} AND s.step >= ? AND s.step < ?
         GROUP BY s.step, c.${dim} ${addingTotals}`,
        [from, to],
      )
}

type Stretch = ReturnType<Calendar['stretches']>[number]
function eachStretch(
  tx: Transaction,
  calendar: Calendar,
  table: 'cost_entries' | 'cost_firsts',
  month: number | null,
  run: (stretch: Stretch, daySql: (alias: string) => string) => void,
): void {
  const range = around(month)
  const { first, last } = tx.get<{ first: number | null; last: number | null }>(
    `SELECT (SELECT min(at_ms) FROM ${table} WHERE at_ms >= ? AND at_ms < ?) AS first,
            (SELECT max(at_ms) FROM ${table} WHERE at_ms >= ? AND at_ms < ?) AS last`,
    [...range, ...range],
  )!
  if (first === null || last === null) return
  for (const stretch of calendar.stretches(first, last + 1))
    run(stretch, (alias) => `((${alias}.at_ms + ${stretch.offsetMs}) / ${dayMs})`)
}
