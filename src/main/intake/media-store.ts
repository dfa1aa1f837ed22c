import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
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

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; NTFS journals its names itself.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function copyHashed(
  from: FileHandle,
  to: FileHandle,
  maxBytes: number,
): Promise<{ sha256: string; bytes: number } | null> {
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(chunkBytes)
  let bytes = 0
  for (;;) {
    const { bytesRead } = await from.read(buffer, 0, chunkBytes, bytes)
    if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes }
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    bytes += bytesRead
    // A file that grows while it is read (a recording under way, a special file) must not fill the disk.
    if (bytes > maxBytes) return null
    await to.writeFile(chunk)
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
  freeBytes: (path: string) => Promise<number> = async (path) => {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  },
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
    const target = await open(temporary, 'wx', 0o600)
    let copied: { sha256: string; bytes: number } | null
    try {
      copied = await copyHashed(source.handle, target, Math.min(room, source.bytes + 64 * chunkBytes))
      if (copied) await target.sync()
    } finally {
      await target.close()
    }
    if (!copied) {
      await rm(temporary, { force: true })
      return fail('media-unreadable', 'The file grew while it was read. Try again when it is finished.', {
        retryable: true,
      })
    }
    const name = `${copied.sha256}.${extension}`
    const known = await stat(join(folder, name)).then(
      (found) => found.size === copied.bytes,
      () => false,
    )
    if (known) await rm(temporary, { force: true })
    else {
      await rename(temporary, join(folder, name))
      await syncFolder(folder)
    }
    return ok({ sha256: copied.sha256, path: `media/${name}`, bytes: copied.bytes, known })
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT')
      return fail('no-space', 'The disk is full. Nothing was kept of the copy; the recording is where it was.', {
        retryable: true,
      })
    return fail('media-unreadable', `The recording cannot be read (${code ?? 'unknown'}).`, { retryable: true })
  } finally {
    await source?.handle.close()
  }
}
