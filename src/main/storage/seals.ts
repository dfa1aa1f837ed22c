import { createHash } from 'node:crypto'
import type { SqlValue } from './storage.ts'

/**
 * A table whose rows cannot be made again and carry a checksum over their content (`row_sha256`): SQLite does not notice
 * most content rot.
 */
export interface SealedTable {
  readonly name: string
  /** Column that names a row for people and for mends. */
  readonly key: string
  /** What is under the seal, in this order. A released list never changes: a new column gets a new migration that seals anew. */
  readonly columns: readonly string[]
  /** A feed says it again: a recovery takes such a row also when its seal does not fit, and leaves out one whose owner is lost. */
  readonly comesAgain?: boolean
}

/**
 * Hex SHA-256 over the values, as they come from SQLite. It keeps half a surrogate pair as U+FFFD, so that text is made
 * well-formed here too: the seal made before a row is stored is the one found after.
 */
export const sealOf = (table: SealedTable, row: Readonly<Record<string, SqlValue>>): string =>
  createHash('sha256')
    .update(JSON.stringify(table.columns.map((column) => asStored(row[column]))))
    .digest('hex')

const asStored = (value: SqlValue | undefined): SqlValue | undefined =>
  typeof value === 'string' ? value.toWellFormed() : value

/** Whether a row is as it was written. */
export const isSealed = (table: SealedTable, row: Readonly<Record<string, SqlValue>>): boolean =>
  row.row_sha256 === sealOf(table, row)
