import type { Reader } from '../storage/storage.ts'
import type { Blobs } from './blobs.ts'
import { intact, noteTables } from './note-tables.ts'

/** Where rows name blobs. */
const references = [
  ['note_files', 'base_sha256'],
  ['note_files', 'newer_sha256'],
  ['note_history', 'sha256'],
  ['note_kept', 'sha256'],
] as const

/** Null when a row rotted: the blob that it names cannot be told from one that nobody names. */
function referenced(reader: Reader): ReadonlySet<string> | null {
  for (const table of noteTables)
    for (const row of reader.all<object>(`SELECT * FROM ${table.name}`)) if (!intact(table, row)) return null
  const shas = references.flatMap(([table, column]) =>
    reader.all<{ sha: string }>(`SELECT DISTINCT ${column} AS sha FROM ${table} WHERE ${column} IS NOT NULL`),
  )
  const open = reader.all<{ base_sha256: string | null; new_sha256: string; removes_sha256: string | null }>(
    'SELECT f.* FROM note_intent_files f JOIN note_intents i ON i.id = f.intent_id WHERE i.done_at_ms IS NULL',
  )
  return new Set([
    ...shas.map(({ sha }) => sha),
    ...open.flatMap(({ base_sha256, new_sha256, removes_sha256 }) =>
      [base_sha256 ?? [], new_sha256, removes_sha256 ?? []].flat(),
    ),
  ])
}

/**
 * Texts that no note, no earlier text and no open write names, and that nobody asked for since then. None at all while a
 * row is damaged.
 */
export async function unreferencedBlobs(
  reader: Reader,
  blobs: Blobs,
  beforeMs: number,
): Promise<{ readonly sha256: string; readonly bytes: number }[]> {
  const named = referenced(reader)
  const found: { sha256: string; bytes: number }[] = []
  if (named === null) return found
  for await (const sha256 of blobs.putBefore(beforeMs))
    if (!named.has(sha256)) found.push({ sha256, bytes: (await blobs.size(sha256)) ?? 0 })
  return found
}
