import type { Json } from '#shared/result.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

/** Undefined when it was never set. */
export function readSetting(reader: Reader, name: string): Json | undefined {
  const row = reader.get<{ value_json: string }>('SELECT value_json FROM settings WHERE name = ?', [name])
  return row && (JSON.parse(row.value_json) as Json)
}

export const writeSetting = (tx: Transaction, name: string, value: Json, nowMs: number): void =>
  void tx.run(
    `INSERT INTO settings (name, value_json, updated_at_ms) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET value_json = excluded.value_json, updated_at_ms = excluded.updated_at_ms`,
    [name, JSON.stringify(value), nowMs],
  )
