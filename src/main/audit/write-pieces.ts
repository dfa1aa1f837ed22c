import { constants } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type FileSystem, renameWaiting, syncFolder, temporaryName } from '../storage/write-file.ts'

/**
 * As writeFileAtomic, for what is too long to hold in memory: the file holds either all of the old bytes or all of the
 * new. Rejects with the system's error and leaves nothing beside it.
 */
export async function writePiecesAtomic(
  path: string,
  pieces: AsyncIterable<string>,
  fs: FileSystem = nodeFs,
): Promise<void> {
  const temporary = join(dirname(path), temporaryName('export'))
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
  try {
    const file = await fs.open(temporary, flags, 0o600)
    try {
      let size = 0
      for await (const piece of pieces) {
        const bytes = Buffer.from(piece, 'utf8')
        for (let written = 0; written < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, written, bytes.length - written, size + written)
          // A full disk may say so by a count of nothing, without an error.
          if (bytesWritten <= 0) throw Object.assign(new Error('ENOSPC: nothing was written'), { code: 'ENOSPC' })
          written += bytesWritten
        }
        size += bytes.length
      }
      if ((await file.stat()).size !== size)
        throw Object.assign(new Error('ENOSPC: the file is short'), { code: 'ENOSPC' })
      await file.sync()
    } finally {
      await file.close()
    }
    await renameWaiting(temporary, path, { fs })
  } catch (error) {
    await fs.unlink(temporary).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path), fs)
}
