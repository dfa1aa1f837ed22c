import { lstatSync, renameSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import type { FileSystem } from '../storage/write-file.ts'
import { ignoring } from './vault-folder.ts'

interface Identity {
  readonly ino: bigint
  readonly dev: bigint
}

/**
 * Renames over a file that is still the one it was. On the real file system look and rename are made in one turn, some
 * microseconds apart: where there are neither an exchange of names nor hard links, a save by rename in just that time is
 * lost.
 */
export async function renameIfSame(
  from: string,
  to: string,
  was: Identity,
  fs: FileSystem,
): Promise<'done' | 'changed'> {
  if (fs === nodeFs) {
    if (!isSame(lstatSync(to, { bigint: true, throwIfNoEntry: false }), was)) return 'changed'
    renameSync(from, to)
    return 'done'
  }
  if (!isSame(await fs.lstat(to, { bigint: true }).catch(ignoring('ENOENT')), was)) return 'changed'
  await fs.rename(from, to)
  return 'done'
}

const isSame = (now: Identity | undefined, was: Identity): boolean => now?.ino === was.ino && now.dev === was.dev
