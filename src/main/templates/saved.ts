import type { Stats } from 'node:fs'
import { readSetting, writeSetting } from '../settings/store.ts'
import { auditTable } from '../storage/audit-row.ts'
import { isSealed } from '../storage/seals.ts'
import type { Reader, SqlValue, Transaction } from '../storage/storage.ts'

const savedRow = 'templates.saved'

/** What Inkwell wrote last under a template's name. */
export interface SavedTemplate {
  readonly name: string
  readonly yaml: string
  /** Null for one saved by an earlier version: then it is `<name>.yaml`, or whichever file has that name inside. */
  readonly fileName: string | null
  /** Bytes and mtime as written: other bytes under the same stamp were saved by nobody. */
  readonly stamp: string | null
}
type Place = { readonly fileName: string; readonly stamp: string }
type Places = Readonly<Record<string, Place>>

export const stampOf = ({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): string => `${size}@${mtimeMs}`

const readPlaces = (reader: Reader): Places => (readSetting(reader, savedRow) as Places | undefined) ?? {}

/** Null forgets it: the template was removed through Inkwell. */
export function writePlace(tx: Transaction, name: string, place: Place | null, nowMs: number): void {
  const key = name.toLowerCase()
  const { [key]: _, ...others } = readPlaces(tx)
  writeSetting(tx, savedRow, place === null ? others : { ...others, [key]: { ...place } }, nowMs)
}

/** A file that is written or removed under one name is no longer what another name was saved for: the user renamed it inside. */
export function forgetOthersAt(tx: Transaction, fileName: string, name: string, nowMs: number): void {
  for (const other of readSaved(tx)) {
    if (other.name === name || (other.fileName ?? `${other.name}.yaml`) !== fileName) continue
    writePlace(tx, other.name, null, nowMs)
    tx.audit(`template:${other.name}`, { yaml: other.yaml }, null)
  }
}

/** The texts are those of the trail, which keeps each one that was saved; a row that rotted says nothing. */
export function readSaved(reader: Reader): SavedTemplate[] {
  const rows = reader.all<Record<string, SqlValue> & { subject: string; after_json: string | null }>(
    `SELECT * FROM audit WHERE id IN (
       SELECT max(id) FROM audit
       WHERE substr(action, 1, instr(action, '.') - 1) = 'templates' AND subject LIKE 'template:%' GROUP BY subject)
     ORDER BY id`,
  )
  const places = readPlaces(reader)
  return rows.flatMap((row) => {
    if (row.after_json === null || !isSealed(auditTable, row)) return []
    const { yaml } = JSON.parse(row.after_json) as { yaml?: unknown }
    const name = row.subject.slice('template:'.length)
    const place = places[name.toLowerCase()]
    return typeof yaml === 'string'
      ? [{ name, yaml, fileName: place?.fileName ?? null, stamp: place?.stamp ?? null }]
      : []
  })
}
