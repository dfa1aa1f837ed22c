import { isSealed, type SealedTable, sealOf } from '../storage/seals.ts'
import type { SqlValue, Transaction } from '../storage/storage.ts'

type Values = Readonly<Record<string, SqlValue>>

/** What notes hold that cannot be made again: what stands in the vault, what is under way, and what can be had back. */
export const folderTable: SealedTable = {
  name: 'note_folders',
  key: 'id',
  columns: ['id', 'episode_id', 'feed_id', 'vault_path', 'podcast', 'name', 'unique_key', 'is_current', 'made_at_ms'],
}
export const fileTable: SealedTable = {
  name: 'note_files',
  key: 'id',
  columns: [
    'id',
    'folder_id',
    'episode_id',
    'kind',
    'template_name',
    'file_name',
    'file_key',
    'state',
    'base_sha256',
    'content_sha256',
    'details_json',
    'run_id',
    'written_at_ms',
    'newer_file_name',
    'newer_sha256',
    'newer_details_json',
    'base_stamp',
    'newer_stamp',
    'own_folder',
  ],
}
export const intentTable: SealedTable = {
  name: 'note_intents',
  key: 'id',
  columns: ['id', 'episode_id', 'folder_id', 'run_id', 'action', 'made_at_ms', 'done_at_ms'],
}
export const intentFileTable: SealedTable = {
  name: 'note_intent_files',
  key: 'intent_id',
  columns: [
    'intent_id',
    'position',
    'file_id',
    'base_sha256',
    'new_sha256',
    'content_sha256',
    'removes_sha256',
    'details_json',
    'placeholder',
    'outcome',
  ],
}
export const historyTable: SealedTable = {
  name: 'note_history',
  key: 'id',
  columns: ['id', 'file_id', 'episode_id', 'file_name', 'sha256', 'saved_at_ms'],
}
export const keptTable: SealedTable = {
  name: 'note_kept',
  key: 'id',
  columns: [
    'id',
    'file_id',
    'episode_id',
    'target_path',
    'kept_path',
    'sha256',
    'new_sha256',
    'made_at_ms',
    'checked_at_ms',
  ],
}
export const noteTables: readonly SealedTable[] = [
  folderTable,
  fileTable,
  intentTable,
  intentFileTable,
  historyTable,
  keptTable,
]

/** Inserts a row with its seal, or puts it in place of the one with that key. */
export function putSealed(tx: Transaction, table: SealedTable, row: object): void {
  const values = row as Values
  const keys = keysOf(table)
  const rest = [...table.columns.filter((column) => !keys.includes(column)), 'row_sha256']
  tx.run(
    `INSERT INTO ${table.name} (${table.columns.join(', ')}, row_sha256)
     VALUES (${table.columns.map(() => '?').join(', ')}, ?)
     ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${rest.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [...table.columns.map((column) => values[column] ?? null), sealOf(table, values)],
  )
}

/** Changes a row. One that rotted gets no seal that fits: it stays one that rotted. */
export function updateSealed(tx: Transaction, table: SealedTable, row: object, changes: object): void {
  if (intact(table, row)) {
    putSealed(tx, table, { ...row, ...changes })
    return
  }
  const keys = keysOf(table)
  const [values, changed] = [row as Values, changes as Values]
  tx.run(
    `UPDATE ${table.name} SET ${Object.keys(changed)
      .map((name) => `${name} = ?`)
      .join(', ')} WHERE ${keys.map((key) => `${key} = ?`).join(' AND ')}`,
    [...Object.values(changed), ...keys.map((key) => values[key]!)],
  )
}

/** Columns that name a row. */
export const keysOf = (table: SealedTable): readonly string[] =>
  table === intentFileTable ? ['intent_id', 'position'] : [table.key]

/** Whether a row, as it was read, is as it was written. */
export const intact = (table: SealedTable, row: object): boolean => isSealed(table, row as Values)
