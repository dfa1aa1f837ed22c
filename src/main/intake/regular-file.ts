import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

export interface OpenFile {
  readonly handle: FileHandle
  readonly bytes: number
  readonly modifiedAtMs: number
}

/**
 * Opens a regular file and nothing else. Between a look at a path and its opening another file may take its place: so a link
 * is not followed, a pipe does not wait (O_NONBLOCK), and the look is taken at what was opened. Null when it is not a file.
 * Throws what `open` throws.
 */
export async function openRegular(path: string): Promise<OpenFile | null> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
  const stats = await handle.stat()
  if (stats.isFile()) return { handle, bytes: stats.size, modifiedAtMs: stats.mtimeMs }
  await handle.close()
  return null
}

/** At most `length` bytes from the beginning. */
export async function readHead(handle: FileHandle, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
