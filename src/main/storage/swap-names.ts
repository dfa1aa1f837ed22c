import { constants } from 'node:os'

/**
 * Two names of one folder change what they stand for, at one instant: neither is ever absent, and what a name stood for
 * is whole under the other one. `not-offered` where the system or the file system has no such call; nothing was changed
 * then. Rejects with the system's error.
 */
export type SwapNames = (one: string, other: string) => Promise<'done' | 'not-offered'>

type Call = (one: string, other: string, ended: (error: Error | null, result: number) => void) => void
interface Native {
  readonly call: Call
  /** Of the call that ended last. */
  readonly errno: () => number
}

const currentFolder = -100 // AT_FDCWD; the paths are absolute
const exchange = 2 // RENAME_EXCHANGE of renameat2(2) and RENAME_SWAP of renamex_np(2)

/** File systems without it say so in different words: FUSE EINVAL, others the rest; EXDEV is what overlays say. */
const notOffered: ReadonlySet<number> = new Set(
  [constants.errno.EINVAL, constants.errno.ENOSYS, constants.errno.ENOTSUP, constants.errno.EOPNOTSUPP].concat(
    constants.errno.EXDEV,
  ),
)

/** The system's own call on Linux and macOS; Windows has none. Loaded at the first use, so that no start waits for it. */
export function createSwapNames(platform: NodeJS.Platform = process.platform): SwapNames {
  let loading: Promise<Native | null> | undefined
  return async (one, other) => {
    loading ??= load(platform)
    const native = await loading
    if (native === null) return 'not-offered'
    return new Promise((resolve, reject) => {
      native.call(one, other, (error, result) => {
        if (error) return reject(error)
        if (result === 0) return resolve('done')
        const errno = native.errno()
        if (notOffered.has(errno)) return resolve('not-offered')
        const code = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `E${errno}`
        reject(Object.assign(new Error(`${code}: swap ${one} and ${other}`), { code, errno: -errno }))
      })
    })
  }
}

/** Null where the library or the call is missing: every caller has a way without it. */
async function load(platform: NodeJS.Platform): Promise<Native | null> {
  if (platform !== 'linux' && platform !== 'darwin') return null
  try {
    const { default: koffi } = await import('koffi')
    const system = koffi.load(null)
    if (platform === 'linux') {
      const renameat2 = system.func('int renameat2(int, const char *, int, const char *, unsigned int)')
      return {
        call: (one, other, ended) => renameat2.async(currentFolder, one, currentFolder, other, exchange, ended),
        errno: koffi.errno,
      }
    }
    const renamexNp = system.func('int renamex_np(const char *, const char *, unsigned int)')
    return { call: (one, other, ended) => renamexNp.async(one, other, exchange, ended), errno: koffi.errno }
  } catch {
    return null
  }
}

/** For file systems without the call, and for tests of what is done there. */
export const swapNotOffered: SwapNames = async () => 'not-offered'
