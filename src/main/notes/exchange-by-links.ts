import { linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode, type FileSystem, temporaryName, writeNewFile } from '../storage/write-file.ts'
import type { ExchangeDeps, Replace } from './exchange-by-swap.ts'
import { whileHeld } from './held.ts'
import { sha256 } from './note-text.ts'
import { ignoring, look, stampOf } from './vault-folder.ts'

interface Identity {
  readonly ino: bigint
  readonly dev: bigint
  readonly stamp: string
}
/** On the real file system made in one turn, some microseconds apart. */
interface Calls {
  rename(from: string, to: string): unknown
  link(from: string, to: string): unknown
  unlink(path: string): unknown
  lstat(path: string): Stat | Promise<Stat>
}
type Stat = Parameters<typeof stampOf>[0] & Pick<Identity, 'ino' | 'dev'>

const linksNotOffered: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

/**
 * Where names cannot be exchanged: whatever stands at the name is moved aside, looked at, and the new text takes the name
 * only while it is free. No step replaces anything, so that no save can be lost, at the price that the name is free for
 * some microseconds; killed just then, the next start gives it back.
 */
export function createExchangeByLinks({ fs, keeper, tag, wait }: ExchangeDeps): Replace {
  const calls = fs === nodeFs ? atOnce : throughPort(fs)
  const { files } = keeper
  let offered: boolean | undefined

  const hasLinks = async (temporary: string): Promise<boolean> => {
    try {
      const second = join(dirname(temporary), temporaryName(tag))
      await fs.link(temporary, second)
      await fs.unlink(second).catch(ignoring('ENOENT'))
      return true
    } catch (error) {
      if (linksNotOffered.has(errorCode(error))) return false
      throw error
    }
  }

  const shaAt = async (path: string): Promise<string | null> => {
    const there = await look(fs, path).catch(ignoring('EBUSY'))
    return there?.kind === 'file' ? there.sha256 : null
  }

  return async (folder, name, bytes, expectedSha, fileId) => {
    if (offered === false) return 'not-offered'
    const target = join(folder.path, name)
    const before = await look(fs, target)
    if (before.kind !== 'file' || before.sha256 !== expectedSha) return 'changed'
    const temporary = join(folder.path, temporaryName(tag))
    await folder.check()
    await writeNewFile(temporary, bytes, { fs })
    const replaceIt = async (): Promise<'changed' | 'not-offered' | { stamp: string }> => {
      const stamp = stampOf(await fs.lstat(temporary, { bigint: true }))
      offered ??= await hasLinks(temporary)
      if (!offered) return 'not-offered'
      const kept = files.announce(target, { fileId, sha256: expectedSha, newSha256: sha256(bytes) })
      const paths = { temporary, target, aside: kept.kept_path }
      let tries = 0
      const turn = async () => {
        if (tries++ > 0) {
          // A second look that was due while another program held the file has forgotten the row.
          files.announceAgain(kept)
          if ((await look(fs, paths.aside)).kind !== 'missing' && (await giveBack(calls, paths)) === 'overtaken')
            return 'overtaken'
        }
        await folder.check()
        return takeTurn(calls, paths, before)
      }
      try {
        const turned = await whileHeld(target, wait, turn)
        if (turned === 'changed') await files.forget(kept)
        // An edit that is aside, the name being taken by a later one, is left to the second look: that puts it beside.
        else if (turned === 'done' || (await shaAt(kept.kept_path)) === expectedSha)
          await files.settleIn(kept, expectedSha)
        return turned === 'done' ? { stamp } : 'changed'
      } catch (error) {
        // Still aside, because its name could not be given back: the row stays, and recovery does it.
        if ((await files.read(kept)) !== null) throw error
        await folder.check()
        await files.forget(kept)
        if (errorCode(error) === 'ENOENT') return 'changed'
        throw error
      }
    }
    try {
      const replaced = await replaceIt()
      // What cannot be taken away leaves the intent open: recovery does.
      await fs.unlink(temporary).catch(ignoring('ENOENT'))
      return replaced
    } catch (error) {
      await fs.unlink(temporary).catch(() => {})
      throw error
    }
  }
}

interface Paths {
  readonly temporary: string
  readonly target: string
  /** A name that nobody else has. */
  readonly aside: string
}

/** `overtaken`: somebody else took the name while it was free, and what stood there is aside. */
async function takeTurn(calls: Calls, paths: Paths, before: Identity): Promise<'done' | 'changed' | 'overtaken'> {
  const { temporary, target, aside } = paths
  await calls.rename(target, aside)
  let failed: unknown
  try {
    const now = await calls.lstat(aside)
    if (now.ino === before.ino && now.dev === before.dev && stampOf(now) === before.stamp) {
      await calls.link(temporary, target)
      return 'done'
    }
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return 'overtaken'
    failed = error
  }
  // A save of the last moment, or a disk that fails.
  const given = await giveBack(calls, paths)
  if (failed && given === 'changed') throw failed
  return given
}

/** What is aside gets its name again. */
async function giveBack(calls: Calls, { target, aside }: Paths): Promise<'changed' | 'overtaken'> {
  try {
    await calls.link(aside, target)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return 'overtaken'
    throw error
  }
  await calls.unlink(aside)
  return 'changed'
}

const atOnce: Calls = {
  rename: renameSync,
  link: linkSync,
  unlink: unlinkSync,
  lstat: (path) => lstatSync(path, { bigint: true }),
}
const throughPort = (fs: FileSystem): Calls => ({
  rename: (from, to) => fs.rename(from, to),
  link: (from, to) => fs.link(from, to),
  unlink: (path) => fs.unlink(path).catch(ignoring('ENOENT')),
  lstat: (path) => fs.lstat(path, { bigint: true }),
})
