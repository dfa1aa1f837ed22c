import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The calls through which files that matter are changed; tests pass one that fails or kills at the n-th. */
export type FileSystem = Pick<
  typeof nodeFs,
  'open' | 'rename' | 'link' | 'unlink' | 'mkdir' | 'lstat' | 'readdir' | 'realpath'
>
export type FileHandle = nodeFs.FileHandle
export interface WriteOptions {
  readonly fs?: FileSystem
  readonly wait?: (ms: number) => Promise<unknown>
  /** Permission bits of a new file. */
  readonly mode?: number
  /** Asked once when the disk is full: whether space was freed where `path` is, so that it is tried again. */
  readonly makeRoom?: (path: string) => boolean
}
/** All at once, or in pieces where it is too long to hold in memory. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array | string>

export const errorCode = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? ''

/** Obsidian and most sync programs leave out what begins with a dot. */
export const temporaryName = (tag: string): string => `.~inkwell-${tag}-${randomBytes(6).toString('hex')}.tmp`

/**
 * The file holds either all of the old bytes or all of the new, also after a power cut; when this resolves the new ones
 * are on the medium. A symlink at `path` is replaced, never followed. Rejects with the system's error (ENOSPC, EROFS,
 * EACCES …): the old file is then whole and nothing is left beside it.
 */
export async function writeFileAtomic(path: string, content: Content, options: WriteOptions = {}): Promise<void> {
  const { fs = nodeFs, wait = sleep } = options
  const folder = dirname(path)
  const temporary = join(folder, temporaryName('file'))
  await writeNewFile(temporary, content, options)
  try {
    await renameWaiting(temporary, path, { fs, wait })
  } catch (error) {
    await fs.unlink(temporary).catch(() => {})
    throw error
  }
  await syncFolder(folder, fs)
}

/** Makes a file that was not there, whole and synced; removes what it began when that fails. */
export async function writeNewFile(path: string, content: Content, options: WriteOptions = {}): Promise<void> {
  try {
    await writeOnce(path, content, options)
  } catch (error) {
    const isAgain = typeof content === 'string' || content instanceof Uint8Array
    if (!fullCodes.has(errorCode(error)) || !isAgain || !options.makeRoom?.(path)) throw error
    await writeOnce(path, content, options)
  }
}

async function writeOnce(path: string, content: Content, { fs = nodeFs, mode = 0o644 }: WriteOptions): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
  const file = await fs.open(path, flags, mode)
  try {
    try {
      let length = 0
      for await (const piece of piecesOf(content)) {
        const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece
        await writeAll(file, bytes, length)
        length += bytes.length
      }
      // A disk that is nearly full may take fewer bytes than it says: a short file must never be renamed into place.
      const { size } = await file.stat()
      if (size !== length) throw shortWrite(path, size, length)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    await fs.unlink(path).catch(() => {})
    throw error
  }
}

const piecesOf = (content: Content): AsyncIterable<Uint8Array | string> | readonly (Uint8Array | string)[] =>
  typeof content === 'string' || content instanceof Uint8Array ? [content] : content

/** One `write` may take only a part; its count decides, not the absence of an error. */
async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let offset = 0
  while (offset < bytes.length) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset, at + offset)
    if (bytesWritten <= 0) throw shortWrite('file', at + offset, at + bytes.length)
    offset += bytesWritten
  }
}

const shortWrite = (path: string, written: number, expected: number): NodeJS.ErrnoException =>
  Object.assign(new Error(`ENOSPC: ${written} of ${expected} bytes written, ${path}`), { code: 'ENOSPC' })

/** The disk is full, or this user's part of it. */
export const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])
const heldCodes: ReadonlySet<string> = new Set(['EPERM', 'EBUSY', 'EACCES'])
const longestWaitMs = 10_000

/**
 * Virus scanners and sync clients on Windows hold files for a moment: waits 10, 20 … 640 ms, then each second, 10 s in
 * all. Never deletes the target first, so that a crash cannot leave nothing.
 */
export async function renameWaiting(
  from: string,
  to: string,
  { fs = nodeFs, wait = sleep }: WriteOptions = {},
): Promise<void> {
  let waitedMs = 0
  for (let delayMs = 10; ; delayMs = Math.min(delayMs * 2, 1_000)) {
    try {
      return await fs.rename(from, to)
    } catch (error) {
      if (!heldCodes.has(errorCode(error)) || waitedMs >= longestWaitMs) throw error
    }
    await wait(delayMs)
    waitedMs += delayMs
  }
}

const folderSyncNotOffered: ReadonlySet<string> = new Set(
  process.platform === 'win32'
    ? ['EPERM', 'EISDIR', 'EACCES', 'EINVAL', 'ENOTSUP', 'ENOSYS']
    : ['EINVAL', 'ENOTSUP', 'ENOSYS'],
)

/** Makes names in a folder durable: without it a power cut may forget a rename. */
export async function syncFolder(path: string, fs: FileSystem = nodeFs): Promise<void> {
  try {
    const folder = await fs.open(path, constants.O_RDONLY)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    if (!folderSyncNotOffered.has(errorCode(error))) throw error
  }
}

/** Makes the folders `names`, one in the other, that are missing under `root`; each name is synced before it is used. */
export async function makeFolders(
  root: string,
  names: readonly string[],
  { fs = nodeFs, mode = 0o700 }: WriteOptions = {},
): Promise<string> {
  let folder = root
  for (const name of names) {
    const parent = folder
    folder = join(folder, name)
    try {
      await fs.mkdir(folder, { mode })
      await syncFolder(parent, fs)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
  return folder
}
