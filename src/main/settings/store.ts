import type { Json } from '#shared/result.ts'
import { type SealedTable, sealOf } from '../storage/seals.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

export const settingsTable: SealedTable = {
  name: 'settings',
  key: 'name',
  columns: ['name', 'value_json', 'updated_at_ms'],
}

/** Undefined when it was never set. */
export function readSetting(reader: Reader, name: string): Json | undefined {
  const row = reader.get<{ value_json: string }>('SELECT value_json FROM settings WHERE name = ?', [name])
  return row && (JSON.parse(row.value_json) as Json)
}

/** The only place that writes settings, of every feature: the row is sealed here. */
export function writeSetting(tx: Transaction, name: string, value: Json, nowMs: number): void {
  const row = { name, value_json: JSON.stringify(value), updated_at_ms: nowMs }
  tx.run(
    `INSERT INTO settings (name, value_json, updated_at_ms, row_sha256) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET
       value_json = excluded.value_json, updated_at_ms = excluded.updated_at_ms, row_sha256 = excluded.row_sha256`,
    [...Object.values(row), sealOf(settingsTable, row)],
  )
}
