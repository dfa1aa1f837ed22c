import type { Reader } from '../storage/storage.ts'

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

/** Whether a row names the file now. */
export function isReferenced(reader: Reader, path: string): boolean {
  const picture = artwork.exec(path)?.[1]
  if (picture) return some(reader, 'SELECT 1 FROM feeds WHERE artwork_sha256 = ? LIMIT 1', picture)
  if (recording.test(path)) return some(reader, 'SELECT 1 FROM episodes WHERE media_path = ? LIMIT 1', path)
  const text = blob.exec(path)?.[2]
  return text !== undefined && blobIsReferenced(reader, text)
}

/** By a note, its newer text, an earlier text, or a write that is not done. */
export const blobIsReferenced = (reader: Reader, text: string): boolean =>
  [
    'SELECT 1 FROM note_history WHERE sha256 = ? LIMIT 1',
    'SELECT 1 FROM note_kept WHERE ?1 IN (sha256, new_sha256) LIMIT 1',
    'SELECT 1 FROM note_files WHERE ?1 IN (base_sha256, newer_sha256) LIMIT 1',
    `SELECT 1 FROM note_intent_files JOIN note_intents ON note_intents.id = intent_id
     WHERE done_at_ms IS NULL AND ?1 IN (base_sha256, new_sha256, removes_sha256) LIMIT 1`,
  ].some((sql) => some(reader, sql, text))
