import type { Reader, Transaction } from '../storage/storage.ts'
import { historyTable, intact, keptTable, putSealed, updateSealed } from './note-tables.ts'
import type { FileRow } from './store.ts'

/** A file that was displaced. */
export interface KeptRow {
  readonly id: string
  readonly file_id: string
  readonly episode_id: string
  readonly target_path: string
  readonly kept_path: string
  /** Of the bytes that are safe elsewhere: when the file holds others, an editor wrote them there since. */
  readonly sha256: string
  /** Of what was to take its place: found at `kept_path`, the names were never exchanged. */
  readonly new_sha256: string | null
  readonly made_at_ms: number
  readonly checked_at_ms: number | null
}
/** A text of the user that another took the place of. */
export interface HistoryRow {
  readonly id: string
  readonly file_id: string
  readonly episode_id: string
  readonly file_name: string
  readonly sha256: string
  readonly saved_at_ms: number
}
type Stored<Row> = Row & { readonly row_sha256: string }

export const versionStore = {
  insertKept: (tx: Transaction, row: Omit<KeptRow, 'checked_at_ms'>) =>
    putSealed(tx, keptTable, { ...row, checked_at_ms: null }),
  /** In order of making; those that rotted are left out, and their files stay where they are. */
  kept: (reader: Reader): KeptRow[] =>
    reader.all<Stored<KeptRow>>('SELECT * FROM note_kept ORDER BY id').filter((row) => intact(keptTable, row)),
  keptOf: (reader: Reader, fileId: string): KeptRow[] =>
    reader
      .all<Stored<KeptRow>>('SELECT * FROM note_kept WHERE file_id = ? ORDER BY id', [fileId])
      .filter((row) => intact(keptTable, row)),
  keptById: (reader: Reader, id: string): KeptRow | undefined =>
    reader.get<Stored<KeptRow>>('SELECT * FROM note_kept WHERE id = ?', [id]),
  updateKept: (
    tx: Transaction,
    id: string,
    changes: Partial<Pick<KeptRow, 'target_path' | 'kept_path' | 'sha256' | 'new_sha256' | 'checked_at_ms'>>,
  ) => {
    const row = tx.get<Stored<KeptRow>>('SELECT * FROM note_kept WHERE id = ?', [id])
    if (row) updateSealed(tx, keptTable, row, changes)
  },
  deleteKept: (tx: Transaction, id: string) => {
    tx.run('DELETE FROM note_kept WHERE id = ?', [id])
  },

  insertHistory: (tx: Transaction, id: string, file: FileRow, sha: string, atMs: number) => {
    const { id: file_id, episode_id, file_name } = file
    putSealed(tx, historyTable, { id, file_id, episode_id, file_name, sha256: sha, saved_at_ms: atMs })
  },
  /** Those that rotted too: the hash of its bytes tells whether a text is what it was. */
  historyOf: (reader: Reader, fileId: string): HistoryRow[] =>
    reader.all<HistoryRow>('SELECT * FROM note_history WHERE file_id = ? ORDER BY id', [fileId]),
  historyById: (reader: Reader, id: string) => reader.get<HistoryRow>('SELECT * FROM note_history WHERE id = ?', [id]),
  /** Forgets texts saved before then, intact rows only. */
  expireHistory: (tx: Transaction, beforeMs: number): HistoryRow[] => {
    const rows = tx
      .all<Stored<HistoryRow>>('SELECT * FROM note_history WHERE saved_at_ms < ?', [beforeMs])
      .filter((row) => intact(historyTable, row))
    for (const { id } of rows) tx.run('DELETE FROM note_history WHERE id = ?', [id])
    return rows
  },
}
