import { basename, dirname, join, relative, sep } from 'node:path'
import { ok } from '#shared/result.ts'
import type { Reader, Transaction } from '../storage/storage.ts'
import { type ChooseDeps, vaultGone } from './choose.ts'
import type { Finder } from './find-renamed.ts'
import { kindOf } from './inspect.ts'
import type { Mend } from './mend.ts'
import { metadataFileName } from './metadata.ts'
import { uniqueKey } from './names.ts'
import { folderNow } from './reading.ts'
import { rollForward } from './roll-forward.ts'
import { type FileRow, type FolderRow, fileKeyOf, noteStore, partsOf } from './store.ts'
import { look } from './vault-folder.ts'
import { versionStore } from './versions-store.ts'

/**
 * The manifest goes after a file that the user renamed or moved within the vault, or after the episode's folder as a
 * whole. No file is touched. What waited for the file is written then, at its new place.
 */
export const followRenamed =
  (finder: Finder): Mend =>
  async (deps, row) => {
    const { fs, storage } = deps
    const folderRow = noteStore.folderById(storage, row.folder_id)!
    const [home, stands] = [await folderNow(deps, folderRow, null), await folderNow(deps, folderRow, row)]
    if (home === 'gone') return vaultGone
    const kind = await kindOf(fs, row, stands)
    // With its folder another row's mend has brought it back already.
    if (kind === 'ok' && row.state === 'deleted')
      storage.write('notes.followRenamed', (tx) => {
        noteStore.putFile(tx, { ...row, ...wanted(tx, row) })
        tx.audit(`note:${row.id}`, { state: row.state }, { state: 'current' })
      })
    if (kind !== 'missing' && kind !== 'deleted-known') return ok(kind === 'ok')
    const { paths, sure, edited } = await finder.find(folderRow, row)
    const [found] = paths
    if (found === undefined || !sure) return ok(false)
    const parts = relative(folderRow.vault_path, dirname(found)).split(sep).filter(Boolean)
    const whole = home === null && row.own_folder === null && (await isWholeFolder(deps, row, dirname(found)))
    const folder = whole ? movedFolder(storage, folderRow, parts) : null
    const there = await look(fs, found)
    if (there.kind !== 'file' || (there.sha256 !== row.base_sha256) !== edited) return ok(false)
    // Of an edited one nobody knows the stamp that Inkwell wrote.
    const moved = { parts, name: basename(found), stamp: edited ? null : there.stamp }
    const file = movedFile(storage, { ...folderRow, ...folder }, row, moved)
    if (!file) return ok(false)
    const before = join(...partsOf(folderRow, row), row.file_name)
    storage.write('notes.followRenamed', (tx) => {
      if (folder) noteStore.moveFolder(tx, folderRow.id, folder.podcast, folder.name, folder.key)
      noteStore.putFile(tx, file)
      const rows = folder ? noteStore.files(tx, folderRow.id).filter(({ own_folder }) => own_folder === null) : [file]
      for (const one of rows) retarget(tx, one.id, join(dirname(found), one.file_name))
      tx.audit(`note:${row.id}`, { file: before }, { file: relative(folderRow.vault_path, found) })
    })
    if (noteStore.openIntents(storage, row.episode_id).length > 0) {
      const rolled = await rollForward(deps, row.episode_id)
      if (!rolled.ok) return rolled
    }
    return ok(true)
  }

/** What an editor still writes into a displaced file comes back beside the note, where that stands now. */
const retarget = (tx: Transaction, fileId: string, path: string): void => {
  for (const { id } of versionStore.keptOf(tx, fileId)) versionStore.updateKept(tx, id, { target_path: path })
}

/** Whether the episode's folder as a whole stands at `path`: then what nobody sees, or every file of it, went along. */
async function isWholeFolder({ fs, storage }: ChooseDeps, row: FileRow, path: string): Promise<boolean> {
  const rows = noteStore
    .files(storage, row.folder_id)
    .filter(({ own_folder, base_sha256 }) => own_folder === null && base_sha256 !== null)
  const metadata = rows.filter(({ file_name }) => file_name === metadataFileName)
  for (const one of metadata.length > 0 ? metadata : rows)
    if ((await look(fs, join(path, one.file_name)).catch(() => null))?.kind !== 'file') return false
  return true
}

/** Null for the vault itself, and for a folder that is another episode's. */
function movedFolder(storage: Reader, folder: FolderRow, parts: readonly string[]) {
  const name = parts.at(-1)
  if (name === undefined) return null
  const podcast = parts.slice(0, -1).join('/')
  const key = uniqueKey(join(podcast, name))
  return noteStore.keyTaken(storage, folder.vault_path, key) ? null : { podcast, name, key }
}

/** It holds what Inkwell wrote last, or what the user made of that. What was asked for since and not written is news when it is asked for again. */
const wanted = (storage: Reader, row: FileRow, state: 'current' | 'edited' = 'current') =>
  ({ state, content_sha256: noteStore.contentOf(storage, row.id, row.base_sha256!) ?? null }) as const

/** Null where another file of the episode has that name. */
function movedFile(
  storage: Reader,
  folder: FolderRow,
  row: FileRow,
  { parts, name, stamp }: { readonly parts: readonly string[]; readonly name: string; readonly stamp: string | null },
): FileRow | null {
  const isHome = parts.join('/') === partsOf(folder, null).join('/')
  const own_folder = isHome ? null : parts.join('/')
  const file_key = fileKeyOf(own_folder, name)
  if (noteStore.files(storage, folder.id).some((other) => other.id !== row.id && other.file_key === file_key))
    return null
  const state = stamp === null ? 'edited' : 'current'
  const leavesNewer = row.newer_file_name !== null && own_folder !== row.own_folder
  return {
    ...row,
    own_folder,
    file_name: name,
    file_key,
    ...(row.state === 'deleted' || leavesNewer ? wanted(storage, row, state) : { state }),
    base_stamp: stamp,
    // A newer text that stood beside it stays where it is, and is the user's.
    ...(leavesNewer ? { newer_file_name: null, newer_sha256: null, newer_details_json: null, newer_stamp: null } : {}),
  }
}
