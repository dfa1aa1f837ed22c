import type { DatabaseSync } from 'node:sqlite'
import { isSealed, sealOf } from '../seals.ts'
import type { SqlValue } from '../storage.ts'
import { createSession, type Session } from '../transaction.ts'
import { breaksRule } from './read-rows.ts'
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

/** How rows of one table are taken; all rows that a keeper sees of it have the same columns. */
interface Plan {
  readonly names: readonly string[]
  readonly known: string
  readonly replace: string
  readonly ignore: string
  /** Nothing of it is here yet, so that nothing needs to be looked up. */
  readonly wasEmpty: boolean
}

/** @param isSameSchema false when the damaged file is from another version: its seals are over other columns */
export function createRowKeeper(target: DatabaseSync, isSameSchema: boolean): RowKeeper {
  const { prepare } = createSession(target)
  const plans = new Map<string, Plan>()
  const planOf = (table: Table, row: Row): Plan => {
    const known = plans.get(table.name)
    if (known) return known
    const names = table.columns.map(({ name }) => name).filter((name) => row[name] !== undefined)
    const into = `INTO "${table.name}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
    const plan = {
      names,
      known: `SELECT * FROM "${table.name}" WHERE ${whereKey(table)}`,
      replace: `INSERT OR REPLACE ${into}`,
      ignore: `INSERT OR IGNORE ${into}`,
      wasEmpty: prepare(`SELECT 1 FROM "${table.name}" LIMIT 1`).get() === undefined,
    }
    plans.set(table.name, plan)
    return plan
  }

  return {
    keep(table, row, trust) {
      const plan = planOf(table, row)
      const hasRotted = table.seal !== null && isSameSchema && !isSealed(table.seal, row)
      const isSure = !hasRotted && (trust === 'whole' || (table.seal !== null && isSameSchema))
      const key = table.key.map((name) => row[name] ?? null)
      if (!plan.wasEmpty || (isSure && trust === 'found')) {
        const known = prepare(plan.known).get(...key) as Row | undefined
        if (known && plan.names.every((name) => known[name] === row[name])) return 'known'
        if (known && (!isSure || isOlder(row, known))) return 'known'
      }
      try {
        const { changes } = prepare(isSure ? plan.replace : plan.ignore).run(...plan.names.map((name) => row[name]!))
        if (changes === 0) return 'known'
        if (table.seal && !isSameSchema) sealAnew(prepare, table, key)
        return hasRotted ? 'damaged' : 'kept'
      } catch (error) {
        if (!breaksRule(error)) throw error
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
