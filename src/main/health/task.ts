import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { ExpectedFolder } from '../notes/inspect.ts'
import { isSealed, type SealedTable } from '../storage/seals.ts'
import { StorageError, sqliteTrouble } from '../storage/sqlite-errors.ts'
import type { Reader, SqlParams, SqlValue } from '../storage/storage.ts'
import { compareFile, type FileState, lookAtFolders } from './compare-files.ts'
import { type JsonColumn, type JsonRow, readJsonRows } from './read-json.ts'
import { type Orphans, readOrphans } from './read-orphans.ts'

/** Reading that takes long: done in a worker, over a connection that cannot write. Plain data both ways. */
export interface HealthTasks {
  integrity: {
    input: { readonly database: string }
    /** Lines of SQLite's own check; empty when all is well. */
    output: readonly string[]
  }
  seals: {
    input: {
      readonly database: string
      readonly table: SealedTable
      readonly afterRowid: number
      readonly limit: number
    }
    /** `next` null: that was the last piece. */
    output: { readonly read: number; readonly damaged: readonly RowKey[]; readonly next: number | null }
  }
  transcripts: {
    input: { readonly database: string; readonly afterRowid: number; readonly limit: number }
    output: { readonly read: number; readonly damaged: readonly string[]; readonly next: number | null }
  }
  orphans: {
    input: { readonly database: string }
    output: readonly Orphans[]
  }
  json: {
    input: { readonly database: string; readonly column: JsonColumn; readonly which: string }
    output: readonly JsonRow[]
  }
  files: {
    input: { readonly files: readonly { readonly path: string; readonly sha256: string }[] }
    /** One for each file. */
    output: readonly FileState[]
  }
  folders: {
    input: { readonly folders: readonly ExpectedFolder[] }
    /** As `LookAtFolders`. */
    output: readonly (readonly string[] | null)[]
  }
}
export type { FileState } from './compare-files.ts'
export type HealthTaskName = keyof HealthTasks
export type HealthTaskInput = {
  [Name in HealthTaskName]: { readonly name: Name; readonly input: HealthTasks[Name]['input'] }
}[HealthTaskName]

export function runHealthTask(task: HealthTaskInput): HealthTasks[HealthTaskName]['output'] {
  switch (task.name) {
    case 'integrity':
      return readPages(task.input.database, (reader) =>
        reader
          .all<{ integrity_check: string }>('PRAGMA integrity_check(200)')
          .map(({ integrity_check }) => integrity_check)
          .filter((line) => line !== 'ok'),
      )
    case 'seals':
      return withDatabase(task.input.database, (reader) => readSeals(reader, task.input))
    case 'transcripts':
      return withDatabase(task.input.database, (reader) => readTranscripts(reader, task.input))
    case 'orphans':
      return withDatabase(task.input.database, readOrphans)
    case 'json':
      return withDatabase(task.input.database, (reader) => readJsonRows(reader, task.input.column, task.input.which))
    case 'folders':
      return lookAtFolders(task.input.folders)
    case 'files': {
      const buffer = Buffer.allocUnsafe(1_048_576)
      return task.input.files.map(({ path, sha256 }) => compareFile(path, sha256, buffer))
    }
  }
}

/** A page that is none ends the reading itself: that is a finding too. */
function readPages(path: string, read: (reader: Pick<Reader, 'all'>) => string[]): readonly string[] {
  try {
    return withDatabase(path, read)
  } catch (error) {
    if (isDamage(error)) return [(error as Error).message]
    throw error
  }
}

/** Whether an error says that the database itself is damaged. Those of workers have only their words left. */
export const isDamage = (error: unknown): boolean =>
  sqliteTrouble(error) === 'damaged' ||
  (error instanceof StorageError && error.code === 'database-damaged') ||
  /disk image is malformed|is not a database/.test((error as Error | null)?.message ?? '')

function withDatabase<Value>(path: string, read: (reader: Pick<Reader, 'all'>) => Value): Value {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
  try {
    return read({
      all: <Row>(sql: string, params: SqlParams = []) => database.prepare(sql).all(...params) as Row[],
    })
  } finally {
    database.close()
  }
}

/** Values of the columns that name a row. */
export type RowKey = Readonly<Record<string, SqlValue>>
type Row = Record<string, SqlValue> & { row_number: number }

/** Rows of a table with checksums, from `afterRowid` on; one without rowids is read in one go. */
export function readSeals(
  reader: Pick<Reader, 'all'>,
  { table, afterRowid, limit }: Omit<HealthTasks['seals']['input'], 'database'>,
): HealthTasks['seals']['output'] {
  const keyColumns = reader
    .all<{ name: string; pk: number }>(`PRAGMA table_info("${table.name}")`)
    .filter(({ pk }) => pk > 0)
    .map(({ name }) => name)
  const hasRowid = reader.all<{ wr: number }>(`PRAGMA table_list("${table.name}")`)[0]?.wr === 0
  const rows = hasRowid
    ? reader.all<Row>(`SELECT rowid AS row_number, * FROM "${table.name}" WHERE rowid > ? ORDER BY rowid LIMIT ?`, [
        afterRowid,
        limit,
      ])
    : reader.all<Row>(`SELECT 0 AS row_number, * FROM "${table.name}"`)
  return {
    read: rows.length,
    damaged: rows
      .filter((row) => !isSealed(table, row))
      .map((row) => Object.fromEntries(keyColumns.map((name) => [name, row[name]!]))),
    next: !hasRowid || rows.length < limit ? null : rows.at(-1)!.row_number,
  }
}

/** Transcripts whose segments are not those that were stored, by the id of their episode. */
export function readTranscripts(
  reader: Pick<Reader, 'all'>,
  { afterRowid, limit }: Omit<HealthTasks['transcripts']['input'], 'database'>,
): HealthTasks['transcripts']['output'] {
  const rows = reader.all<Record<string, string | number>>(
    `SELECT rowid, episode_id, segments_json, segments_bytes, segments_sha256 FROM transcripts
     WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    [afterRowid, limit],
  )
  return {
    read: rows.length,
    damaged: rows
      .filter(({ segments_json, segments_bytes, segments_sha256 }) => {
        const bytes = Buffer.from(String(segments_json))
        return bytes.length !== segments_bytes || createHash('sha256').update(bytes).digest('hex') !== segments_sha256
      })
      .map(({ episode_id }) => String(episode_id)),
    next: rows.length < limit ? null : Number(rows.at(-1)!.rowid),
  }
}
