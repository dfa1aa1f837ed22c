import { basename, dirname, extname, join } from 'node:path'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileSystem } from '../storage/write-file.ts'
import type { Blobs } from './blobs.ts'
import { createFinder, type Whereabouts } from './find-renamed.ts'
import { isKeptName, keptName } from './kept-files.ts'
import { type FolderNow, foldersNow } from './reading.ts'
import { type FileRow, type FolderRow, noteStore, partsOf } from './store.ts'
import { type Look, look } from './vault-folder.ts'
import { versionStore } from './versions-store.ts'

/** What became of a file that Inkwell wrote, or what else lies where it writes. */
export interface NoteFileFact {
  readonly kind:
    | 'ok'
    /** Asked for, not on disk yet: an intent is open. */
    | 'waiting'
    | 'edited'
    /** Other bytes, though nobody saved it: it rotted. The text as written can be had back when it is in blobs. */
    | 'damaged'
    | 'missing'
    /** Not where it was, and its text stands at `foundPath`: anywhere in the vault. */
    | 'renamed'
    /** The same, and edited since: known by its frontmatter. */
    | 'renamed-edited'
    /** Not where it was, and nobody can tell which of the files with its text it is now: `foundPath` is one of them. */
    | 'ambiguous'
    | 'deleted-known'
    | 'unreadable'
    /** Of a sync program: the file is not on this computer now. */
    | 'placeholder'
    /** The record of it does not fit its seal: the file counts as the user's. */
    | 'row-damaged'
    | 'vault-missing'
    /** A sync program made it of two versions: a person has to look. */
    | 'conflict-copy'
    /** Of a write that was ended; nobody needs it. */
    | 'leftover'
  /** Manifest row; null for what has none. */
  readonly fileId: string | null
  readonly episodeId: string | null
  /** Whether it is the text beside an edited note. */
  readonly newer: boolean
  readonly vaultPath: string
  /** Absolute. */
  readonly path: string
  readonly foundPath: string | null
}
export interface InspectDeps {
  readonly fs: FileSystem
  readonly storage: Storage
  readonly blobs: Pick<Blobs, 'size' | 'get'>
}
export type Progress = (done: number, total: number) => void
/** A folder as the manifest has it, with all its files in it. */
export interface ExpectedFolder {
  readonly vaultPath: string
  /** From the vault down. */
  readonly parts: readonly string[]
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
}
/**
 * Looks at many folders at once, in a worker. For each the names of what else is in it; null where a part of the path is
 * no folder of its own, or a file is not there with just that text: then it is looked at closely.
 */
export type LookAtFolders = (folders: readonly ExpectedFolder[]) => Promise<readonly (readonly string[] | null)[]>
const foldersAtOnce = 200

/** Files that are not looked at for the time being: another program or the network has them. */
const away: ReadonlySet<string> = new Set(['EBUSY', 'EDEADLK', 'ETIMEDOUT', 'EAGAIN'])

/**
 * Looks at every file of the manifest, and at what else lies in those folders; reads only. Files of others are seen by
 * name. Ends early when `signal` is aborted.
 */
