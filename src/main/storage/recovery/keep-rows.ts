import type { DatabaseSync } from 'node:sqlite'
import { isSealed, sealOf } from '../seals.ts'
import type { SqlValue } from '../storage.ts'
import { createSession, type Session } from '../transaction.ts'
import type { Row, Table } from './tables.ts'

/**
 * `damaged`: its checksum does not match and there is no other version of it: kept as it is, for the health check to name.
 * `refused`: it breaks a rule of the table.
 */
export type Kept = 'kept' | 'known' | 'damaged' | 'refused'
export interface RowKeeper {
  /**
   * Takes a row of the damaged file into the new database.
   * @param trust `whole`: its table passed the check, so that a row that is here too is older; `found`: nothing is known
   * of it, and without a seal it only fills a gap
   */
  keep(table: Table, row: Row, trust: 'whole' | 'found'): Kept
}

/** Columns that say which of two versions of a row is newer. */
const ages = [
  'revision',
  'updated_at_ms',
  'written_at_ms',
  'saved_at_ms',
  'done_at_ms',
  'answered_at_ms',
  'finished_at_ms',
]

const isOlder = (row: Row, than: Row): boolean => {
  for (const column of ages) {
    const [one, other] = [row[column] ?? -1, than[column] ?? -1]
    if (one !== other) return Number(one) < Number(other)
  }
  return false
}

/** @param isSameSchema false when the damaged file is from another version: its seals are over other columns */
export function createRowKeeper(target: DatabaseSync, isSameSchema: boolean): RowKeeper {
  const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
  const { prepare } = createSession(target)

  return {
    keep(table, row, trust) {
      const names = table.columns.map(({ name }) => name).filter((name) => row[name] !== undefined)
      const values: Row = Object.fromEntries(names.map((name) => [name, row[name]!]))
      const hasRotted = table.seal !== null && isSameSchema && !isSealed(table.seal, values)
      const key = table.key.map((name) => values[name] ?? null)
      const known = prepare(`SELECT * FROM "${table.name}" WHERE ${whereKey(table)}`).get(...key) as Row | undefined
      if (known && names.every((name) => known[name] === values[name])) return 'known'
      const isSure = trust === 'whole' || (table.seal !== null && isSameSchema && !hasRotted)
      if (known && (hasRotted || !isSure || isOlder(values, known))) return 'known'
      try {
        prepare(
          `INSERT OR ${isSure ? 'REPLACE' : 'IGNORE'} INTO "${table.name}" (${quoted(names)}) VALUES (${names.map(() => '?').join(', ')})`,
        ).run(...names.map((name) => values[name] as SqlValue))
        if (table.seal && !isSameSchema) sealAnew(prepare, table, key)
        return hasRotted ? 'damaged' : 'kept'
      } catch (error) {
        // A constraint: what the file holds there is no row of this table.
        if (
          (error as { errcode?: number }).errcode === undefined ||
          ((error as { errcode: number }).errcode & 0xff) !== 19
        )
          throw error
        return 'refused'
      }
    },
  }
}

// The key is never null: no index would serve IS.
const whereKey = (table: Table): string => table.key.map((name) => `"${name}" = ?`).join(' AND ')

function sealAnew(prepare: Session['prepare'], table: Table, key: SqlValue[]): void {
  const stored = prepare(`SELECT * FROM "${table.name}" WHERE ${whereKey(table)}`).get(...key) as Row
  prepare(`UPDATE "${table.name}" SET row_sha256 = ? WHERE ${whereKey(table)}`).run(sealOf(table.seal!, stored), ...key)
}
