import { join } from 'node:path'
import type { Note } from '#shared/contract/notes.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { EpisodeRecord } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileSystem } from '../storage/write-file.ts'
import { withoutFrontmatter } from './frontmatter.ts'
import { noteHeading } from './note-text.ts'
import { detailsOf, type FileRow, type FolderRow, noteStore, partsOf } from './store.ts'
import { timesFromFile } from './time-links.ts'
import { type Look, look, openVaultFolder, type VaultFolder, vaultEmptied } from './vault-folder.ts'

/** UTF-8 bytes of a note that a page is given. */
const maxReadBytes = 1_048_576

interface ReadDeps {
  readonly fs: FileSystem
  readonly storage: Storage
  /** Of who holds the episode's lock: asked before each change in the folder. */
  readonly stillHeld?: () => void
}

/** What a disk or a system puts into an empty folder by itself. */
const ofSystem =
  /^(?:lost\+found|System Volume Information|\$RECYCLE\.BIN|\.DS_Store|\.Trash.*|\.Spotlight.*|\.fseventsd)$/i

/** Where a file of the episode stands, in the vault that notes were written to; without a row the episode's folder. */
export async function openNoteFolder(
  { fs, storage, stillHeld }: ReadDeps,
  folder: FolderRow,
  row: Pick<FileRow, 'own_folder'> | null,
  make: boolean,
): ReturnType<typeof openVaultFolder> {
  if (noteStore.hasNotes(storage, folder.vault_path)) {
    const names = await fs.readdir(folder.vault_path).catch(() => null)
    if (names?.every((name) => ofSystem.test(name))) return vaultEmptied(folder.vault_path)
  }
  const opened = await openVaultFolder(fs, folder.vault_path, partsOf(folder, row), make)
  if (!opened.ok || opened.value === null) return opened
  const { path, check } = opened.value
  return ok({
    path,
    check: async () => {
      stillHeld?.()
      await check()
    },
  })
}

export type FolderNow = VaultFolder | null | 'gone'

/** The folder of a file as it is now; `gone` with the vault, null when only the folder is missing. */
export async function folderNow(
  deps: ReadDeps,
  folder: FolderRow,
  row: Pick<FileRow, 'own_folder'> | null,
): Promise<FolderNow> {
  try {
    const opened = await openNoteFolder(deps, folder, row, false)
    return opened.ok ? opened.value : 'gone'
  } catch {
    return 'gone'
  }
}

/** As `folderNow`, for several files of an episode: each folder is looked at once. */
export function foldersNow(
  deps: ReadDeps,
  folder: FolderRow,
): (row: Pick<FileRow, 'own_folder'> | null) => Promise<FolderNow> {
  const seen = new Map<string | null, Promise<FolderNow>>()
  return (row) => {
    const own = row?.own_folder ?? null
    const now = seen.get(own) ?? folderNow(deps, folder, row)
    seen.set(own, now)
    return now
  }
}

/** A note as the contract knows it, its state from the disk. */
export async function noteNow({ fs, storage }: ReadDeps, row: FileRow, folder: FolderNow): Promise<Note> {
  const { reviewFirst: _, ...details } = detailsOf(row.details_json)
  const waiting = noteStore
    .openIntents(storage, row.episode_id)
    .some(({ id }) =>
      noteStore.intentFiles(storage, id).some((file) => file.file_id === row.id && file.outcome === null),
    )
  const stands = async (name: string): Promise<Look | 'unreadable'> => {
    if (folder === null || folder === 'gone') return { kind: 'missing' }
    return look(fs, join(folder.path, name)).catch(() => 'unreadable' as const)
  }
  const newer = row.newer_file_name === null ? null : await stands(row.newer_file_name)
  return {
    id: row.id,
    episodeId: row.episode_id,
    templateName: row.template_name,
    fileName: row.file_name,
    state: folder === 'gone' ? 'unreachable' : waiting ? 'waiting' : stateOf(row, await stands(row.file_name)),
    newerFileName: newer !== null && newer !== 'unreadable' && newer.kind === 'file' ? row.newer_file_name : null,
    ...details,
    coveredFromSeconds: details.coveredFromSeconds ?? null,
    coveredToSeconds: details.coveredToSeconds ?? null,
    coveredSpans: details.coveredSpans ? [...details.coveredSpans] : null,
    quotesFound: details.quotesFound ?? null,
    quotesChecked: details.quotesChecked ?? null,
    unknownCharges: details.unknownCharges ?? 0,
    writtenAtMs: row.written_at_ms,
  }
}

function stateOf(row: FileRow, there: Look | 'unreadable'): Note['state'] {
  if (there === 'unreadable') return 'unreachable'
  if (there.kind === 'missing') return 'deleted'
  return there.kind === 'file' && there.sha256 === row.base_sha256 ? 'current' : 'edited'
}

/** The body as the reader shows it: without frontmatter and our own heading, times as `#t=` again. */
export async function readBody(
  fs: FileSystem,
  folder: FolderNow,
  row: FileRow,
  fileName: string,
  episode: EpisodeRecord | null,
): Promise<Result<{ markdown: string; truncated: boolean }, 'vault-missing' | 'note-missing' | 'note-unreadable'>> {
  if (folder === 'gone')
    return fail(
      'vault-missing',
      'The notes folder is not there. Connect its disk, or choose another folder in Settings.',
      {
        retryable: true,
      },
    )
  let there: Look = { kind: 'missing' }
  try {
    if (folder) {
      await folder.check()
      there = await look(fs, join(folder.path, fileName))
    }
  } catch (error) {
    return fail('note-unreadable', `${fileName} cannot be read now (${errorCode(error)}). It was left as it is.`, {
      retryable: true,
    })
  }
  if (there.kind === 'missing')
    return fail('note-missing', `${fileName} is not in the notes folder any more. You removed or renamed it.`)
  if (there.kind === 'special')
    return fail('note-unreadable', `${fileName} is not a plain file. Inkwell does not open it.`)
  const truncated = there.bytes.length > maxReadBytes
  const body = withoutFrontmatter(cutUtf8(there.bytes).replace(/\r\n?/g, '\n'))
  const heading = episode === null ? null : noteHeading(detailsOf(row.details_json).title, episode.title)
  const ownHeading = heading !== null && body.startsWith(`${heading}\n`)
  return ok({ markdown: timesFromFile(ownHeading ? body.slice(heading.length).replace(/^\n+/, '') : body), truncated })
}

/** Never in the middle of a character. */
const cutUtf8 = (bytes: Buffer): string =>
  new TextDecoder('utf-8').decode(bytes.subarray(0, maxReadBytes), { stream: bytes.length > maxReadBytes })
