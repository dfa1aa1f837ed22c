import { join } from 'node:path'
import type { ChooseDeps } from './choose.ts'
import { isKnownKept, isLeftover, someAreOpen } from './inspect.ts'
import { isKeptName } from './kept-files.ts'
import { foldersNow } from './reading.ts'
import { type FolderRow, noteStore } from './store.ts'
import { ignoring, look } from './vault-folder.ts'
import { versionStore } from './versions-store.ts'

/** Removes what an ended write left where notes of an episode stand. A text that is nowhere else goes to history first. */
export async function sweepLeftovers(deps: ChooseDeps, folderRow: FolderRow): Promise<number> {
  const { fs, storage, blobs, clock, ids } = deps
  const rows = noteStore.files(storage, folderRow.id)
  const folderOf = foldersNow(deps, folderRow)
  let swept = 0
  for (const own of new Set([null, ...rows.map(({ own_folder }) => own_folder)])) {
    const folder = await folderOf({ own_folder: own })
    if (folder === null || folder === 'gone') continue
    const standing = rows.filter(({ own_folder }) => own_folder === own)
    const names = await fs.readdir(folder.path)
    // After the names: what a write puts there from now on is not among them.
    if (someAreOpen(storage, folderRow, standing)) continue
    for (const name of names) {
      const path = join(folder.path, name)
      if (!isLeftover(name) || isKnownKept(storage, path)) continue
      const there = await look(fs, path)
      if (there.kind !== 'file') continue
      const row = standing[0] ?? rows[0]
      // A displaced file may hold an edit of the user; a temporary one is always Inkwell's.
      if (isKeptName(name) && row) {
        await blobs.put(there.bytes)
        storage.write('notes.sweepLeftovers', (tx) => {
          versionStore.insertHistory(tx, ids.next(), row, there.sha256, clock.now())
          tx.audit(`episode:${folderRow.episode_id}`, { file: name }, { history: there.sha256 })
        })
      }
      await folder.check()
      await fs.unlink(path).catch(ignoring('ENOENT'))
      swept += 1
    }
  }
  return swept
}
