import type { Reader, SqlValue, Transaction } from '../storage/storage.ts'
import { type Calendar, computerZone, createCalendar, dayMs, firstDayOf, monthName, monthOfDay } from './calendar.ts'
import { addFirsts, rebuildFirsts } from './firsts.ts'
import { type Measures, measureNames, measuresOf, measuresSql, sumsSql } from './measures.ts'
import type { CostDetailsRow, CostEntryRow } from './store.ts'
import { sweepSums } from './swept.ts'

export const levels = { day: 0, month: 1 } as const

/** Sums by day and month beside the rows, for the Costs page: written with each row, and made again from all of them. */
export interface Rollup {
  /** The profile's calendar; null before the first row, and when the sums have to be made again. */
  calendar(reader: Reader): Calendar | null
  /** The same, made if there is none. */
  calendarIn(tx: Transaction): Calendar
  /** Before the row is written. Answers its combo. */
  comboIn(tx: Transaction, entry: CostEntryRow): number
  /** After the row is written. */
  addIn(tx: Transaction, entry: CostEntryRow, details: CostDetailsRow | null, combo: number): void
  /** Before rows are deleted; the sums of days and months stay as they are. */
  sweepIn(tx: Transaction, beforeMs: number): void
  /** Months, e.g. `2026-11`, whose sums are not those of the rows. Reads all rows. */
  wrongMonths(reader: Reader): string[]
  /** Makes the sums of a month again, e.g. `2026-11`. */
  rebuildMonthIn(tx: Transaction, month: string): void
  /** Makes all of them again, with the days of a time zone. A million rows take some seconds. */
  rebuildIn(tx: Transaction, zone: string): void
}

const dims = ['provider', 'model', 'operation', 'feed_id', 'template_name'] as const
const dimsOf = (entry: CostEntryRow): string[] => dims.map((name) => entry[name] ?? '')

const upsert = `INSERT INTO cost_sums (level, step, combo_id, ${measureNames.join(', ')})`
const adding = `ON CONFLICT (level, step, combo_id) DO UPDATE SET
  ${measureNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`
/** Day 1970-01-01 + `days`, as the number of a month. Times after the year 9999 have none. */
const monthSql = (days: string): string =>
  `coalesce(strftime('%Y', (${days}) * 86400, 'unixepoch') * 12 + strftime('%m', (${days}) * 86400, 'unixepoch') - 1, 0)`
const rowsSql = 'cost_entries e LEFT JOIN cost_details d ON d.entry_id = e.id'

