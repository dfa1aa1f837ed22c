import { constants } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  errorCode,
  type FileSystem,
  renameWaiting,
  syncFolder,
  temporaryName,
  writeNewFile,
} from '../storage/write-file.ts'
import { sha256 } from './note-text.ts'

export interface Blobs {
  /** On the medium when it resolves. Rejects with the system's error. */
  put(bytes: Buffer): Promise<string>
  /** Null when it is gone or rotten. */
  get(sha: string): Promise<Buffer | null>
}

/** Texts by their hash under `<profile>/blobs/ab/<sha256>`; never changed once there. */
export function createBlobs(profilePath: string, fs: FileSystem, wait: (ms: number) => Promise<unknown>): Blobs {
  const root = join(profilePath, 'blobs')
  const pathOf = (sha: string): string => join(root, sha.slice(0, 2), sha)
  const get = async (sha: string): Promise<Buffer | null> => {
    try {
      const file = await fs.open(pathOf(sha), constants.O_RDONLY)
      try {
        const bytes = await file.readFile()
        return sha256(bytes) === sha ? bytes : null
      } finally {
        await file.close()
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null
      throw error
    }
  }
  return {
    get,
    async put(bytes) {
      const sha = sha256(bytes)
      if (await get(sha)) return sha
      const path = pathOf(sha)
      const folder = dirname(path)
      await makeFolders(fs, profilePath, ['blobs', sha.slice(0, 2)])
      const temporary = join(folder, temporaryName('blob'))
      await writeNewFile(temporary, bytes, { fs, mode: 0o600 })
      try {
        await renameWaiting(temporary, path, { fs, wait })
      } catch (error) {
        await fs.unlink(temporary).catch(() => {})
        throw error
      }
      await syncFolder(folder, fs)
      return sha
    },
  }
}

/** Makes what is missing under `root`, each name synced before something is put inside. */
export async function makeFolders(fs: FileSystem, root: string, names: readonly string[]): Promise<string> {
  let folder = root
  for (const name of names) {
    const parent = folder
    folder = join(folder, name)
    try {
      await fs.mkdir(folder, { mode: 0o700 })
      await syncFolder(parent, fs)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
  return folder
}
