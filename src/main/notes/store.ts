import type { Reader, Transaction } from '../storage/storage.ts'
import { uniqueKey } from './names.ts'
import { fileTable, folderTable, intact, intentFileTable, intentTable, putSealed, updateSealed } from './note-tables.ts'

export interface FolderRow {
  readonly id: string
  readonly episode_id: string
  readonly feed_id: string
  readonly vault_path: string
  /** Parts with `/` between them: one, until the user moved the folder; '' when it stands in the vault itself. */
  readonly podcast: string
  readonly name: string
}
type StoredFolderRow = FolderRow & { readonly row_sha256: string }
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
  readonly coveredSpans?: readonly { readonly fromSeconds: number; readonly toSeconds: number }[]
  readonly quotesFound?: number
  readonly quotesChecked?: number
  readonly unknownCharges?: number
  /** Of an intent: the text waits beside a note that differs, also where the user did not edit it. */
  readonly reviewFirst?: boolean
}
export const waitsForReview = ({ details_json }: { readonly details_json: string }): boolean =>
  detailsOf(details_json).reviewFirst === true
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
  /** Bytes and mtime as written (`stampOf`); null in manifests of earlier versions. */
  readonly base_stamp: string | null
  readonly newer_stamp: string | null
  /**
   * Where the user moved this file by itself: parts below the vault with `/` between them, '' for the vault itself. Null
   * in the episode's folder.
   */
  readonly own_folder: string | null
}
type StoredFileRow = FileRow & { readonly row_sha256: string }
export interface IntentRow {
  readonly id: string
  readonly episode_id: string
  readonly folder_id: string
  readonly run_id: string
  readonly action: 'write' | 'take' | 'merge' | 'restore'
  readonly made_at_ms: number
}
type StoredIntentRow = IntentRow & { readonly row_sha256: string }
export type Outcome = 'written' | 'unchanged' | 'beside-edited' | 'stays-deleted'
export interface IntentFileRow {
  readonly intent_id: string
  readonly position: number
  readonly file_id: string
  readonly base_sha256: string | null
  readonly new_sha256: string
  readonly content_sha256: string
  readonly removes_sha256: string | null
  readonly details_json: string
  readonly placeholder: number
  readonly outcome: Outcome | null
}
type StoredIntentFileRow = IntentFileRow & { readonly row_sha256: string }
export type NewIntentFile = Omit<IntentFileRow, 'intent_id' | 'position' | 'placeholder' | 'outcome'>
/** Stands for a hash that is not known any more: a file is then never taken for ours. */
export const unknownSha = 'unknown'
/** A manifest row that rotted says nothing about the file: it counts as the user's. */
const verified = (stored: StoredFileRow): FileRow => {
  const { row_sha256, ...row } = stored
  return intact(fileTable, stored)
    ? row
    : { ...row, base_sha256: unknownSha, content_sha256: null, base_stamp: null, newer_stamp: null }
}

const noDetails = { provider: '', model: '', templateVersion: '', itemCount: null, costMicroUsd: 0 }
/** Of a row that rotted as much as can be read. */
export function detailsOf(json: string): NoteDetails {
  try {
    return JSON.parse(json) as NoteDetails
  } catch {
    return { title: 'Note', ...noDetails }
  }
}

const updateIntentFile = (tx: Transaction, { intent_id, position }: IntentFileRow, changes: object): void => {
  const row = tx.get<StoredIntentFileRow>('SELECT * FROM note_intent_files WHERE intent_id = ? AND position = ?', [
    intent_id,
    position,
  ])
  if (row) updateSealed(tx, intentFileTable, row, changes)
}

/** Where a file stands, from the vault down; without a row the episode's folder. */
export function partsOf({ podcast, name }: FolderRow, row: Pick<FileRow, 'own_folder'> | null): string[] {
  const folder = row?.own_folder ?? `${podcast}/${name}`
  return folder.split('/').filter((part) => part !== '')
}
/** Equal for two files of an episode that some disk takes for one. */
export const fileKeyOf = (ownFolder: string | null, fileName: string): string =>
  uniqueKey(ownFolder === null ? fileName : `${ownFolder}/${fileName}`)

