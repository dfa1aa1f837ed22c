import { constants } from 'node:fs'
import { join } from 'node:path'
import { makeFolders } from '../storage/make-folders.ts'
import { type FileSystem, writeFileAtomic } from '../storage/write-file.ts'
import { sha256 } from './note-text.ts'
import { ignoring } from './vault-folder.ts'

export interface Blobs {
  /** On the medium when it resolves. Rejects with the system's error. */
  put(bytes: Buffer): Promise<string>
  /** Null when it is gone or rotten. */
  get(sha: string): Promise<Buffer | null>
  /** Bytes; null when it is gone. */
  size(sha: string): Promise<number | null>
}

const hash = /^[0-9a-f]{64}$/

/** Texts by their hash under `<profile>/blobs/ab/<sha256>`; never changed once there. */
export function createBlobs(profilePath: string, fs: FileSystem, wait: (ms: number) => Promise<unknown>): Blobs {
  const root = join(profilePath, 'blobs')
  const pathOf = (sha: string): string => join(root, sha.slice(0, 2), sha)
  /** @param renew tells a sweep that it is wanted again, before a row says so */
  const read = async (sha: string, renew: boolean): Promise<Buffer | null> => {
    if (!hash.test(sha)) return null
    // A pipe that stands there must not be waited for.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
    const file = await fs.open(pathOf(sha), flags).catch(ignoring('ENOENT'))
    if (!file) return null
    try {
      const bytes = await file.readFile()
      if (sha256(bytes) !== sha) return null
      if (renew) await file.utimes(new Date(), new Date())
      return bytes
    } finally {
      await file.close()
    }
  }

  return {
    get: (sha) => read(sha, false),
    async put(bytes) {
      const sha = sha256(bytes)
      // One that cannot be renewed is written anew.
      if (await read(sha, true).catch(ignoring('EPERM', 'EACCES', 'EROFS'))) return sha
      await makeFolders(profilePath, ['blobs', sha.slice(0, 2)], fs)
      await writeFileAtomic(pathOf(sha), bytes, { fs, wait, mode: 0o600 })
      return sha
    },
    async size(sha) {
      if (!hash.test(sha)) return null
      return (await fs.lstat(pathOf(sha)).catch(ignoring('ENOENT')))?.size ?? null
    },
  }
}
