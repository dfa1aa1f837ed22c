import type { Storage, Transaction } from '../storage/storage.ts'

const defaultsRow = 'templates.defaults'
const removedRow = 'templates.removed'
/** How many removed templates can be brought back. */
const keptRemoved = 50

export interface RemovedTemplate {
  readonly name: string
  readonly fileName: string
  readonly yaml: string
  readonly removedAtMs: number
}

function read<Value>(reader: Pick<Storage, 'get'>, name: string, fallback: Value): Value {
  const row = reader.get<{ value_json: string }>('SELECT value_json FROM settings WHERE name = ?', [name])
  return row === undefined ? fallback : (JSON.parse(row.value_json) as Value)
}
function write(tx: Transaction, name: string, value: unknown, nowMs: number): void {
  tx.run(
    `INSERT INTO settings (name, value_json, updated_at_ms) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET value_json = excluded.value_json, updated_at_ms = excluded.updated_at_ms`,
    [name, JSON.stringify(value), nowMs],
  )
}

/** Null until the user chose. */
export const readDefaults = (reader: Pick<Storage, 'get'>): string[] | null => read(reader, defaultsRow, null)
export const writeDefaults = (tx: Transaction, names: readonly string[], nowMs: number): void =>
  write(tx, defaultsRow, names, nowMs)

/** Newest first. */
export const readRemoved = (reader: Pick<Storage, 'get'>): RemovedTemplate[] => read(reader, removedRow, [])
export const writeRemoved = (tx: Transaction, removed: readonly RemovedTemplate[], nowMs: number): void =>
  write(tx, removedRow, removed.slice(0, keptRemoved), nowMs)