export async function* inspectNotes(
  deps: InspectDeps,
  signal: AbortSignal,
  onProgress: Progress = () => {},
  lookAtFolders?: LookAtFolders,
): AsyncGenerator<NoteFileFact> {
  const { fs, storage } = deps
  const folders = noteStore.allFolders(storage)
  const waiting = noteStore.waitingFiles(storage)
  const whole = new Map<string, readonly FileRow[]>()
  const finder = createFinder(deps, signal)
  const vaults = new Map<string, boolean>()
  // Notes of several episodes may have been moved to one folder.
  const told = new Set<string>()
  for (const [at, folder] of folders.entries()) {
    if (signal.aborted) return
    onProgress(at, folders.length)
    const { vault_path: vaultPath } = folder
    const fact = about(folder)
    if (vaults.get(vaultPath) === false) continue
    if (lookAtFolders && at % foldersAtOnce === 0) {
      whole.clear()
      const some = folders.slice(at, at + foldersAtOnce)
      for (const [id, rows] of await wholeFolders(storage, some, waiting, lookAtFolders)) whole.set(id, rows)
    }
    const asWritten = whole.get(folder.id)
    if (asWritten) {
      vaults.set(vaultPath, true)
      for (const row of asWritten) yield fact(row, 'ok')
      continue
    }
    const folderOf = foldersNow(deps, folder)
    const now = await folderOf(null)
    if (now === 'gone') {
      // Said once for a vault, not for each of its notes.
      if (!vaults.has(vaultPath)) yield { ...fact(null, 'vault-missing'), path: vaultPath }
      vaults.set(vaultPath, false)
      continue
    }
    vaults.set(vaultPath, true)
    const rows = noteStore.files(storage, folder.id)
    for (const row of rows) {
      if (!noteStore.fileIntact(storage, row.id)) {
        yield fact(row, 'row-damaged')
        continue
      }
      const stands = await folderOf(row)
      const kind = await kindOf(fs, row, stands)
      // Also of one that counts as deleted: it may have been moved, and a write have missed it before anybody looked.
      const gone = kind === 'missing' || (kind === 'deleted-known' && row.state === 'deleted')
      const found = gone ? await finder.find(folder, row) : null
      const foundPath = found?.paths[0] ?? null
      const whereabouts = found && foundPath ? kindOfFound(found) : null
      yield { ...fact(row, whereabouts ?? (waiting.has(row.id) ? 'waiting' : kind)), foundPath }
      const newer = await kindOfNewer(fs, row, stands)
      if (newer)
        yield { ...fact(row, newer), newer: true, path: join(dirname(fact(row, newer).path), row.newer_file_name!) }
    }
    for (const own of new Set([null, ...rows.map(({ own_folder }) => own_folder)])) {
      const there = await folderOf({ own_folder: own })
      if (there === null || there === 'gone') continue
      const standing = rows.filter(({ own_folder }) => own_folder === own)
      for (const stranger of strangers(storage, folder, standing, await namesIn(fs, there.path), there.path))
        if (!told.has(stranger.path)) {
          told.add(stranger.path)
          yield stranger
        }
    }
  }
  onProgress(folders.length, folders.length)
}

/** Of those in which everything is as it was written, and nothing is that anybody has to be told of: their files. */
async function wholeFolders(
  storage: Storage,
  folders: readonly FolderRow[],
  waiting: ReadonlySet<string>,
  lookAtFolders: LookAtFolders,
): Promise<ReadonlyMap<string, readonly FileRow[]>> {
  // A row that rotted has no hash that could be compared.
  const isPlain = (row: FileRow): boolean =>
    row.own_folder === null &&
    row.newer_file_name === null &&
    !waiting.has(row.id) &&
    (row.state === 'current' || row.state === 'edited') &&
    /^[0-9a-f]{64}$/.test(row.base_sha256 ?? '')
  const plain = folders
    .map((folder) => ({ folder, rows: noteStore.files(storage, folder.id) }))
    .filter(({ rows }) => rows.length > 0 && rows.every(isPlain))
  const found = await lookAtFolders(
    plain.map(({ folder, rows }) => ({
      vaultPath: folder.vault_path,
      parts: partsOf(folder, null),
      files: rows.map(({ file_name, base_sha256 }) => ({ name: file_name, sha256: base_sha256! })),
    })),
  )
  const isStranger = (rows: readonly FileRow[], name: string): boolean =>
    isLeftover(name) || rows.some(({ file_name }) => isConflictCopy(name, stemOf(file_name), extname(file_name)))
  return new Map(
    plain.flatMap(({ folder, rows }, index) => {
      const others = found[index] ?? null
      return others === null || others.some((name) => isStranger(rows, name)) ? [] : [[folder.id, rows] as const]
    }),
  )
}

const kindOfFound = ({ sure, edited }: Whereabouts): NoteFileFact['kind'] =>
  edited ? 'renamed-edited' : sure ? 'renamed' : 'ambiguous'

const about =
  (folder: FolderRow) =>
  (row: FileRow | null, kind: NoteFileFact['kind']): NoteFileFact => ({
    kind,
    fileId: row?.id ?? null,
    episodeId: folder.episode_id,
    newer: false,
    vaultPath: folder.vault_path,
    path: join(folder.vault_path, ...partsOf(folder, row), row?.file_name ?? ''),
    foundPath: null,
  })

