import { join } from 'node:path'
import { ok, type Result } from '#shared/result.ts'
import { type ChooseDeps, type ChooseFailure, vaultGone } from './choose.ts'
import { createExchange } from './exchange.ts'
import { kindOf } from './inspect.ts'
import { folderNow } from './reading.ts'
import { rollForward } from './roll-forward.ts'
import { type FileRow, noteStore } from './store.ts'
import { look, vaultFailure } from './vault-folder.ts'

/** Each mends one file, under its episode's lock, and looks again first. False: it was not as the finding said any more. */
export type Mend = (deps: ChooseDeps, row: FileRow) => Promise<Result<boolean, ChooseFailure>>

/** The text as Inkwell wrote it, in place of the one that rotted, which is kept for 30 days. */
export const rewriteDamaged: Mend = async (deps, row) => {
  const { fs, storage, blobs, clock, ids } = deps
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  const folder = await folderNow(deps, folderRow, row)
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
  const folder = await folderNow(deps, noteStore.folderById(storage, row.folder_id)!, row)
  const { newer_file_name: name, newer_sha256: sha, newer_stamp } = row
  if (folder === null || folder === 'gone' || name === null || sha === null || newer_stamp === null) return false
  const there = await look(fs, join(folder.path, name))
  const bytes = await blobs.get(sha)
  if (there.kind !== 'file' || there.sha256 === sha || there.stamp !== newer_stamp || bytes === null) return false
  const exchange = createExchange({ ...deps, tag: ids.next().slice(-12) })
  const replaced = await exchange.replace(folder, name, bytes, there.sha256, row.id, () => {})
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
  const folder = await folderNow(deps, noteStore.folderById(storage, row.folder_id)!, row)
  if (folder === 'gone') return vaultGone
  if ((await kindOf(fs, row, folder)) !== 'missing') return ok(false)
  storage.write('notes.forgetMissing', (tx) => {
    noteStore.putFile(tx, { ...row, state: 'deleted' })
    tx.audit(`note:${row.id}`, { state: row.state }, { state: 'deleted' })
  })
  return ok(true)
}
