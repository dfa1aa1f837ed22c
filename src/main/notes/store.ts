import type { Reader, Transaction } from '../storage/storage.ts'
import { sha256 } from './note-text.ts'

export interface FolderRow {
  readonly id: string
  readonly episode_id: string
  readonly feed_id: string
  readonly vault_path: string
  readonly podcast: string
  readonly name: string
}
export type FileKind = 'template' | 'transcript' | 'metadata'
export interface NoteDetails {
  readonly title: string
  readonly provider: string
  readonly model: string
  readonly templateVersion: string
  readonly itemCount: number | null
  readonly costMicroUsd: number
  /** Seconds of the transcript that were read; left out by notes of earlier versions. */
  readonly coveredFromSeconds?: number | null
  readonly coveredToSeconds?: number | null
}
export interface FileRow {
  readonly id: string
  readonly folder_id: string
  readonly episode_id: string
  readonly kind: FileKind
  readonly template_name: string
  readonly file_name: string
  readonly file_key: string
  readonly state: 'pending' | 'current' | 'edited' | 'deleted'
  readonly base_sha256: string | null
  readonly content_sha256: string | null
  readonly details_json: string
  readonly run_id: string
  readonly written_at_ms: number
  readonly newer_file_name: string | null
  readonly newer_sha256: string | null
  readonly newer_details_json: string | null
}
type StoredFileRow = FileRow & { readonly row_sha256: string }
export interface IntentRow {
  readonly id: string
  readonly episode_id: string
  readonly folder_id: string
  readonly run_id: string
  readonly action: 'write' | 'take'
  readonly made_at_ms: number
}
export type Outcome = 'written' | 'unchanged' | 'beside-edited' | 'stays-deleted'
export interface IntentFileRow {
  readonly intent_id: string
  readonly position: number
  readonly file_id: string
  readonly base_sha256: string | null
  readonly new_sha256: string
  readonly content_sha256: string
  readonly details_json: string
  readonly placeholder: number
  readonly outcome: Outcome | null
}
export interface KeptRow {
  readonly id: string
  readonly file_id: string
  readonly episode_id: string
  readonly target_path: string
  readonly kept_path: string
  readonly sha256: string
  readonly made_at_ms: number
  readonly checked_at_ms: number | null
}

const columns = [
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
] as const
const rowSum = (row: FileRow): string => sha256(JSON.stringify(columns.map((column) => row[column])))

/** Stands for a hash that is not known any more: a file is then never taken for ours. */
export const unknownSha = 'unknown'
/** A manifest row that rotted says nothing about the file: it counts as the user's. */
const verified = ({ row_sha256, ...row }: StoredFileRow): FileRow =>
  rowSum(row) === row_sha256 ? row : { ...row, base_sha256: unknownSha, content_sha256: null }

export const detailsOf = (json: string): NoteDetails => JSON.parse(json) as NoteDetails

