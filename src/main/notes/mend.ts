import { basename, dirname, join, relative, sep } from 'node:path'
import { ok, type Result } from '#shared/result.ts'
import type { Storage } from '../storage/storage.ts'
import { type ChooseDeps, type ChooseFailure, vaultGone } from './choose.ts'
import { createExchange } from './exchange.ts'
import type { Finder } from './find-renamed.ts'
import { isKnownKept, isLeftover, kindOf } from './inspect.ts'
import { isKeptName } from './kept-files.ts'
import { uniqueKey } from './names.ts'
import { folderNow } from './reading.ts'
import { rollForward } from './roll-forward.ts'
import { type FileRow, type FolderRow, noteStore } from './store.ts'
import { ignoring, look, vaultFailure } from './vault-folder.ts'
import { versionStore } from './versions-store.ts'

/** Each mends one file, under its episode's lock, and looks again first. False: it was not as the finding said any more. */
export type Mend = (deps: ChooseDeps, row: FileRow) => Promise<Result<boolean, ChooseFailure>>

/** The text as Inkwell wrote it, in place of the one that rotted, which is kept for 30 days. */
export const rewriteDamaged: Mend = async (deps, row) => {
  const { fs, storage, blobs, clock, ids } = deps
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  const folder = await folderNow(deps, folderRow)
  if (folder === 'gone') return vaultGone
  if (folder === null) return ok(false)
  try {
    const newer = await rewriteDamagedNewer(deps, row)
    if ((await kindOf(fs, row, folder)) !== 'damaged') return ok(newer)
    const there = await look(fs, join(folder.path, row.file_name))
    if (there.kind !== 'file' || (await blobs.get(row.base_sha256!)) === null) return ok(newer)
    const { id: file_id, episode_id, folder_id, run_id, details_json } = row
    const damaged = await blobs.put(there.bytes)
    storage.write('notes.rewriteDamaged', (tx) => {
      const intent = {
        id: ids.next(),
        episode_id,
        folder_id,
        run_id,
        action: 'restore',
        made_at_ms: clock.now(),
      } as const
      noteStore.insertIntent(tx, intent, [
        {
          file_id,
          base_sha256: damaged,
          new_sha256: row.base_sha256!,
          content_sha256: row.content_sha256 ?? row.base_sha256!,
          removes_sha256: null,
          details_json,
        },
      ])
      tx.audit(`note:${file_id}`, { sha256: damaged }, { sha256: row.base_sha256 })
    })
    const rolled = await rollForward(deps, episode_id)
    return rolled.ok ? ok(rolled.value.get(file_id)?.outcome === 'written') : rolled
  } catch (error) {
    return vaultFailure(error, folderRow.vault_path)
  }
}

async function rewriteDamagedNewer(deps: ChooseDeps, row: FileRow): Promise<boolean> {
  const { fs, storage, blobs, ids } = deps
  const folder = await folderNow(deps, noteStore.folderById(storage, row.folder_id)!)
  const { newer_file_name: name, newer_sha256: sha, newer_stamp } = row
  if (folder === null || folder === 'gone' || name === null || sha === null || newer_stamp === null) return false
  const there = await look(fs, join(folder.path, name))
  const bytes = await blobs.get(sha)
  if (there.kind !== 'file' || there.sha256 === sha || there.stamp !== newer_stamp || bytes === null) return false
  const exchange = createExchange({ ...deps, tag: ids.next().slice(-12) })
  const replaced = await exchange.replace(folder, name, bytes, there.sha256, row.id)
  if (replaced === 'changed') return false
  storage.write('notes.rewriteDamaged', (tx) => {
    noteStore.putFile(tx, { ...noteStore.file(tx, row.id)!, newer_stamp: replaced.stamp })
    tx.audit(`note:${row.id}`, { newer: there.sha256 }, { newer: sha })
  })
  return true
}

