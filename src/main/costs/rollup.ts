import type { Reader, Transaction } from '../storage/storage.ts'
import { type Calendar, computerZone, createCalendar, monthName } from './calendar.ts'
import { wrongMonthsOf } from './check-sums.ts'
import { addFirsts, findFirsts } from './firsts.ts'
import { measuresOf } from './measures.ts'
import type { CostDetailsRow, CostEntryRow } from './store.ts'
import { addMeasures, type Dims, dims, giveCombos, rebuildSums } from './sums.ts'
import { sweepSums } from './swept.ts'

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

const dimsOf = (entry: CostEntryRow): Dims => ({
  provider: entry.provider,
  model: entry.model,
  operation: entry.operation,
  feed_id: entry.feed_id ?? '',
  template_name: entry.template_name ?? '',
})

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
  const rebuildIn: Rollup['rebuildIn'] = (tx, zone) => {
    const of = calendarOf(zone)
    tx.run('INSERT OR REPLACE INTO cost_calendar (only, zone) VALUES (1, ?)', [of.zone])
    giveCombos(tx, null)
    findFirsts(tx, null)
    rebuildSums(tx, of, null)
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
      const of = dimsOf(entry)
      const values = dims.map((name) => of[name])
      const find = `SELECT id FROM cost_combos WHERE ${dims.map((name) => `${name} = ?`).join(' AND ')}`
      const known = tx.get<{ id: number }>(find, values)
      if (known) return known.id
      tx.run(`INSERT INTO cost_combos (${dims.join(', ')}) VALUES (?, ?, ?, ?, ?)`, values)
      return tx.get<{ id: number }>(find, values)!.id
    },
    addIn(tx, entry, details, id) {
      const of = calendar(tx)!
      const combo = { id, dims: dimsOf(entry) }
      addMeasures(tx, of.dayOf(entry.at_ms), combo, measuresOf(entry, details))
      addFirsts(tx, of, entry, combo)
    },
    sweepIn(tx, beforeMs) {
      const of = calendar(tx)
      if (of) sweepSums(tx, of, beforeMs)
    },
    wrongMonths(reader) {
      const of = calendar(reader)
      // Without it all sums are made again before anything is shown.
      return of ? [...wrongMonthsOf(reader, of)].toSorted((one, other) => one - other).map(monthName) : []
    },
    rebuildMonthIn(tx, name) {
      const of = calendar(tx)
      const [year, number] = name.split('-').map(Number)
      if (!of || year === undefined || number === undefined) return
      const month = year * 12 + number - 1
      giveCombos(tx, month)
      findFirsts(tx, month)
      rebuildSums(tx, of, month)
    },
    rebuildIn,
  }
}
