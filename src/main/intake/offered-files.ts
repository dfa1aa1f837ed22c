import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { OfferedFile } from '#shared/contract/types.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { OfferedFiles } from '../services.ts'

export interface FileOffers extends OfferedFiles {
  /**
   * Makes tokens for files that a person dropped or chose. Regular files; links to them; folders, one level deep, without
   * hidden files. Pipes, devices and sockets are refused without being opened: opening a pipe waits for ever.
   */
  offer(paths: readonly string[]): Promise<Result<OfferedFile[], 'no-files'>>
}

const maxFilesPerOffer = 1_000

interface Found {
  readonly path: string
  readonly bytes: number
}

/** A link is followed to its end here, once: what is kept is the real path. */
async function regularFile(path: string, known?: Stats): Promise<Found | null> {
  const own = known ?? (await lstat(path))
  if (own.isFile()) return { path, bytes: own.size }
  if (!own.isSymbolicLink()) return null
  const target = await realpath(path)
  const found = await stat(target)
  return found.isFile() ? { path: target, bytes: found.size } : null
}

async function expand(path: string): Promise<{ files: Found[]; isFolder: boolean }> {
  const own = await lstat(path)
  const isFolder = own.isDirectory() || (own.isSymbolicLink() && (await stat(path)).isDirectory())
  if (!isFolder) {
    const file = await regularFile(path, own)
    return { files: file ? [file] : [], isFolder }
  }
  const files: Found[] = []
  for (const name of (await readdir(path)).sort()) {
    if (name.startsWith('.') || files.length >= maxFilesPerOffer) continue
    const file = await regularFile(join(path, name)).catch(() => null)
    if (file) files.push(file)
  }
  return { files, isFolder }
}

/** @param maxTokens the oldest are forgotten beyond this many */
export function createOfferedFiles({ maxTokens = 5_000 } = {}): FileOffers {
  const pathsByToken = new Map<string, string>()
  const tokenFor = (path: string): string => {
    const token = randomBytes(18).toString('base64url')
    pathsByToken.set(token, path)
    for (const oldest of pathsByToken.keys()) {
      if (pathsByToken.size <= maxTokens) break
      pathsByToken.delete(oldest)
    }
    return token
  }
  return {
    pathOf: (token) => pathsByToken.get(token) ?? null,
    async offer(paths) {
      const found: Found[] = []
      const refused: string[] = []
      for (const path of paths.slice(0, maxFilesPerOffer)) {
        const name = basename(path)
        try {
          const { files, isFolder } = await expand(path)
          found.push(...files)
          if (files.length === 0)
            refused.push(
              isFolder ? `“${name}” has no files in it.` : `“${name}” is not a file but a pipe, device or socket.`,
            )
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException
          refused.push(`“${name}” ${code === 'ENOENT' ? 'is no longer there' : `cannot be read (${code})`}.`)
        }
      }
      if (found.length === 0) return fail('no-files', refused.slice(0, 3).join(' ') || 'There is no file in it.')
      return ok(
        found
          .slice(0, maxFilesPerOffer)
          .map(({ path, bytes }) => ({ token: tokenFor(path), name: basename(path), bytes })),
      )
    },
  }
}
