import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, type FileSystem } from './write-file.ts'

/** Of write-file.ts, and of the copies that migrations make. */
const own = /^\.~inkwell-[\w-]+-[0-9a-f]{12}\.tmp$|^inkwell\.db\.before-v\d+\.\d+\.tmp$/
const oldMs = 3_600_000
/** Where Inkwell writes whole files; never the notes folder, which has a sweep of its own. */
const folders = ['', 'templates', 'artwork', 'media', 'backups', 'blobs', 'keep', 'recovering'] as const

/**
 * Removes what killed processes left half written in the profile: files of our own naming, an hour old at least, so that
 * one that is being written now stays. @returns how many
 */
export async function sweepTemporaries(
  profilePath: string,
  { fs = nodeFs, nowMs }: { fs?: FileSystem; nowMs: number },
): Promise<number> {
  let swept = 0
  const sweep = async (folder: string): Promise<void> => {
    for (const name of await namesIn(fs, folder)) {
      const path = join(folder, name)
      if (!own.test(name)) continue
      try {
        if (nowMs - (await fs.lstat(path)).mtimeMs < oldMs) continue
        await fs.unlink(path)
        swept += 1
      } catch (error) {
        // Another process swept it, or holds it: next time.
        if (!['ENOENT', 'EBUSY', 'EPERM', 'EACCES'].includes(errorCode(error))) throw error
      }
    }
  }
  for (const name of folders) await sweep(join(profilePath, name))
  const blobs = join(profilePath, 'blobs')
  for (const name of await namesIn(fs, blobs)) if (/^[0-9a-f]{2}$/.test(name)) await sweep(join(blobs, name))
  return swept
}

async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return []
    throw error
  }
}
