import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { errorCode, type FileSystem } from '../storage/write-file.ts'
import { createMoveIfFree, type LoadMove, type MoveIfFree } from './move-if-free.ts'
import { look, stampOf } from './vault-folder.ts'

/** How a name is taken only while it is free. A disk offers all, or only the later ones. */
export type NameWay = 'link' | 'move' | 'copy'
/** `linked`: the old name stays; `moved`: it is gone; else a copy was made, whose `stampOf` it is, and the old one stays. */
export type Taken = 'linked' | 'moved' | { readonly copied: string }

/** On the real file system each is made at once: several of them are microseconds apart. */
export interface NameCalls {
  /** Replaces what stands at `to`: only for a name that nobody else has. */
  rename(from: string, to: string): unknown
  /** Null for what is missing or no plain file. */
  read(path: string): Promise<Buffer | null> | Buffer | null
  /**
   * The file at `from` gets the name `to`, which nobody else has: nothing is ever replaced. Throws EEXIST when somebody
   * else took the name, also in the middle. @param beforeCopy a kill from there on may leave the beginning of the file
   */
  take(from: string, to: string, beforeCopy?: () => void): Promise<Taken>
}
/** Loads what the calls need, so that they wait for nothing. */
export type LoadNameCalls = () => Promise<NameCalls>

interface Primitives extends Pick<NameCalls, 'rename' | 'read'> {
  link(from: string, to: string): unknown
  readonly move: MoveIfFree
  /** @returns its `stampOf` */
  create(path: string, bytes: Buffer): Promise<string> | string
}
const linksNotOffered: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])
/** Appending: what somebody writes into the new file before its text is there is kept, and the text stands behind it. */
const newFlags =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0)

export function createNameCalls(
  fs: FileSystem,
  { load = createMoveIfFree(), ways = ['link', 'move', 'copy'] }: { load?: LoadMove; ways?: readonly NameWay[] } = {},
): LoadNameCalls {
  return async () => {
    const move = await load()
    const calls = fs === nodeFs ? atOnce(move) : throughPort(fs, move)
    return {
      rename: calls.rename,
      read: calls.read,
      async take(from, to, beforeCopy) {
        if (ways.includes('link'))
          try {
            await calls.link(from, to)
            return 'linked'
          } catch (error) {
            if (!linksNotOffered.has(errorCode(error))) throw error
          }
        if (ways.includes('move') && (await calls.move(from, to)) === 'done') return 'moved'
        const bytes = await calls.read(from)
        if (bytes === null) throw Object.assign(new Error(`ENOENT: no file, ${from}`), { code: 'ENOENT' })
        beforeCopy?.()
        const copied = await calls.create(to, bytes)
        // A save in the very moment: what stands there is somebody else's, or somebody else's with this text behind it.
        const there = await calls.read(to)
        if (there === null || !there.equals(bytes))
          throw Object.assign(new Error(`EEXIST: saved meanwhile, ${to}`), { code: 'EEXIST' })
        return { copied }
      },
    }
  }
}

const atOnce = (move: MoveIfFree): Primitives => ({
  rename: renameSync,
  link: linkSync,
  move,
  read(path) {
    try {
      return lstatSync(path).isFile() ? readFileSync(path) : null
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null
      throw error
    }
  },
  create(path, bytes) {
    const file = openSync(path, newFlags, 0o644)
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      fsyncSync(file)
      return stampOf(fstatSync(file, { bigint: true }))
    } finally {
      closeSync(file)
    }
  },
})
const throughPort = (fs: FileSystem, move: MoveIfFree): Primitives => ({
  rename: (from, to) => fs.rename(from, to),
  link: (from, to) => fs.link(from, to),
  move,
  async read(path) {
    const there = await look(fs, path)
    return there.kind === 'file' ? there.bytes : null
  },
  async create(path, bytes) {
    const file = await fs.open(path, newFlags, 0o644)
    try {
      for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
      await file.sync()
      return stampOf(await file.stat({ bigint: true }))
    } finally {
      await file.close()
    }
  },
})