export const noteStore = {
  folderById: (reader: Reader, id: string) => reader.get<FolderRow>('SELECT * FROM note_folders WHERE id = ?', [id]),
  folderOf: (reader: Reader, episodeId: string, vaultPath: string) =>
    reader.get<FolderRow>('SELECT * FROM note_folders WHERE episode_id = ? AND vault_path = ?', [episodeId, vaultPath]),
  currentFolder: (reader: Reader, episodeId: string) =>
    reader.get<FolderRow>('SELECT * FROM note_folders WHERE episode_id = ? AND is_current = 1', [episodeId]),
  /** The name that the feed's folder got at its first note. */
  podcastFolder: (reader: Reader, feedId: string, vaultPath: string) =>
    reader.get<{ podcast: string }>(
      // Most of them: single episodes that the user moved elsewhere do not take the next ones with them.
      `SELECT podcast FROM note_folders WHERE feed_id = ? AND vault_path = ? AND podcast <> ''
       GROUP BY podcast ORDER BY count(*) DESC, min(made_at_ms), min(id) LIMIT 1`,
      [feedId, vaultPath],
    )?.podcast,
  podcastNames: (reader: Reader, vaultPath: string) =>
    reader
      .all<{ podcast: string }>('SELECT DISTINCT podcast FROM note_folders WHERE vault_path = ?', [vaultPath])
      .map(({ podcast }) => podcast),
  keyTaken: (reader: Reader, vaultPath: string, key: string) =>
    reader.get('SELECT 1 FROM note_folders WHERE vault_path = ? AND unique_key = ?', [vaultPath, key]) !== undefined,
  /** Whether something of Inkwell's stood in a vault when it was last looked at. */
  hasNotes: (reader: Reader, vaultPath: string) =>
    reader.get(
      `SELECT 1 FROM note_files JOIN note_folders ON note_folders.id = folder_id
       WHERE vault_path = ? AND state IN ('current', 'edited') LIMIT 1`,
      [vaultPath],
    ) !== undefined,
  allFolders: (reader: Reader) => reader.all<FolderRow>('SELECT * FROM note_folders ORDER BY vault_path, id'),
  insertFolder: (tx: Transaction, folder: FolderRow, key: string, atMs: number) => {
    putSealed(tx, folderTable, { ...folder, unique_key: key, is_current: 0, made_at_ms: atMs })
  },
  /** Whether the row is as it was written: else nothing is written by it. */
  folderIntact: (reader: Reader, id: string) => {
    const row = reader.get<StoredFolderRow>('SELECT * FROM note_folders WHERE id = ?', [id])
    return row !== undefined && intact(folderTable, row)
  },
  /** The folder was moved or renamed by the user. */
  moveFolder: (tx: Transaction, id: string, podcast: string, name: string, key: string) => {
    const row = tx.get<StoredFolderRow>('SELECT * FROM note_folders WHERE id = ?', [id])
    if (row) updateSealed(tx, folderTable, row, { podcast, name, unique_key: key })
  },
  makeCurrent: (tx: Transaction, folder: FolderRow) => {
    const rows = tx.all<StoredFolderRow & { is_current: number }>(
      // The one that was current first: two at a time cannot be.
      'SELECT * FROM note_folders WHERE episode_id = ? ORDER BY is_current DESC',
      [folder.episode_id],
    )
    for (const row of rows)
      if (row.is_current !== Number(row.id === folder.id))
        updateSealed(tx, folderTable, row, { is_current: Number(row.id === folder.id) })
  },

  file: (reader: Reader, id: string) => {
    const row = reader.get<StoredFileRow>('SELECT * FROM note_files WHERE id = ?', [id])
    return row && verified(row)
  },
  files: (reader: Reader, folderId: string) =>
    reader.all<StoredFileRow>('SELECT * FROM note_files WHERE folder_id = ? ORDER BY id', [folderId]).map(verified),
  /** Whether the row is as it was written. */
  fileIntact: (reader: Reader, id: string) => {
    const row = reader.get<StoredFileRow>('SELECT * FROM note_files WHERE id = ?', [id])
    return row !== undefined && intact(fileTable, row)
  },
  /** Ids of what open intents still have to bring. */
  waitingFiles: (reader: Reader): ReadonlySet<string> =>
    new Set(
      noteStore
        .episodesWithOpenIntents(reader)
        .flatMap((episodeId) => noteStore.openIntents(reader, episodeId))
        .flatMap(({ id }) => noteStore.intentFiles(reader, id))
        .flatMap(({ file_id, outcome }) => (outcome === null ? [file_id] : [])),
    ),
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
  putFile: (tx: Transaction, row: FileRow) => putSealed(tx, fileTable, row),

  insertIntent: (tx: Transaction, intent: IntentRow, files: readonly NewIntentFile[]) => {
    putSealed(tx, intentTable, { ...intent, done_at_ms: null })
    files.forEach((file, position) => {
      putSealed(tx, intentFileTable, { ...file, intent_id: intent.id, position, placeholder: 0, outcome: null })
    })
  },
  /** Those that rotted are left out, for good: what they ask for cannot be trusted. */
  openIntents: (reader: Reader, episodeId: string): IntentRow[] =>
    reader
      .all<StoredIntentRow>('SELECT * FROM note_intents WHERE episode_id = ? AND done_at_ms IS NULL ORDER BY id', [
        episodeId,
      ])
      .filter((row) => intact(intentTable, row)),
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
  intentFiles: (reader: Reader, intentId: string): IntentFileRow[] =>
    reader
      .all<StoredIntentFileRow>('SELECT * FROM note_intent_files WHERE intent_id = ? ORDER BY position', [intentId])
      .filter((row) => intact(intentFileTable, row)),
  setPlaceholder: (tx: Transaction, file: IntentFileRow) => updateIntentFile(tx, file, { placeholder: 1 }),
  setOutcome: (tx: Transaction, file: IntentFileRow, outcome: Outcome) => updateIntentFile(tx, file, { outcome }),
  closeIntent: (tx: Transaction, id: string, atMs: number) => {
    const row = tx.get<StoredIntentRow>('SELECT * FROM note_intents WHERE id = ?', [id])
    if (row) updateSealed(tx, intentTable, row, { done_at_ms: atMs })
  },

  recentEpisodes: (reader: Reader, limit: number) =>
    reader.all<{ episode_id: string; notes: number; written_at_ms: number }>(
      `SELECT episode_id, count(*) AS notes, max(written_at_ms) AS written_at_ms FROM notes
       WHERE state IN ('current', 'edited') GROUP BY episode_id ORDER BY written_at_ms DESC LIMIT ?`,
      [limit],
    ),
}
