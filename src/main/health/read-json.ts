import type { Reader } from '../storage/storage.ts'

/** A column with JSON that no checksum covers. */
export interface JsonColumn {
  readonly table: string
  readonly column: string
  /** Column that names a row for people. */
  readonly name: string
}
export interface JsonRow {
  readonly row: number
  readonly name: string
  readonly text: string
}

/** Rows whose JSON cannot be read. @param which SQL condition, of ours */
export const readJsonRows = (
  reader: Pick<Reader, 'all'>,
  { table, column, name }: JsonColumn,
  which: string,
): JsonRow[] =>
  reader.all(
    `SELECT rowid AS row, "${name}" AS name, "${column}" AS text FROM "${table}"
     WHERE "${column}" IS NOT NULL AND json_valid("${column}") = 0 AND ${which} ORDER BY rowid`,
  )
