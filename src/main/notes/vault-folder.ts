import { constants } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { WriteNotesFailure } from '../services.ts'
import { errorCode, type FileSystem, syncFolder } from '../storage/write-file.ts'
import { uniqueKey } from './names.ts'
import { sha256 } from './note-text.ts'

/** A folder in the vault, known by what it is and not by its name alone. */
export interface VaultFolder {
  readonly path: string
  /** Rejects with ELOOP when something else stands there now, e.g. a symlink swapped in. */
  check(): Promise<void>
}
export type Look =
  | { readonly kind: 'missing' }
  /** A symlink, folder, pipe or device. */
  | { readonly kind: 'special' }
  | {
      readonly kind: 'file'
      readonly sha256: string
      readonly bytes: Buffer
      readonly ino: bigint
      readonly dev: bigint
      readonly stamp: string
    }

/** No note is this large; a larger file is the user's. Bytes. */
const maxFileBytes = 32 * 1_048_576

/** One component of a path, and no way out of its folder. */
const isPart = (part: string): boolean => !['', '.', '..'].includes(part) && !/[/\0]/.test(part) && !part.includes(sep)

/**
 * A folder of notes, each part looked at by itself: no symlink is followed below the vault. A part that stands
 * on disk in another case or normalisation is taken as it stands.
 * @returns null when it is missing and `make` is false; the vault itself is never made
 */
export async function openVaultFolder(
  fs: FileSystem,
  vaultPath: string,
  parts: readonly string[],
  make: boolean,
): Promise<Result<VaultFolder | null, WriteNotesFailure>> {
  let root: string
  try {
    root = await fs.realpath(vaultPath)
    if (!(await fs.lstat(root)).isDirectory()) return pathRefused(vaultPath)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EIO', 'ENXIO', 'ENODEV', 'ESTALE', 'ENOTCONN'].includes(errorCode(error)))
      return vaultMissing(vaultPath)
    throw error
  }
  let path = root
  for (const part of parts) {
    if (!isPart(part)) return pathRefused(join(path, part))
    const found = await findPart(fs, path, part)
    if (found === null && !make) return ok(null)
    if (found === null) {
      await fs.mkdir(join(path, part), { mode: 0o755 }).catch(ignoring('EEXIST'))
      await syncFolder(path, fs)
    }
    path = join(path, found ?? part)
    if (!(await fs.lstat(path)).isDirectory()) return pathRefused(path)
  }
  const identity = await fs.lstat(path, { bigint: true })
  const real = await fs.realpath(path)
  if (real !== path && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return pathRefused(path)
  return ok({
    path,
    async check() {
      const now = await fs.lstat(path, { bigint: true })
      if (!now.isDirectory() || now.ino !== identity.ino || now.dev !== identity.dev)
        throw Object.assign(new Error(`ELOOP: not the folder it was, ${path}`), { code: 'ELOOP' })
    },
  })
}

async function findPart(fs: FileSystem, folder: string, part: string): Promise<string | null> {
  try {
    await fs.lstat(join(folder, part))
    return part
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const key = uniqueKey(part)
  return (await fs.readdir(folder)).find((name) => uniqueKey(name) === key) ?? null
}

/**
 * What stands at a name, without following or waiting: no symlink, and a pipe is never opened for good.
 * Rejects with EBUSY when the file is only a placeholder of a sync program.
 */
export async function look(fs: FileSystem, path: string): Promise<Look> {
  const before = await fs.lstat(path, { bigint: true }).catch(ignoring('ENOENT'))
  if (!before) {
    // iCloud leaves a stub of this name for a file that it took off this computer.
    const stub = await fs.lstat(join(dirname(path), `.${basename(path)}.icloud`)).catch(() => null)
    if (stub?.isFile()) throw notHere(path)
    return { kind: 'missing' }
  }
  if (!before.isFile() || before.size > maxFileBytes) return { kind: 'special' }
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await fs.open(path, flags).catch(ignoring('ENOENT', 'ELOOP'))
  if (!file) return look(fs, path)
  try {
    const stat = await file.stat({ bigint: true })
    const { ino, dev, size } = stat
    if (!(await file.stat()).isFile()) return { kind: 'special' }
    const bytes = await file.readFile()
    if (size > 0n && bytes.length === 0) throw notHere(path)
    return { kind: 'file', sha256: sha256(bytes), bytes, ino, dev, stamp: stampOf(stat) }
  } finally {
    await file.close()
  }
}

const notHere = (path: string): Error => Object.assign(new Error(`EBUSY: not here yet, ${path}`), { code: 'EBUSY' })

/** Null while it is being saved, and for what is no file. */
export async function shaAt(fs: FileSystem, path: string): Promise<string | null> {
  const there = await look(fs, path).catch(ignoring('EBUSY'))
  return there?.kind === 'file' ? there.sha256 : null
}

/** Bytes and mtime in nanoseconds: every save changes it. Rot does not. */
export const stampOf = ({ size, mtimeNs }: { size: bigint; mtimeNs: bigint }): string => `${size}@${mtimeNs}`

export const ignoring =
  (...codes: string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(errorCode(error))) throw error
  }

const vaultMissing = (path: string) =>
  fail(
    'vault-missing',
    `The notes folder ${path} is not there. The notes are made and kept; they are written when it is back.`,
    { retryable: true },
  )
/** An empty folder where notes were: the place where a disk is connected looks so while the disk is away. */
export const vaultEmptied = (path: string) =>
  fail(
    'vault-missing',
    `The notes folder ${path} is empty, though Inkwell wrote notes there: its disk may not be connected. The notes are made and kept; they are written when it is back. If you emptied it yourself, put any file into it.`,
    { retryable: true },
  )
const pathRefused = (path: string) =>
  fail(
    'path-refused',
    `${path} is a link or a file where Inkwell needs a folder. Nothing was written through it. Move it away; the notes are kept and written then.`,
    { retryable: true },
  )

/** What a system error means for the person whose vault it is; null for what is no failure of the vault. */
export function vaultFailure(error: unknown, vaultPath: string): Result<never, WriteNotesFailure> {
  const kept = 'The notes are made and kept; they are written when this is mended.'
  const code = errorCode(error)
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return fail('vault-full', `The disk of ${vaultPath} is full (${code}). ${kept}`, { retryable: true })
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return fail('vault-read-only', `Inkwell may not write in ${vaultPath} (${code}). ${kept}`, { retryable: true })
    case 'ENOENT':
    case 'ENXIO':
    case 'ENODEV':
    case 'ESTALE':
    case 'ENOTCONN':
      return vaultMissing(vaultPath)
    case 'ELOOP':
    case 'ENOTDIR':
    case 'EISDIR':
      return pathRefused(vaultPath)
    case '':
      throw error
    default:
      return fail('write-failed', `The notes could not be written to ${vaultPath} (${code}). ${kept}`, {
        retryable: true,
      })
  }
}