async function lookAt(fs: FileSystem, path: string): Promise<Look | 'unreadable' | 'placeholder'> {
  try {
    return await look(fs, path)
  } catch (error) {
    return away.has(errorCode(error)) ? 'placeholder' : 'unreadable'
  }
}

/** What the manifest row says against what stands there. */
export async function kindOf(
  fs: FileSystem,
  row: FileRow,
  folder: FolderNow,
): Promise<Exclude<NoteFileFact['kind'], 'renamed' | 'renamed-edited' | 'ambiguous'>> {
  // The vault is there; the folder that the user moved it to is none any more, or may not be looked into.
  if (folder === 'gone') return 'unreadable'
  const there = folder === null ? ({ kind: 'missing' } as const) : await lookAt(fs, join(folder.path, row.file_name))
  if (typeof there === 'string') return there
  if (there.kind === 'missing') return row.state === 'deleted' || row.base_sha256 === null ? 'deleted-known' : 'missing'
  if (there.kind === 'special') return 'edited'
  if (there.sha256 === row.base_sha256) return 'ok'
  return there.stamp === row.base_stamp ? 'damaged' : 'edited'
}

/** Null where nothing is to be said: it is as written, was edited or is gone, which is the user's affair. */
async function kindOfNewer(fs: FileSystem, row: FileRow, folder: FolderNow): Promise<'damaged' | null> {
  if (folder === null || folder === 'gone' || row.newer_file_name === null || row.newer_stamp === null) return null
  const there = await lookAt(fs, join(folder.path, row.newer_file_name))
  if (typeof there === 'string' || there.kind !== 'file') return null
  return there.sha256 !== row.newer_sha256 && there.stamp === row.newer_stamp ? 'damaged' : null
}

const namesIn = (fs: FileSystem, path: string): Promise<string[]> => fs.readdir(path).catch(() => [])

function* strangers(
  storage: Storage,
  folder: FolderRow,
  standing: readonly FileRow[],
  names: readonly string[],
  path: string,
): Generator<NoteFileFact> {
  const stems = standing.map(({ file_name }) => [stemOf(file_name), extname(file_name)] as const)
  const open = someAreOpen(storage, folder, standing)
  for (const name of names) {
    const leftover = !open && isLeftover(name) && !isKnownKept(storage, join(path, name))
    if (leftover) yield { ...about(folder)(null, 'leftover'), path: join(path, name) }
    else if (stems.some(([stem, ending]) => isConflictCopy(name, stem, ending)))
      yield { ...about(folder)(null, 'conflict-copy'), path: join(path, name) }
  }
}

/** What a write that is under way has put there is no leftover: where notes of several episodes may stand, of any. */
export const someAreOpen = (storage: Storage, folder: FolderRow, standing: readonly FileRow[]): boolean =>
  standing.some(({ own_folder }) => own_folder !== null)
    ? noteStore.episodesWithOpenIntents(storage).length > 0
    : noteStore.openIntents(storage, folder.episode_id).length > 0

export const isLeftover = (name: string): boolean =>
  /^\.~inkwell-[0-9a-z]+-[0-9a-f]{12}\.tmp$/.test(name) || isKeptName(name)
export const isKnownKept = (storage: Storage, path: string): boolean =>
  isKeptName(path) &&
  versionStore
    .kept(storage)
    .some(({ id, kept_path, target_path }) => [kept_path, join(dirname(target_path), keptName(id))].includes(path))

const stemOf = (name: string): string => basename(name, extname(name))

/**
 * Names that sync programs give to the other version of a file: Dropbox "(conflicted copy …)", Syncthing
 * ".sync-conflict-…", OneDrive "-COMPUTER".
 */
export function isConflictCopy(name: string, stem: string, ending: string): boolean {
  if (!name.startsWith(stem) || !name.endsWith(ending) || name === stem + ending) return false
  const more = name.slice(stem.length, name.length - ending.length)
  return (
    /^ \([^)]*conflicted copy[^)]*\)/i.test(more) ||
    /^\.sync-conflict-\d{8}-\d{6}/.test(more) ||
    (/^-[A-Z0-9][A-Z0-9-]{0,14}$/.test(more) && /[A-Z]{2}/.test(more))
  )
}
