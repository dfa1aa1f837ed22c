import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, type FileSystem, syncFolder } from './write-file.ts'

/**
 * Makes what is missing under `root`, each name synced before something is put inside. The folders are the owner's alone.
 * @returns the innermost
 */
export async function makeFolders(root: string, names: readonly string[], fs: FileSystem = nodeFs): Promise<string> {
  let folder = root
  for (const name of names) {
    const parent = folder
    folder = join(folder, name)
    try {
      await fs.mkdir(folder, { mode: 0o700 })
      await syncFolder(parent, fs)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
  return folder
}
