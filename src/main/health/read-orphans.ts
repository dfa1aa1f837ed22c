import type { Reader } from '../storage/storage.ts'

export interface Reference {
  readonly table: string
  readonly parent: string
  readonly from: string
  readonly to: string
}
export interface Orphans extends Reference {
  /** The value that leads nowhere, and how many rows have it. */
  readonly values: readonly { readonly value: string; readonly rows: number }[]
}

export const selectOrphans = ({ table, parent, from, to }: Reference, columns: string): string =>
  `SELECT ${columns} FROM "${table}" AS child WHERE child."${from}" IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM "${parent}" AS parent WHERE parent."${to}" = child."${from}")`

export const orphansOf = (reader: Pick<Reader, 'all'>, reference: Reference): Orphans['values'] =>
  reader.all<{ value: string; rows: number }>(
    `${selectOrphans(reference, `child."${reference.from}" AS value, count(*) AS rows`)} GROUP BY 1 ORDER BY 1`,
  )

export function referencesOf(reader: Pick<Reader, 'all'>): Reference[] {
  const tables = reader.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
  )
  return tables.flatMap(({ name: table }) =>
    reader
      .all<{ table: string; from: string; to: string | null }>(`PRAGMA foreign_key_list("${table}")`)
      .map((key) => ({ table, parent: key.table, from: key.from, to: key.to ?? 'id' })),
  )
}

/** Each reference that leads nowhere. */
export const readOrphans = (reader: Pick<Reader, 'all'>): Orphans[] =>
  referencesOf(reader).flatMap((reference) => {
    const values = orphansOf(reader, reference)
    return values.length > 0 ? [{ ...reference, values }] : []
  })
