import type { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { breaksRule, isDamage, isNotIn } from './read-rows.ts'
import { listed, type Row, type Table } from './tables.ts'

/**
 * The damaged file beside the new one on one connection, so that SQLite compares and copies by itself. Once it meets a
 * damaged page inside a transaction it takes no more changes in that one: there only tables that passed the check are
 * read.
 */
export interface Attached {
  /**
   * Puts all rows into a table that is empty here. Those whose seal does not fit come as they are.
   * @returns how many; null when one breaks a rule of the table, and nothing was taken
   */
  fill(table: Table): number | null
  /** Rows that are not just so here. @param columns those that both have */
  differing(table: Table, columns: readonly string[]): Iterable<Row>
  /** Outside of a transaction: takes what can be read between two rowids into a table that is empty here. */
  fillRange(table: Table, from: number, to: number): number
  isEmptyHere(table: Table): boolean
  /** After the transaction. */
  detach(): void
}

/** Before the transaction. @param source read only: closing it must not change the log */
export function attach(target: DatabaseSync, source: string): Attached {
  target.prepare('ATTACH ? AS damaged').run(`${pathToFileURL(source).href}?mode=ro`)
  return {
    fill: ({ name }) => {
      try {
        return Number(target.prepare(`INSERT INTO main."${name}" SELECT * FROM damaged."${name}"`).run().changes)
      } catch (error) {
        if (!breaksRule(error)) throw error
        return null
      }
    },
    differing: (table, columns) => {
      const isNew = isNotIn('main', table, columns)
      const select = `SELECT ${listed(columns, 'd.')} FROM damaged."${table.name}" AS d WHERE ${isNew}`
      return target.prepare(select).iterate() as Iterable<Row>
    },
    fillRange: ({ name }, from, to) => {
      const insert = target.prepare(
        `INSERT OR IGNORE INTO main."${name}" SELECT * FROM damaged."${name}" WHERE rowid BETWEEN ? AND ?`,
      )
      // By halves, so that what is lost costs only its own rows.
      const take = (first: number, last: number): number => {
        try {
          return Number(insert.run(first, last).changes)
        } catch (error) {
          if (!isDamage(error) && !breaksRule(error)) throw error
          if (first === last) return 0
          const half = first + Math.floor((last - first) / 2)
          return take(first, half) + take(half + 1, last)
        }
      }
      return take(from, to)
    },
    isEmptyHere: ({ name }) => target.prepare(`SELECT 1 FROM main."${name}" LIMIT 1`).get() === undefined,
    detach: () => target.exec('DETACH damaged'),
  }
}