export function createRollup(zoneHere: () => string = computerZone): Rollup {
  const calendars = new Map<string, Calendar>()
  const calendarOf = (zone: string): Calendar => {
    const known = calendars.get(zone) ?? createCalendar(zone)
    calendars.set(zone, known)
    return known
  }
  const calendar: Rollup['calendar'] = (reader) => {
    const row = reader.get<{ zone: string }>('SELECT zone FROM cost_calendar')
    return row ? calendarOf(row.zone) : null
  }

  /** Adds the rows of a stretch of time, and of those only the ones of `month`, if one is named. */
  const addRows = (tx: Transaction, of: Calendar, fromMs: number, toMs: number, month: number | null): void => {
    for (const stretch of of.stretches(fromMs, toMs)) {
      const day = `((e.at_ms + ${stretch.offsetMs}) / ${dayMs})`
      const where = `e.at_ms >= ? AND e.at_ms < ? AND e.combo_id IS NOT NULL ${month === null ? '' : `AND ${monthSql(day)} = ${month}`}`
      const params: SqlValue[] = [stretch.fromMs, stretch.toMs]
      tx.run(
        `${upsert} SELECT ${levels.day}, ${day} AS step, e.combo_id, ${measuresSql} FROM ${rowsSql} WHERE ${where}
         GROUP BY step, e.combo_id ${adding}`,
        params,
      )
    }
  }
  const addSwept = (tx: Transaction, month: number | null): void => {
    tx.run(`INSERT OR IGNORE INTO cost_combos (${dims.join(', ')}) SELECT DISTINCT ${dims.join(', ')} FROM cost_swept`)
    tx.run(
      `${upsert} SELECT ${levels.day}, s.day, c.id, ${sumsSql('s')} FROM cost_swept s
       JOIN cost_combos c USING (${dims.join(', ')})
       WHERE ${month === null ? 'true' : `${monthSql('s.day')} = ${month}`} GROUP BY s.day, c.id ${adding}`,
    )
  }
  const addMonths = (tx: Transaction, fromDay: number, toDay: number): void => {
    tx.run(
      `${upsert} SELECT ${levels.month}, ${monthSql('s.step')} AS month, s.combo_id, ${sumsSql('s')} FROM cost_sums s
       WHERE s.level = ${levels.day} AND s.step >= ? AND s.step < ? GROUP BY month, s.combo_id ${adding}`,
      [fromDay, toDay],
    )
  }
  /** Rows that another program wrote, or an older Inkwell. */
  const giveCombos = (tx: Transaction): void => {
    const [left, right] = [dims.join(', '), dims.map((name) => `coalesce(${name}, '')`).join(', ')]
    const strangers = 'combo_id IS NULL OR combo_id NOT IN (SELECT id FROM cost_combos)'
    tx.run(`INSERT OR IGNORE INTO cost_combos (${left}) SELECT DISTINCT ${right} FROM cost_entries WHERE ${strangers}`)
    tx.run(
      `UPDATE cost_entries SET combo_id = (SELECT id FROM cost_combos c
         WHERE ${dims.map((name) => `c.${name} = coalesce(cost_entries.${name}, '')`).join(' AND ')}) WHERE ${strangers}`,
    )
  }
  const spanOf = (reader: Reader): [fromMs: number, toMs: number] => {
    const { first, last } = reader.get<{ first: number | null; last: number | null }>(
      'SELECT (SELECT min(at_ms) FROM cost_entries) AS first, (SELECT max(at_ms) FROM cost_entries) AS last',
    )!
    return first === null || last === null ? [0, 0] : [first, last + 1]
  }

  const rebuildIn: Rollup['rebuildIn'] = (tx, zone) => {
    const of = calendarOf(zone)
    tx.run('INSERT OR REPLACE INTO cost_calendar (only, zone) VALUES (1, ?)', [of.zone])
    tx.run('DELETE FROM cost_sums')
    giveCombos(tx)
    const [fromMs, toMs] = spanOf(tx)
    addRows(tx, of, fromMs, toMs, null)
    addSwept(tx, null)
    addMonths(tx, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    rebuildFirsts(tx, of, null)
  }

  return {
    calendar,
    calendarIn(tx) {
      const there = calendar(tx)
      if (there) return there
      rebuildIn(tx, zoneHere())
      return calendar(tx)!
    },
    comboIn(tx, entry) {
      const values = dimsOf(entry)
      const find = `SELECT id FROM cost_combos WHERE ${dims.map((name) => `${name} = ?`).join(' AND ')}`
      const known = tx.get<{ id: number }>(find, values)
      if (known) return known.id
      tx.run(`INSERT INTO cost_combos (${dims.join(', ')}) VALUES (?, ?, ?, ?, ?)`, values)
      return tx.get<{ id: number }>(find, values)!.id
    },
    addIn(tx, entry, details, combo) {
      const of = calendar(tx)!
      const day = of.dayOf(entry.at_ms)
      const measures = measuresOf(entry, details)
      for (const [level, step] of [
        [levels.day, day],
        [levels.month, monthOfDay(day)],
      ] as const)
        tx.run(`${upsert} VALUES (?, ?, ?, ${measureNames.map(() => '?').join(', ')}) ${adding}`, [
          level,
          step,
          combo,
          ...measureNames.map((name) => measures[name]),
        ])
      addFirsts(tx, of, entry, combo)
    },
    sweepIn(tx, beforeMs) {
      const of = calendar(tx)
      if (of) sweepSums(tx, of, beforeMs)
    },
    wrongMonths(reader) {
      const of = calendar(reader)
      // Without it all sums are made again before anything is shown.
      return of ? [...wrongOnes(reader, of, spanOf(reader))].toSorted().map(monthName) : []
    },
    rebuildMonthIn(tx, name) {
      const of = calendar(tx)
      const [year, number] = name.split('-').map(Number)
      if (!of || year === undefined || number === undefined) return
      const month = year * 12 + number - 1
      const [first, next] = [firstDayOf(month), firstDayOf(month + 1)]
      tx.run('DELETE FROM cost_sums WHERE level = ? AND step = ?', [levels.month, month])
      tx.run('DELETE FROM cost_sums WHERE level = ? AND step >= ? AND step < ?', [levels.day, first, next])
      giveCombos(tx)
      addRows(tx, of, (first - 2) * dayMs, (next + 2) * dayMs, month)
      addSwept(tx, month)
      addMonths(tx, first, next)
      rebuildFirsts(tx, of, month)
    },
    rebuildIn,
  }
}

type Sum = Measures & { readonly step: number; readonly combo_id: number | null }

/** Months whose sums by combo differ, or whose days do. */
function wrongOnes(reader: Reader, of: Calendar, [fromMs, toMs]: [number, number]): Set<number> {
  const wrong = new Set<number>()
  const compare = (rows: Map<string, number[]>, said: readonly Sum[], monthOf: (step: number) => number): void => {
    const sums = new Map(said.map((sum) => [keyOf(sum), sum]))
    for (const sum of said)
      if (measureNames.some((name, at) => sum[name] !== (rows.get(keyOf(sum))?.[at] ?? 0))) wrong.add(monthOf(sum.step))
    for (const [key, values] of rows)
      if (!sums.has(key) && values.some((value) => value !== 0)) wrong.add(monthOf(Number(key.split('/')[0])))
  }
  const keyOf = ({ step, combo_id }: Sum): string => `${step}/${combo_id ?? 0}`
  const add = (to: Map<string, number[]>, sum: Sum): void => {
    const there = to.get(keyOf(sum))
    to.set(
      keyOf(sum),
      measureNames.map((name, at) => (there?.[at] ?? 0) + sum[name]),
    )
  }
  const months = new Map<string, number[]>()
  const days = new Map<string, number[]>()
  const sweptByMonth = reader.all<Sum>(
    `SELECT ${monthSql('s.day')} AS step, c.id AS combo_id, ${sumsSql('s')} FROM cost_swept s
     LEFT JOIN cost_combos c USING (${dims.join(', ')}) GROUP BY step, combo_id`,
  )
  for (const sum of sweptByMonth) add(months, sum)
  for (const sum of reader.all<Sum>(
    `SELECT day AS step, 0 AS combo_id, ${sumsSql('s')} FROM cost_swept s GROUP BY day`,
  ))
    add(days, sum)
  for (const stretch of of.stretches(fromMs, toMs)) {
    const day = `((e.at_ms + ${stretch.offsetMs}) / ${dayMs})`
    // Few groups of a day each, added up here: grouping a million rows by the names of months takes longer.
    const grouped = reader.all<Sum>(
      `SELECT ${day} AS step, e.combo_id, ${measuresSql} FROM ${rowsSql} WHERE e.at_ms >= ? AND e.at_ms < ?
       GROUP BY step, e.combo_id`,
      [stretch.fromMs, stretch.toMs],
    )
    for (const sum of grouped) {
      add(days, { ...sum, combo_id: 0 })
      add(months, { ...sum, step: monthOfDay(sum.step) })
    }
  }
  const saidSql = (step: string, combo: string, level: number): string =>
    `SELECT ${step} AS step, ${combo} AS combo_id, ${sumsSql('s')} FROM cost_sums s WHERE level = ${level} GROUP BY 1, 2`
  compare(months, reader.all<Sum>(saidSql('step', 'combo_id', levels.month)), (step) => step)
  compare(days, reader.all<Sum>(saidSql('step', '0', levels.day)), monthOfDay)
  return wrong
}
