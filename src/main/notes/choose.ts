import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Ids } from '../ports.ts'
import type { WriteNotesFailure } from '../services.ts'
import { createExchange } from './exchange.ts'
import { folderNow } from './reading.ts'
import { type RollForwardDeps, rollForward } from './roll-forward.ts'
import { type FileRow, noteStore } from './store.ts'
import { look, vaultFailure } from './vault-folder.ts'
import { versionStore } from './versions-store.ts'

export type ChooseFailure =
  | WriteNotesFailure
  | 'note-missing'
  | 'no-newer-text'
  | 'changed-meanwhile'
  | 'not-deleted'
  | 'text-lost'
  | 'note-unreadable'
export type ChooseDeps = RollForwardDeps & { readonly ids: Ids }

export const noNewer = fail('no-newer-text', 'No newer text stands beside this note any more. Yours is untouched.')
export const vaultGone = fail(
  'vault-missing',
  'The notes folder is not there. Nothing was changed. Connect its disk and try again.',
  {
    retryable: true,
  },
)

/** The user's text stays; the newer one goes, unless it was edited too: then it is the user's and only forgotten. */
export async function keepMine(deps: ChooseDeps, row: FileRow): Promise<Result<null, ChooseFailure>> {
  const { storage, ids } = deps
  if (row.newer_file_name === null || row.newer_sha256 === null) return noNewer
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  const folder = await folderNow(deps, folderRow, row)
  if (folder === 'gone') return vaultGone
  try {
    if (folder) {
      const exchange = createExchange({ ...deps, tag: ids.next().slice(-12) })
      await exchange.remove(folder, row.newer_file_name, row.newer_sha256, row.id)
    }
  } catch (error) {
    return vaultFailure(error, folderRow.vault_path)
  }
  storage.write('notes.keepMine', (tx) => {
    // content_sha256 stays that of the refused text: the same is not offered again.
    noteStore.putFile(tx, {
      ...row,
      newer_file_name: null,
      newer_sha256: null,
      newer_details_json: null,
      newer_stamp: null,
    })
    tx.audit(`note:${row.id}`, { newer: row.newer_file_name, sha256: row.newer_sha256 }, { newer: null })
  })
  return ok(null)
}

/** The user's text goes to history first; then the newer one takes its place by an intent, as every write. */
export async function takeNew(deps: ChooseDeps, row: FileRow): Promise<Result<null, ChooseFailure>> {
  const { fs, storage, blobs, clock, ids } = deps
  if (row.newer_file_name === null || row.newer_details_json === null) return noNewer
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  const folder = await folderNow(deps, folderRow, row)
  if (folder === 'gone') return vaultGone
  if (folder === null) return noNewer
  try {
    const mine = await look(fs, join(folder.path, row.file_name))
    const newer = await look(fs, join(folder.path, row.newer_file_name))
    if (newer.kind !== 'file') return noNewer
    if (mine.kind === 'special')
      return fail('path-refused', `${row.file_name} is not a plain file. Nothing was changed.`)
    const mineSha = mine.kind === 'file' ? await blobs.put(mine.bytes) : null
    const newSha = await blobs.put(newer.bytes)
    const intentId = ids.next()
    storage.write('notes.takeNew', (tx) => {
      if (mineSha) versionStore.insertHistory(tx, ids.next(), row, mineSha, clock.now())
      const { folder_id, episode_id, run_id } = row
      noteStore.insertIntent(
        tx,
        { id: intentId, episode_id, folder_id, run_id, action: 'take', made_at_ms: clock.now() },
        [
          {
            file_id: row.id,
            base_sha256: mineSha,
            new_sha256: newSha,
            content_sha256: row.content_sha256 ?? newSha,
            removes_sha256: newSha,
            details_json: row.newer_details_json!,
          },
        ],
      )
      tx.audit(`note:${row.id}`, { sha256: mineSha }, { sha256: newSha })
    })
    const rolled = await rollForward(deps, row.episode_id)
    if (!rolled.ok) return rolled
    return rolled.value.get(row.id)?.outcome === 'written'
      ? ok(null)
      : fail(
          'changed-meanwhile',
          'The note was changed just now. Both texts are untouched. Look at them and try again.',
          {
            retryable: true,
          },
        )
  } catch (error) {
    return vaultFailure(error, folderRow.vault_path)
  }
}
