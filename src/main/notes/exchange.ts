import { join } from 'node:path'
import { errorCode, syncFolder, temporaryName, writeNewFile } from '../storage/write-file.ts'
import { createExchangeByLinks } from './exchange-by-links.ts'
import { createExchangeBySwap, type ExchangeDeps, type Stamped } from './exchange-by-swap.ts'
import { whileHeld } from './held.ts'
import { renameIfSame } from './rename-if-same.ts'
import { ignoring, look, stampOf, type VaultFolder } from './vault-folder.ts'

export interface Exchange {
  /** A file where none stands. `exists` when one was made in the meantime. */
  place(folder: VaultFolder, name: string, bytes: Buffer, beforePlaceholder: () => void): Promise<Stamped | 'exists'>
  /** New bytes for a file that holds `expectedSha`. `changed` when it held something else: then it stands as it was. */
  replace(
    folder: VaultFolder,
    name: string,
    bytes: Buffer,
    expectedSha: string,
    fileId: string,
  ): Promise<Stamped | 'changed'>
  /** Takes away a file that holds `expectedSha`; its bytes are in blobs. */
  remove(folder: VaultFolder, name: string, expectedSha: string, fileId: string): Promise<'done' | 'changed'>
  /** Removes what a killed process left of this run. */
  sweep(folder: VaultFolder): Promise<void>
}
const linksNotOffered: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

export function createExchange(deps: ExchangeDeps): Exchange {
  const { fs, keeper, tag, wait } = deps
  const ways = [createExchangeBySwap(deps), createExchangeByLinks(deps)]

  const withTemporary = async <Value>(
    folder: VaultFolder,
    bytes: Buffer,
    use: (temporary: string, stamp: string) => Promise<Value>,
  ): Promise<Value> => {
    const temporary = join(folder.path, temporaryName(tag))
    await folder.check()
    await writeNewFile(temporary, bytes, { fs })
    try {
      const used = await use(temporary, stampOf(await fs.lstat(temporary, { bigint: true })))
      // Gone already when it was renamed. What cannot be taken away leaves the intent open: recovery does.
      await fs.unlink(temporary).catch(ignoring('ENOENT'))
      return used
    } catch (error) {
      await fs.unlink(temporary).catch(() => {})
      throw error
    }
  }
  /** An empty file of ours holds the name, so that the rename can hit nobody else's. */
  const placeWithoutLinks = async (
    temporary: string,
    target: string,
    beforePlaceholder: () => void,
  ): Promise<'done' | 'exists'> => {
    beforePlaceholder()
    try {
      await writeNewFile(target, '', { fs })
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return 'exists'
      throw error
    }
    await whileHeld(target, wait, () => fs.rename(temporary, target))
    return 'done'
  }
  /** The way where there are no hard links either: an editor that renames its own file in between the look and the rename loses it. */
  const replaceByRename: Exchange['replace'] = (folder, name, bytes, expectedSha, fileId) =>
    withTemporary(folder, bytes, async (temporary, stamp) => {
      const target = join(folder.path, name)
      const kept = await keeper.hold(folder, name, expectedSha, fileId)
      if (kept === null) return 'changed'
      await folder.check()
      const renamed = await whileHeld(target, wait, () => renameIfSame(temporary, target, kept, fs)).catch(
        async (error: unknown) => {
          await kept.release()
          throw error
        },
      )
      if (renamed === 'done') return { stamp }
      await kept.release()
      return 'changed'
    })

  return {
    place: (folder, name, bytes, beforePlaceholder) =>
      withTemporary(folder, bytes, async (temporary, stamp) => {
        const target = join(folder.path, name)
        await folder.check()
        try {
          // Fails when the name is taken, where rename would replace.
          await fs.link(temporary, target)
          return { stamp }
        } catch (error) {
          if (errorCode(error) === 'EEXIST') return 'exists'
          if (!linksNotOffered.has(errorCode(error))) throw error
        }
        return (await placeWithoutLinks(temporary, target, beforePlaceholder)) === 'done' ? { stamp } : 'exists'
      }),
    async replace(...replacement) {
      for (const way of ways) {
        const replaced = await way(...replacement)
        if (replaced !== 'not-offered') return replaced
      }
      return replaceByRename(...replacement)
    },
    async remove(folder, name, expectedSha, fileId) {
      const target = join(folder.path, name)
      if ((await look(fs, target)).kind === 'missing') return 'done'
      const kept = await keeper.hold(folder, name, expectedSha, fileId)
      if (kept === null) return 'changed'
      await folder.check()
      await fs.unlink(target).catch(ignoring('ENOENT'))
      await syncFolder(folder.path, fs)
      return 'done'
    },
    async sweep(folder) {
      await folder.check()
      for (const name of await fs.readdir(folder.path))
        if (name.startsWith(`.~inkwell-${tag}-`) && name.endsWith('.tmp'))
          await fs.unlink(join(folder.path, name)).catch(ignoring('ENOENT'))
    },
  }
}