export const noteStore = {
  folderById: (reader: Reader, id: string) => reader.get<FolderRow>('SELECT * FROM note_folders WHERE id = ?', [id]),
  folderOf: (reader: Reader, episodeId: string, vaultPath: string) =>
    reader.get<FolderRow>('SELECT * FROM note_folders WHERE episode_id = ? AND vault_path = ?', [episodeId, vaultPath]),
  currentFolder: (reader: Reader, episodeId: string) =>
    reader.get<FolderRow>('SELECT * FROM note_folders WHERE episode_id = ? AND is_current = 1', [episodeId]),
  /** The name that the feed's folder got at its first note. */
  podcastFolder: (reader: Reader, feedId: string, vaultPath: string) =>
    reader.get<{ podcast: string }>(
      'SELECT podcast FROM note_folders WHERE feed_id = ? AND vault_path = ? ORDER BY made_at_ms, id LIMIT 1',
      [feedId, vaultPath],
    )?.podcast,
  podcastNames: (reader: Reader, vaultPath: string) =>
    reader
      .all<{ podcast: string }>('SELECT DISTINCT podcast FROM note_folders WHERE vault_path = ?', [vaultPath])
      .map(({ podcast }) => podcast),
  keyTaken: (reader: Reader, vaultPath: string, key: string) =>
    reader.get('SELECT 1 FROM note_folders WHERE vault_path = ? AND unique_key = ?', [vaultPath, key]) !== undefined,
  insertFolder: (tx: Transaction, folder: FolderRow, key: string, atMs: number) => {
    tx.run(
      `INSERT INTO note_folders (id, episode_id, feed_id, vault_path, podcast, name, unique_key, is_current, made_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
      [folder.id, folder.episode_id, folder.feed_id, folder.vault_path, folder.podcast, folder.name, key, atMs],
    )
  },
  makeCurrent: (tx: Transaction, folder: FolderRow) => {
    tx.run('UPDATE note_folders SET is_current = 0 WHERE episode_id = ? AND id <> ?', [folder.episode_id, folder.id])
    tx.run('UPDATE note_folders SET is_current = 1 WHERE id = ?', [folder.id])
  },

  file: (reader: Reader, id: string) => {
    const row = reader.get<StoredFileRow>('SELECT * FROM note_files WHERE id = ?', [id])
    return row && verified(row)
  },
  files: (reader: Reader, folderId: string) =>
    reader.all<StoredFileRow>('SELECT * FROM note_files WHERE folder_id = ? ORDER BY id', [folderId]).map(verified),
  /** Hashes that Inkwell wrote for the same note in any vault: a moved vault is recognised by them. */
  knownShas: (reader: Reader, row: FileRow): ReadonlySet<string> =>
    new Set(
      reader
        .all<StoredFileRow>(
          'SELECT * FROM note_files WHERE episode_id = ? AND kind = ? AND template_name = ? AND folder_id <> ?',
          [row.episode_id, row.kind, row.template_name, row.folder_id],
        )
        .map(verified)
        .flatMap(({ base_sha256 }) => (base_sha256 === null ? [] : [base_sha256])),
    ),
  putFile: (tx: Transaction, row: FileRow) => {
    tx.run(
      `INSERT INTO note_files (${columns.join(', ')}, row_sha256) VALUES (${columns.map(() => '?').join(', ')}, ?)
       ON CONFLICT (id) DO UPDATE SET ${[...columns.slice(1), 'row_sha256'].map((name) => `${name} = excluded.${name}`).join(', ')}`,
      [...columns.map((column) => row[column]), rowSum(row)],
    )
  },

  insertIntent: (
    tx: Transaction,
    intent: IntentRow,
    files: readonly Omit<IntentFileRow, 'intent_id' | 'position' | 'placeholder' | 'outcome'>[],
  ) => {
    tx.run(
      'INSERT INTO note_intents (id, episode_id, folder_id, run_id, action, made_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
      [intent.id, intent.episode_id, intent.folder_id, intent.run_id, intent.action, intent.made_at_ms],
    )
    files.forEach((file, position) => {
      tx.run(
        `INSERT INTO note_intent_files (intent_id, position, file_id, base_sha256, new_sha256, content_sha256, details_json)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [intent.id, position, file.file_id, file.base_sha256, file.new_sha256, file.content_sha256, file.details_json],
      )
    })
  },
  openIntents: (reader: Reader, episodeId: string) =>
    reader.all<IntentRow>('SELECT * FROM note_intents WHERE episode_id = ? AND done_at_ms IS NULL ORDER BY id', [
      episodeId,
    ]),
  episodesWithOpenIntents: (reader: Reader) =>
    reader
      .all<{ episode_id: string }>('SELECT DISTINCT episode_id FROM note_intents WHERE done_at_ms IS NULL')
      .map(({ episode_id }) => episode_id),
  /** When a run was first asked for: asked again, it gives the same bytes. */
  runMadeAt: (reader: Reader, episodeId: string, runId: string) =>
    reader.get<{ made_at_ms: number }>(
      'SELECT made_at_ms FROM note_intents WHERE episode_id = ? AND run_id = ? ORDER BY made_at_ms LIMIT 1',
      [episodeId, runId],
    )?.made_at_ms,
  /** Of a text by the hash of its bytes, as it was when it was offered. */
  contentOf: (reader: Reader, fileId: string, sha: string) =>
    reader.get<{ content_sha256: string }>(
      'SELECT content_sha256 FROM note_intent_files WHERE file_id = ? AND new_sha256 = ? ORDER BY intent_id DESC LIMIT 1',
      [fileId, sha],
    )?.content_sha256,
  intentFiles: (reader: Reader, intentId: string) =>
    reader.all<IntentFileRow>('SELECT * FROM note_intent_files WHERE intent_id = ? ORDER BY position', [intentId]),
  setPlaceholder: (tx: Transaction, file: IntentFileRow) => {
    tx.run('UPDATE note_intent_files SET placeholder = 1 WHERE intent_id = ? AND position = ?', [
      file.intent_id,
      file.position,
    ])
  },
  setOutcome: (tx: Transaction, file: IntentFileRow, outcome: Outcome) => {
    tx.run('UPDATE note_intent_files SET outcome = ? WHERE intent_id = ? AND position = ?', [
      outcome,
      file.intent_id,
      file.position,
    ])
  },
  closeIntent: (tx: Transaction, id: string, atMs: number) => {
    tx.run('UPDATE note_intents SET done_at_ms = ? WHERE id = ?', [atMs, id])
  },

  insertKept: (tx: Transaction, row: Omit<KeptRow, 'checked_at_ms'>) => {
    tx.run(
      'INSERT INTO note_kept (id, file_id, episode_id, target_path, kept_path, sha256, made_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [row.id, row.file_id, row.episode_id, row.target_path, row.kept_path, row.sha256, row.made_at_ms],
    )
  },
  kept: (reader: Reader) => reader.all<KeptRow>('SELECT * FROM note_kept ORDER BY id'),
  updateKept: (tx: Transaction, id: string, sha: string, checkedAtMs: number) => {
    tx.run('UPDATE note_kept SET sha256 = ?, checked_at_ms = ? WHERE id = ?', [sha, checkedAtMs, id])
  },
  deleteKept: (tx: Transaction, id: string) => {
    tx.run('DELETE FROM note_kept WHERE id = ?', [id])
  },
  insertHistory: (tx: Transaction, id: string, file: FileRow, sha: string, atMs: number) => {
    tx.run(
      'INSERT INTO note_history (id, file_id, episode_id, file_name, sha256, saved_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
      [id, file.id, file.episode_id, file.file_name, sha, atMs],
    )
  },
  recentEpisodes: (reader: Reader, limit: number) =>
    reader.all<{ episode_id: string; notes: number; written_at_ms: number }>(
      `SELECT episode_id, count(*) AS notes, max(written_at_ms) AS written_at_ms FROM notes
       WHERE state IN ('current', 'edited') GROUP BY episode_id ORDER BY written_at_ms DESC LIMIT ?`,
      [limit],
    ),
}
