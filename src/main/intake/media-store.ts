import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import { freeBytes as freeBytesOn } from '../storage/disk-room.ts'
import { errorCode, fullCodes, renameWaiting, syncFolder, writeNewFile } from '../storage/write-file.ts'
import { incomingName, mediaFolder } from './incoming.ts'
import { openRegular } from './regular-file.ts'

export interface StoredMedia {
  readonly sha256: string
  /** Relative to the profile. */
  readonly path: string
  readonly bytes: number
  /** The same content was here already. */
  readonly known: boolean
}
export type StoreMediaFailure = 'no-space' | 'media-unreadable'

/** Kept free for the rest of the system. */
export const reserveBytes = 500_000_000
const chunkBytes = 1_048_576

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

class GrewError extends Error {}

/** A file's bytes in pieces, hashed on the way. */
async function* hashed(from: FileHandle, maxBytes: number, hash: Hash): AsyncGenerator<Uint8Array> {
  for (let bytes = 0; ; ) {
    // A buffer of its own each time: the one before may still be on its way to the disk.
    const buffer = Buffer.allocUnsafe(chunkBytes)
    const { bytesRead } = await from.read(buffer, 0, chunkBytes, bytes)
    if (bytesRead === 0) return
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    bytes += bytesRead
    // A file that grows while it is read (a recording under way, a special file) must not fill the disk.
    if (bytes > maxBytes) throw new GrewError()
    yield chunk
  }
}

/**
 * Copies a recording to `<profile>/media/<sha256>.<extension>`. It is complete and on the disk (fsync of file and folder)
 * before the name exists, so whatever names it finds it whole.
 * @param freeBytes what the profile's disk has left, for tests
 */
export async function storeMedia(
  profilePath: string,
  sourcePath: string,
  extension: string,
  freeBytes: (path: string) => Promise<number> = freeBytesOn,
): Promise<Result<StoredMedia, StoreMediaFailure>> {
  const folder = mediaFolder(profilePath)
  const temporary = join(folder, incomingName())
  let source: Awaited<ReturnType<typeof openRegular>> = null
  try {
    // The folder's own name is flushed too, or a power cut forgets it with all that is in it.
    if (await mkdir(folder, { recursive: true, mode: 0o700 })) await syncFolder(profilePath)
    source = await openRegular(sourcePath)
    if (!source) return fail('media-unreadable', 'It is not a file.')
    const room = (await freeBytes(folder)) - reserveBytes
    if (source.bytes > room)
      return fail(
        'no-space',
        `There is not enough room on the disk: the recording has ${gigabytes(source.bytes)}, and ${gigabytes(Math.max(0, room))} can be used (${gigabytes(reserveBytes)} stay free). Nothing was copied.`,
        { retryable: true },
      )
    const hash = createHash('sha256')
    const maxBytes = Math.min(room, source.bytes + 64 * chunkBytes)
    await writeNewFile(temporary, hashed(source.handle, maxBytes, hash), { mode: 0o600 })
    const { size: bytes } = await stat(temporary)
    const sha256 = hash.digest('hex')
    const name = `${sha256}.${extension}`
    const known = await stat(join(folder, name)).then(
      (found) => found.size === bytes,
      () => false,
    )
    if (known) await rm(temporary, { force: true })
    else {
      await renameWaiting(temporary, join(folder, name))
      await syncFolder(folder)
    }
    return ok({ sha256, path: `media/${name}`, bytes, known })
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    if (error instanceof GrewError)
      return fail('media-unreadable', 'The file grew while it was read. Try again when it is finished.', {
        retryable: true,
      })
    const code = errorCode(error)
    if (fullCodes.has(code))
      return fail('no-space', 'The disk is full. Nothing was kept of the copy; the recording is where it was.', {
        retryable: true,
      })
    return fail('media-unreadable', `The recording cannot be read (${code || 'unknown'}).`, { retryable: true })
  } finally {
    await source?.handle.close()
  }
}
