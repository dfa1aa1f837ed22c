import { basename, dirname, join } from 'node:path'
import type { Clock, Ids } from '../ports.ts'
import { makeFolders } from '../storage/make-folders.ts'
import type { Storage } from '../storage/storage.ts'
import { type FileSystem, syncFolder } from '../storage/write-file.ts'
import { noteStore } from './store.ts'
import { ignoring, look } from './vault-folder.ts'
import { type KeptRow, versionStore } from './versions-store.ts'

/** Displaced files and where they lie: in the profile's keep/, or beside the note where that is another disk. */
export interface KeptFiles {
  /** The row first: a kill leaves a row without a file, which is forgotten, never a file without a row. */
  announce(target: string, kept: { fileId: string; sha256: string; newSha256: string | null }): KeptRow
  /** As it was, when a second look forgot it in the meantime. */
  announceAgain(row: KeptRow): void
  /** The displaced file holds what is safe elsewhere. Moves it into the profile; where that is another disk it stays. */
  settleIn(row: KeptRow, sha256: string): Promise<void>
  /** Null when it is gone. */
  read(row: KeptRow): Promise<Buffer | null>
  inProfile(row: KeptRow): boolean
  forget(row: KeptRow): Promise<void>
}

export const keepMs = 30 * 86_400_000

/** Obsidian leaves out what begins with a dot. */
export const keptName = (id: string): string => `.~inkwell-${id.slice(-12)}.keep`
export const isKeptName = (name: string): boolean => /^\.~inkwell-[0-9a-f]{12}\.keep$/.test(basename(name))

export function createKeptFiles(deps: {
  fs: FileSystem
  storage: Storage
  clock: Clock
  ids: Ids
  profilePath: string
}): KeptFiles {
  const { fs, storage, clock, ids, profilePath } = deps
  const profilePathOf = (row: KeptRow): string => join(profilePath, 'keep', row.id)
  const set = (row: KeptRow, changes: Parameters<typeof versionStore.updateKept>[2]): void =>
    storage.writeUnaudited((tx) => versionStore.updateKept(tx, row.id, changes))
  /** What is gone with its folder may come back with it: the row stays for as long. @throws ENOENT then */
  const mayBeAway = async (row: KeptRow): Promise<void> => {
    if (row.kept_path !== profilePathOf(row) && clock.now() - row.made_at_ms <= keepMs)
      await fs.lstat(dirname(row.target_path))
  }
  /** Where it may lie: after a kill, and after the folder was moved with it, elsewhere than its row says. */
  const placesOf = (row: KeptRow): ReadonlySet<string> =>
    new Set([row.kept_path, join(dirname(row.target_path), keptName(row.id)), profilePathOf(row)])
  const removeFile = async (row: KeptRow): Promise<void> => {
    for (const path of placesOf(row)) await fs.unlink(path).catch(ignoring('ENOENT', 'ENOTDIR'))
    await mayBeAway(row)
  }

  return {
    announce(target, { fileId, sha256, newSha256 }) {
      const id = ids.next()
      const row = {
        id,
        file_id: fileId,
        episode_id: noteStore.file(storage, fileId)!.episode_id,
        target_path: target,
        kept_path: join(dirname(target), keptName(id)),
        sha256,
        new_sha256: newSha256,
        made_at_ms: clock.now(),
      }
      storage.writeUnaudited((tx) => versionStore.insertKept(tx, row))
      return { ...row, checked_at_ms: null }
    },
    announceAgain: (row) =>
      storage.writeUnaudited((tx) => versionStore.insertKept(tx, { ...row, made_at_ms: clock.now() })),
    async settleIn(row, sha256) {
      const inProfile = profilePathOf(row)
      try {
        await makeFolders(profilePath, ['keep'], fs)
        // The row still names the old place when this is killed behind the rename: `read` looks at both.
        await fs.rename(row.kept_path, inProfile)
        await syncFolder(join(profilePath, 'keep'), fs)
        set(row, { kept_path: inProfile, sha256 })
      } catch {
        // Another disk, or no room there: it stays beside the note. That the exchange is done is said all the same.
        set(row, { new_sha256: null, sha256 })
      }
    },
    async read(row) {
      for (const path of placesOf(row)) {
        const kept = await look(fs, path)
        if (kept.kind === 'file') return kept.bytes
      }
      return null
    },
    inProfile: (row) => row.kept_path === profilePathOf(row),
    async forget(row) {
      await removeFile(row)
      storage.writeUnaudited((tx) => versionStore.deleteKept(tx, row.id))
    },
  }
}