/** From now on it counts as deleted by the user, and is not made again. */
export const forgetMissing: Mend = async (deps, row) => {
  const { fs, storage } = deps
  const folder = await folderNow(deps, noteStore.folderById(storage, row.folder_id)!)
  if (folder === 'gone') return vaultGone
  if ((await kindOf(fs, row, folder)) !== 'missing') return ok(false)
  storage.write('notes.forgetMissing', (tx) => {
    noteStore.putFile(tx, { ...row, state: 'deleted' })
    tx.audit(`note:${row.id}`, { state: row.state }, { state: 'deleted' })
  })
  return ok(true)
}

/**
 * The manifest goes after a file that the user renamed in its folder, or after the whole folder. A single file that was
 * moved elsewhere stays the user's: it counts as deleted here. No file is touched.
 */
export const followRenamed =
  (finder: Finder): Mend =>
  async (deps, row) => {
    const { fs, storage } = deps
    const folderRow = noteStore.folderById(storage, row.folder_id)!
    const folder = await folderNow(deps, folderRow)
    if (folder === 'gone') return vaultGone
    // With its folder another row's mend has brought it back already.
    const kind = await kindOf(fs, row, folder)
    if (kind !== 'missing') return ok(kind === 'ok')
    const found = await finder.find(folderRow, row)
    if (found === null) return ok(false)
    const home = join(folderRow.vault_path, folderRow.podcast, folderRow.name)
    const followed =
      dirname(found) === home
        ? renameRow(row, basename(found), noteStore.files(storage, row.folder_id))
        : folder === null && moveOf(storage, folderRow, found, row)
    if (!followed) return ok(false)
    storage.write('notes.followRenamed', (tx) => {
      if ('file_name' in followed) noteStore.putFile(tx, followed)
      else noteStore.moveFolder(tx, folderRow.id, followed.podcast, followed.name, followed.key)
      tx.audit(
        `note:${row.id}`,
        { file: relative(folderRow.vault_path, join(home, row.file_name)) },
        {
          file: relative(folderRow.vault_path, found),
        },
      )
    })
    return ok(true)
  }

function renameRow(row: FileRow, name: string, rows: readonly FileRow[]): FileRow | null {
  const key = uniqueKey(name)
  const taken = rows.some((other) => other.id !== row.id && other.file_key === key)
  return taken ? null : { ...row, file_name: name, file_key: key }
}

/** Only for the whole folder: its files have their names, and it is not the vault itself. */
function moveOf(storage: Storage, folder: FolderRow, found: string, row: FileRow) {
  const parts = relative(folder.vault_path, dirname(found)).split(sep)
  if (basename(found) !== row.file_name || parts.length < 2 || parts.includes('..')) return null
  const [podcast, name] = [parts.slice(0, -1).join('/'), parts.at(-1)!]
  const key = uniqueKey(join(podcast, name))
  return noteStore.keyTaken(storage, folder.vault_path, key) ? null : { podcast, name, key }
}

/** Removes what an ended write left in an episode's folder. A text that is nowhere else goes to history first. */
export async function sweepLeftovers(deps: ChooseDeps, folderRow: FolderRow): Promise<number> {
  const { fs, storage, blobs, clock, ids } = deps
  const folder = await folderNow(deps, folderRow)
  if (folder === null || folder === 'gone' || noteStore.openIntents(storage, folderRow.episode_id).length > 0) return 0
  let swept = 0
  for (const name of await fs.readdir(folder.path)) {
    const path = join(folder.path, name)
    if (!isLeftover(name) || isKnownKept(storage, path)) continue
    const there = await look(fs, path)
    if (there.kind !== 'file') continue
    const [row] = noteStore.files(storage, folderRow.id)
    // A displaced file may hold an edit of the user; a temporary one is always Inkwell's.
    if (isKeptName(name) && row) {
      await blobs.put(there.bytes)
      storage.write('notes.sweepLeftovers', (tx) => {
        versionStore.insertHistory(tx, ids.next(), row, there.sha256, clock.now())
        tx.audit(`episode:${folderRow.episode_id}`, { file: name }, { history: there.sha256 })
      })
    }
    await fs.unlink(path).catch(ignoring('ENOENT'))
    swept += 1
  }
  return swept
}
