import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sealedTables } from '../../../src/main/compose/sealed-tables.ts'
import { isSealed, type SealedTable, sealOf } from '../../../src/main/storage/seals.ts'
import type { SqlValue } from '../../../src/main/storage/storage.ts'

type Row = Record<string, SqlValue>
export interface Content {
  readonly version: number
  readonly rows: ReadonlyMap<string, readonly Row[]>
}

/** Every row of a database, through a connection that cannot write. */
export function contentOf(path: string): Content {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all() as { name: string }[]
    return {
      version: Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version),
      rows: new Map(tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all() as Row[]])),
    }
  } finally {
    database.close()
  }
}

/** The seal of the notes' manifest as releases before schema 9 made it. */
export const oldNoteFiles: SealedTable = (() => {
  const table = sealedTables.find(({ name }) => name === 'note_files')!
  return { ...table, columns: table.columns.filter((column) => !column.endsWith('_stamp') && column !== 'own_folder') }
})()

/** Which values of which rows did not come along; a seal may be another, but a row that had rotted stays rotten. */
export function lostRows(before: Content, after: Content): string[] {
  const losses: string[] = []
  for (const [table, rows] of before.rows) {
    const now = after.rows.get(table)
    if (!now || now.length < rows.length) {
      losses.push(`${table} has ${now?.length ?? 'no'} rows instead of ${rows.length}`)
      continue
    }
    rows.forEach((row, index) => {
      for (const [column, value] of Object.entries(row))
        if (column !== 'row_sha256' && now[index]![column] !== value)
          losses.push(`${table}, row ${index + 1}: ${column} was ${shown(value)} and is ${shown(now[index]![column])}`)
    })
  }
  return losses
}

const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 60)

/** Rows whose seal does not fit, and rows that had rotted before and look well now. */
export function wrongSeals(before: Content, after: Content): string[] {
  return sealedTables.flatMap((table) =>
    (after.rows.get(table.name) ?? []).flatMap((row, index) => {
      const old = before.rows.get(table.name)?.[index]
      const seal = before.version < 9 && table.name === 'note_files' ? oldNoteFiles : table
      const wasRotten = typeof old?.row_sha256 === 'string' && old.row_sha256 !== sealOf(seal, old)
      const isRotten = !isSealed(table, row)
      if (isRotten === wasRotten) return []
      return [
        `${table.name} ${String(row[table.key])}: ${wasRotten ? 'had rotted, and is sealed as if it were well' : 'is not sealed as it is'}`,
      ]
    }),
  )
}

export function sameContent(before: Content, after: Content, what: string): string[] {
  if (after.version !== before.version) return [`${what} has schema ${after.version} instead of ${before.version}`]
  const tables = [...after.rows.keys()].filter((name) => !before.rows.has(name))
  if (tables.length > 0) return [`${what} has half a newer schema: ${tables.join(', ')}`]
  return JSON.stringify([...after.rows]) === JSON.stringify([...before.rows]) ? [] : [`${what} holds other rows`]
}

/** What SQLite itself finds wrong. */
export function unsound(path: string): string[] {
  if (!existsSync(path)) return ['is not there']
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const pages = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[]
    const keys = database.prepare('PRAGMA foreign_key_check').all()
    return [
      ...pages.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok'),
      ...(keys.length > 0 ? [`${keys.length} rows name rows that are not there`] : []),
    ]
  } catch (error) {
    return [(error as Error).message]
  } finally {
    database.close()
  }
}
