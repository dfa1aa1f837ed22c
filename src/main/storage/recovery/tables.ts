import type { DatabaseSync } from 'node:sqlite'
import type { SealedTable } from '../seals.ts'
import type { SqlValue } from '../storage.ts'

export type Row = Record<string, SqlValue>
export interface Column {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
}
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  readonly key: readonly string[]
  readonly hasRowid: boolean
  /** The column that is the rowid; records hold NULL for it. */
  readonly rowidColumn: string | null
  readonly seal: SealedTable | null
}

/** Every table of the schema that holds rows of ours. */
export function tablesOf(database: DatabaseSync, sealed: readonly SealedTable[]): Table[] {
  const found = database.prepare("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
  return (found.all() as { name: string; wr: number }[])
    .filter(({ name }) => !name.startsWith('sqlite_'))
    .map(({ name, wr }) => {
      const columns = database
        .prepare('SELECT name, type, "notnull" AS required, pk FROM pragma_table_info(?)')
        .all(name) as {
        name: string
        type: string
        required: number
        pk: number
      }[]
      const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk)
      const isRowid = wr === 0 && key.length === 1 && key[0]!.type === 'INTEGER'
      return {
        name,
        columns: columns.map((column) => ({ name: column.name, type: column.type, isRequired: column.required === 1 })),
        key: key.map((column) => column.name),
        hasRowid: wr === 0,
        rowidColumn: isRowid ? key[0]!.name : null,
        seal: sealed.find((table) => table.name === name) ?? null,
      }
    })
}

/** Columns by which a row is known again without comparing all of it. */
export const marksOf = ({ key, seal }: Table): readonly string[] => (seal ? [...key, 'row_sha256'] : key)

/** Names that stand in a list of SQL. */
export const listed = (names: readonly string[], of = ''): string => names.map((name) => `${of}"${name}"`).join(', ')
