import { join } from 'node:path'
import { createExchangeBySwap, type ExchangeDeps, type Stamped } from './exchange-by-swap.ts'
import { createExchangeByTaking } from './exchange-by-taking.ts'
import { ignoring, type VaultFolder } from './vault-folder.ts'

export interface Exchange {
  /**
   * A file where none stands. `exists` when one was made in the meantime.
   * @param beforeCopy told where a kill may leave the beginning of the file at its name
   */
  place(folder: VaultFolder, name: string, bytes: Buffer, beforeCopy: () => void): Promise<Stamped | 'exists'>
  /** New bytes for a file that holds `expectedSha`. `changed` when it held something else: then it stands as it was. */
  replace(
    folder: VaultFolder,
    name: string,
    bytes: Buffer,
    expectedSha: string,
    fileId: string,
    beforeCopy: () => void,
  ): Promise<Stamped | 'changed'>
  /** Takes away a file that holds `expectedSha`, for 30 days. */
  remove(folder: VaultFolder, name: string, expectedSha: string, fileId: string): Promise<'done' | 'changed'>
  /** Removes what a killed process left of this run. */
  sweep(folder: VaultFolder): Promise<void>
}

export function createExchange(deps: ExchangeDeps): Exchange {
  const { fs, tag } = deps
  const replaceBySwap = createExchangeBySwap(deps)
  const byTaking = createExchangeByTaking(deps)
  return {
    ...byTaking,
    async replace(folder, name, bytes, expectedSha, fileId, beforeCopy) {
      const replaced = await replaceBySwap(folder, name, bytes, expectedSha, fileId)
      return replaced === 'not-offered'
        ? byTaking.replace(folder, name, bytes, expectedSha, fileId, beforeCopy)
        : replaced
    },
    async sweep(folder) {
      await folder.check()
      for (const name of await fs.readdir(folder.path))
        if (name.startsWith(`.~inkwell-${tag}-`) && name.endsWith('.tmp'))
          await fs.unlink(join(folder.path, name)).catch(ignoring('ENOENT'))
    },
  }
}
