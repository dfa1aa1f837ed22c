import { readFile, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { fail, ok, type Result } from '#shared/result.ts'
import {
  errorCode,
  type FileSystem,
  renameWaiting,
  syncFolder,
  temporaryName,
  writeNewFile,
} from '../storage/write-file.ts'
import type { KitContent } from './content.ts'
import type { SealedFiles } from './sealed-file.ts'

export type WriteKitFailure = 'write-failed' | 'not-verified' | 'not-enough-memory'

/**
 * Encrypts, writes beside its place, reads that back from disk, decrypts it with the words, compares it secret by secret;
 * only then does it get its name, so that an older kit of the same name is never lost to one that does not open.
 */
export async function writeKit(
  path: string,
  content: KitContent,
  words: string,
  { files, fs }: { files: SealedFiles; fs?: FileSystem | undefined },
): Promise<Result<null, WriteKitFailure>> {
  const sealed = await files.seal(content, words)
  if (!sealed.ok) return sealed
  const temporary = join(dirname(path), temporaryName('kit'))
  const options = fs ? { fs } : {}
  try {
    await writeNewFile(temporary, sealed.value, { ...options, mode: 0o600 })
    const opened = await files.open(await readFile(temporary, 'latin1'), words)
    if (!opened.ok || !isDeepStrictEqual(opened.value, content)) {
      await unlink(temporary)
      return fail(
        'not-verified',
        'What was written does not open as it should, so it is no recovery kit and was taken away. An older kit of that name is still there. The disk may be failing: choose another one.',
      )
    }
    await renameWaiting(temporary, path, options)
    await syncFolder(dirname(path), fs)
    return ok(null)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    return fail(
      'write-failed',
      `${basename(path)} could not be written (${errorCode(error) || (error as Error).message}). No kit was made; an older one of that name is still there. Choose another place.`,
    )
  }
}
