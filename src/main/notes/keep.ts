import { constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock, Ids, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileHandle, type FileSystem, syncFolder, writeNewFile } from '../storage/write-file.ts'
import { makeFolders } from './blobs.ts'
import { besideName, dayOf } from './names.ts'
import { sha256 } from './note-text.ts'
import { type KeptRow, noteStore } from './store.ts'
import { ignoring, look, type VaultFolder } from './vault-folder.ts'

/**
 * Keeps a file that is about to be displaced: an editor that has it open goes on writing to the old one. It is looked
 * at again later, and what was written in the gap comes back as a file beside.
 */
export interface Keeper {
  /** Null when the file does not hold `expectedSha` (any more). */
  hold(
    folder: VaultFolder,
    name: string,
    expectedSha: string,
    fileId: string,
  ): Promise<{ release(): Promise<void> } | null>
  /** Looks at what is due: two seconds after it was displaced, and once more after 30 days, when it goes. */
  settle(): Promise<void>
  /** Whether something is not looked at yet. */
  pending(): boolean
  /** Lets go of open files. */
  close(): Promise<void>
}

export const settleAfterMs = 2_000
const keepMs = 30 * 86_400_000

export function createKeeper(deps: {
  fs: FileSystem
  storage: Storage
  clock: Clock
  ids: Ids
  log: Log
  profilePath: string
  onConflict: (episodeId: string) => void
}): Keeper {
  const { fs, storage, clock, ids, log, profilePath } = deps
  /** Where the disk has no hard links an open handle holds the displaced file, for as long as this process lives. */
  const openById = new Map<string, FileHandle>()

  const linkAside = async (target: string, id: string): Promise<string | null> => {
    const inProfile = join(await makeFolders(fs, profilePath, ['keep']), id)
    // Another disk than the profile's: beside the file, under a name that Obsidian leaves out.
    const inVault = join(dirname(target), `.~inkwell-${id.slice(-12)}.keep`)
    for (const aside of [inProfile, inVault])
      try {
        storage.writeUnaudited((tx) => tx.run('UPDATE note_kept SET kept_path = ? WHERE id = ?', [aside, id]))
        await fs.link(target, aside)
        return aside
      } catch (error) {
        if (!['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(errorCode(error)))
          throw error
      }
    return null
  }
  const forget = async (id: string, keptPath: string | null): Promise<void> => {
    await openById.get(id)?.close()
    openById.delete(id)
    if (keptPath !== null) await fs.unlink(keptPath).catch(ignoring('ENOENT'))
    storage.writeUnaudited((tx) => noteStore.deleteKept(tx, id))
  }
  const readKept = async (row: KeptRow): Promise<Buffer | null> => {
    const open = openById.get(row.id)
    if (open) {
      const { size } = await open.stat()
      const { buffer, bytesRead } = await open.read(Buffer.alloc(size), 0, size, 0)
      return buffer.subarray(0, bytesRead)
    }
    const kept = await look(fs, row.kept_path)
    return kept.kind === 'file' ? kept.bytes : null
  }

  /** The user's bytes, as a file of their own beside the note. */
  const saveConflict = async (row: KeptRow, bytes: Buffer): Promise<void> => {
    const folder = dirname(row.target_path)
    const day = dayOf(clock.now()) ?? ''
    for (let attempt = 1; ; attempt++) {
      const name = besideName(basename(row.target_path), 'edited', day, attempt)
      const there = await look(fs, join(folder, name))
      if (there.kind === 'file' && there.sha256 === sha256(bytes)) break
      if (there.kind !== 'missing') continue
      await writeNewFile(join(folder, name), bytes, { fs })
      await syncFolder(folder, fs)
      break
    }
    log.warn('notes.edit-while-writing', { file: row.target_path })
    deps.onConflict(row.episode_id)
  }

  const settleOne = async (row: KeptRow, nowMs: number): Promise<void> => {
    const bytes = await readKept(row)
    if (bytes === null) return forget(row.id, null)
    const sha = sha256(bytes)
    // Read back where it still stands at its name: then it was never displaced, and nothing is lost.
    if (sha !== row.sha256) {
      const current = await look(fs, row.target_path)
      if (current.kind !== 'file' || current.sha256 !== sha) await saveConflict(row, bytes)
    }
    const inProfile = row.kept_path.startsWith(join(profilePath, 'keep'))
    if (!inProfile || openById.has(row.id) || nowMs - row.made_at_ms > keepMs) return forget(row.id, row.kept_path)
    storage.writeUnaudited((tx) => noteStore.updateKept(tx, row.id, sha, nowMs))
  }

  return {
    async hold(folder, name, expectedSha, fileId) {
      const target = join(folder.path, name)
      const before = await look(fs, target)
      if (before.kind !== 'file' || before.sha256 !== expectedSha) return null
      const id = ids.next()
      // Before the link: a kill in between leaves a row without a file, which is forgotten, never a file without a row.
      storage.writeUnaudited((tx) =>
        noteStore.insertKept(tx, {
          id,
          file_id: fileId,
          episode_id: noteStore.file(storage, fileId)!.episode_id,
          target_path: target,
          kept_path: '',
          sha256: expectedSha,
          made_at_ms: clock.now(),
        }),
      )
      const aside = await linkAside(target, id)
      if (aside === null && process.platform !== 'win32')
        openById.set(id, await fs.open(target, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)))
      // An editor may have renamed its own file here since the first look: the one held must be the one that goes.
      const held = aside === null ? before : await look(fs, aside)
      const now = await look(fs, target)
      const same = [held, now].every(
        (file) =>
          file.kind === 'file' && file.ino === before.ino && file.dev === before.dev && file.sha256 === expectedSha,
      )
      if (same) return { release: () => forget(id, aside) }
      await forget(id, aside)
      return null
    },
    async settle() {
      const nowMs = clock.now()
      for (const row of noteStore.kept(storage)) {
        const due =
          row.checked_at_ms === null ? nowMs - row.made_at_ms >= settleAfterMs : nowMs - row.made_at_ms > keepMs
        if (!due) continue
        try {
          await settleOne(row, nowMs)
        } catch (error) {
          // The vault is away or full: looked at again next time.
          log.warn('notes.kept-not-settled', { file: row.target_path, code: errorCode(error) })
        }
      }
    },
    async close() {
      for (const file of openById.values()) await file.close()
      openById.clear()
    },
    pending: () => noteStore.kept(storage).some(({ checked_at_ms }) => checked_at_ms === null),
  }
}
