import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import { type ChooseDeps, type ChooseFailure, takeNew, vaultGone } from './choose.ts'
import { folderNow } from './reading.ts'
import { rollForward } from './roll-forward.ts'
import { type FileRow, noteStore } from './store.ts'
import { look, vaultFailure } from './vault-folder.ts'

const notDeleted = fail('not-deleted', 'The file of this note is in the folder. Nothing was changed.')
const textLost = fail('text-lost', 'The text of this note is not kept any more. Nothing was changed. ')

/**
 * A note that the user deleted, with the last text Inkwell wrote: the tombstone goes and the text comes by an intent, as
 * every write. What stands at its name by then is the user's: the text is written beside it.
 */
export async function bringBack(deps: ChooseDeps, row: FileRow): Promise<Result<null, ChooseFailure>> {
  const { fs, storage, blobs, clock, ids } = deps
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  const folder = await folderNow(deps, folderRow, row)
  if (folder === 'gone') return vaultGone
  try {
    if (folder && (await look(fs, join(folder.path, row.file_name))).kind !== 'missing') return notDeleted
    if (folder && row.newer_file_name && (await look(fs, join(folder.path, row.newer_file_name))).kind === 'file')
      return await takeNew(deps, row)
    const sha = row.base_sha256
    if (sha === null || (await blobs.get(sha)) === null) return textLost
    const { id: file_id, episode_id, folder_id, run_id, details_json } = row
    const content_sha256 = noteStore.contentOf(storage, file_id, sha) ?? sha
    const intent = { id: ids.next(), episode_id, folder_id, run_id, action: 'write', made_at_ms: clock.now() } as const
    storage.write('notes.bringBack', (tx) => {
      // Without a base the name counts as free, and the folder may be made again.
      noteStore.putFile(tx, {
        ...row,
        state: 'pending',
        base_sha256: null,
        content_sha256,
        newer_file_name: null,
        newer_sha256: null,
        newer_details_json: null,
        base_stamp: null,
        newer_stamp: null,
      })
      noteStore.insertIntent(tx, intent, [
        { file_id, base_sha256: null, new_sha256: sha, content_sha256, removes_sha256: null, details_json },
      ])
      tx.audit(`note:${file_id}`, { state: 'deleted' }, { file: row.file_name, sha256: sha })
    })
    const rolled = await rollForward(deps, episode_id)
    return rolled.ok ? ok(null) : rolled
  } catch (error) {
    return vaultFailure(error, folderRow.vault_path)
  }
}
