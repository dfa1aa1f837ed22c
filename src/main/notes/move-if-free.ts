import { lstatSync } from 'node:fs'
import { constants } from 'node:os'
import { toNamespacedPath } from 'node:path'

/**
 * A file gets another name on the same disk, only while that is free. `not-offered` where the system or the file system
 * has no such call; nothing was changed then. Throws the system's error, EEXIST when the name is taken.
 */
type Moved = 'done' | 'not-offered'
export type MoveIfFree = (from: string, to: string) => Moved | Promise<Moved>
/** Loads the system's library once, so that the call itself waits for nothing. */
export type LoadMove = () => Promise<MoveIfFree>

const currentFolder = -100 // AT_FDCWD; the paths are absolute
const noReplace = 1 // RENAME_NOREPLACE of renameat2(2)
const exclusive = 4 // RENAME_EXCL of renamex_np(2)
const writeThrough = 8 // MOVEFILE_WRITE_THROUGH of MoveFileExW; without MOVEFILE_REPLACE_EXISTING

const notOffered: ReadonlySet<number> = new Set([
  constants.errno.EINVAL,
  constants.errno.ENOSYS,
  constants.errno.ENOTSUP,
  constants.errno.EOPNOTSUPP,
])
/** What Windows' errors are called elsewhere (winerror.h). */
const windowsCodes: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  3: 'ENOENT',
  5: 'EACCES',
  17: 'EXDEV',
  32: 'EBUSY',
  33: 'EBUSY',
  39: 'ENOSPC',
  80: 'EEXIST',
  112: 'ENOSPC',
  183: 'EEXIST',
}

export const moveNotOffered: LoadMove = async () => () => 'not-offered'

/** The system's own call: renameat2 on Linux, renamex_np on macOS, MoveFileExW on Windows. */
export function createMoveIfFree(platform: NodeJS.Platform = process.platform): LoadMove {
  let loading: Promise<MoveIfFree> | undefined
  return () => {
    loading ??= load(platform).catch(() => moveNotOffered())
    return loading
  }
}

async function load(platform: NodeJS.Platform): Promise<MoveIfFree> {
  if (platform !== 'linux' && platform !== 'darwin' && platform !== 'win32') return moveNotOffered()
  const { default: koffi } = await import('koffi')
  if (platform === 'win32') {
    const kernel = koffi.load('kernel32.dll')
    const move = kernel.func('int __stdcall MoveFileExW(str16, str16, uint32)')
    const lastError = kernel.func('uint32 __stdcall GetLastError()')
    return (from, to) => {
      if (move(toNamespacedPath(from), toNamespacedPath(to), writeThrough) !== 0) return 'done'
      const code = windowsCodes[lastError()]
      // Whatever the runtime made of the last error meanwhile: a name that is taken is taken.
      throw systemError(lstatSync(to, { throwIfNoEntry: false }) ? 'EEXIST' : (code ?? 'EIO'), from, to)
    }
  }
  const system = koffi.load(null)
  const call =
    platform === 'linux'
      ? system.func('int renameat2(int, const char *, int, const char *, unsigned int)')
      : system.func('int renamex_np(const char *, const char *, unsigned int)')
  return (from, to) => {
    const result =
      platform === 'linux' ? call(currentFolder, from, currentFolder, to, noReplace) : call(from, to, exclusive)
    if (result === 0) return 'done'
    const errno = koffi.errno()
    if (notOffered.has(errno)) return 'not-offered'
    const code = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0]
    throw systemError(code ?? `E${errno}`, from, to)
  }
}

const systemError = (code: string, from: string, to: string): Error =>
  Object.assign(new Error(`${code}: move ${from} to ${to}`), { code })
