import { setImmediate } from 'node:timers/promises'
import { intact, keysOf, noteTables } from '../notes/note-tables.ts'
import type { SealedTable } from '../storage/seals.ts'
import type { Reader, SqlValue } from '../storage/storage.ts'

const sha = '[0-9a-f]{64}'
const artwork = new RegExp(`^artwork/(${sha})\\.[a-z0-9]+$`)
const blob = new RegExp(`^blobs/([0-9a-f]{2})/(${sha})$`)
const recording = new RegExp(`^media/${sha}\\.[A-Za-z0-9]+$`)
const databaseCopy = /^inkwell\.db\.before-v\d+$/

/** Whether a sweep may ever touch a file: what is not of these kinds stays, whatever a row says. */
export const isSweepable = (path: string): boolean =>
  [artwork, blob, recording, databaseCopy].some((kind) => kind.test(path))

const some = (reader: Reader, sql: string, value: string): boolean => reader.get(sql, [value]) !== undefined

/** A text of a note. */
export const isBlob = (path: string): boolean => blob.test(path)

/** Whether a row names the file now. While a row of the notes is damaged that says nothing of a text (`notesAreWhole`). */
export function isReferenced(reader: Reader, path: string): boolean {
  const picture = artwork.exec(path)?.[1]
  if (picture) return some(reader, 'SELECT 1 FROM feeds WHERE artwork_sha256 = ? LIMIT 1', picture)
  if (recording.test(path)) return some(reader, 'SELECT 1 FROM episodes WHERE media_path = ? LIMIT 1', path)
  const text = blob.exec(path)?.[2]
  return text !== undefined && blobIsReferenced(reader, text)
}

/** By a note, its newer text, an earlier text, a displaced file, or a write that is not done. */
export const blobIsReferenced = (reader: Reader, text: string): boolean =>
  [
    'SELECT 1 FROM note_history WHERE sha256 = ? LIMIT 1',
    'SELECT 1 FROM note_kept WHERE ?1 IN (sha256, new_sha256) LIMIT 1',
    'SELECT 1 FROM note_files WHERE ?1 IN (base_sha256, newer_sha256) LIMIT 1',
    `SELECT 1 FROM note_intent_files JOIN note_intents ON note_intents.id = intent_id
     WHERE done_at_ms IS NULL AND ?1 IN (base_sha256, new_sha256, removes_sha256) LIMIT 1`,
  ].some((sql) => some(reader, sql, text))

/** Said of what is spared by it. */
export const whileDamaged = 'while a record of the notes is damaged (see the health check)'

/** Rows between two breaths: some ten milliseconds. */
const pieceRows = 1_000

/**
 * Whether every row of the notes is as it was written. When one rotted, the text that it names cannot be told from one
 * that nobody names: then no text may go, nor the row of an earlier one.
 */
export async function notesAreWhole(reader: Reader): Promise<boolean> {
  for (const table of noteTables) if (!(await tableIsWhole(reader, table))) return false
  return true
}

async function tableIsWhole(reader: Reader, table: SealedTable): Promise<boolean> {
  const keys = keysOf(table)
  const page = `SELECT * FROM ${table.name} WHERE (${keys.join(', ')}) > (${keys.map(() => '?').join(', ')})
    ORDER BY ${keys.join(', ')} LIMIT ${pieceRows}`
  for (let last: readonly SqlValue[] = keys.map(() => ''); ; ) {
    const rows = reader.all<Record<string, SqlValue>>(page, last)
    if (!rows.every((row) => intact(table, row))) return false
    if (rows.length < pieceRows) return true
    last = keys.map((key) => rows.at(-1)![key]!)
    await setImmediate()
  }
}
