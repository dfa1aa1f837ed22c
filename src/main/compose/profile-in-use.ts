import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { z } from 'zod'
import type { Storage } from '../storage/storage.ts'
import { type FileSystem, writeFileAtomic } from '../storage/write-file.ts'

const Place = z.string().regex(/^(?:\.|restored\/[0-9A-Za-z-]{1,40})$/)
/** Which folder below the base profile is in use. Without the file it is the base profile itself, `.`. */
const Pointer = z.object({
  schemaVersion: z.literal(1),
  path: Place,
  previous: Place.nullable(),
  /** Ones from before that, when there were several restores. */
  older: z.array(Place).default([]),
  /** Being deleted: finished at the next start. */
  forgetting: z.array(Place).default([]),
  switchedAtMs: z.number().int(),
})
/** Over the pointer itself; the first ones had none. */
const SealedPointer = Pointer.extend({ sha256: z.string().optional() })
export type ProfilePointer = z.infer<typeof Pointer>
export interface ProfileInUse {
  /** Absolute. */
  readonly basePath: string
  /** Absolute: what holds database, templates, blobs and recordings. */
  readonly profilePath: string
  readonly pointer: ProfilePointer
  /** Why another profile is in use than the pointer names, in words; null while all is well. */
  readonly problem: string | null
}

export const restoredFolder = 'restored'
/** In a restored profile: that it is complete, and where it came from. */
export const restoredMark = 'restored.json'
export const pointerName = 'current-profile.json'
const base: ProfilePointer = { schemaVersion: 1, path: '.', previous: null, older: [], forgetting: [], switchedAtMs: 0 }

/** Never throws: a pointer that is damaged or leads nowhere must not keep anybody from their data. */
export function profileInUse(basePath: string): ProfileInUse {
  const read = readPointer(basePath)
  if (read === null) return { basePath, profilePath: basePath, pointer: base, problem: null }
  if (typeof read !== 'string') {
    const { pointer, fits } = read
    const profilePath = placePath(basePath, pointer.path)
    if (pointer.path === '.' || isProfile(basePath, profilePath))
      return fits
        ? { basePath, profilePath, pointer, problem: null }
        : {
            basePath,
            profilePath,
            // What else it names is not believed: profiles are deleted by it.
            pointer: { ...base, path: pointer.path },
            problem: `${pointerName} is not as it was written. The profile that it names, in ${profilePath}, is in use; nothing was changed.`,
          }
  }
  const why = typeof read === 'string' ? read : `it names ${read.pointer.path}, which is no profile`
  const fallback = fallbackOf(basePath)
  return {
    basePath,
    profilePath: placePath(basePath, fallback),
    pointer: { ...base, path: fallback },
    problem: `${pointerName} cannot be followed (${why}). The profile in ${placePath(basePath, fallback)} is in use; nothing was changed.`,
  }
}

/** Null when there is none, words when it cannot be used. */
function readPointer(basePath: string): { pointer: ProfilePointer; fits: boolean } | string | null {
  let text: string
  try {
    text = readFileSync(join(basePath, pointerName), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : `it cannot be read, ${code}`
  }
  try {
    const read = SealedPointer.safeParse(JSON.parse(text))
    if (!read.success) return 'it is not as Inkwell writes it'
    const { sha256, ...pointer } = read.data
    return { pointer, fits: sha256 === undefined || sha256 === sumOf(pointer) }
  } catch {
    return 'it is damaged'
  }
}

/** The fields in one order, however they were given. */
const sumOf = (pointer: ProfilePointer): string =>
  createHash('sha256')
    .update(JSON.stringify(Pointer.parse(pointer)))
    .digest('hex')

export const placePath = (basePath: string, place: string): string =>
  place === '.' ? basePath : join(basePath, ...place.split('/'))

/** A folder with a database, itself below the base: a link could lead anywhere. */
function isProfile(basePath: string, path: string): boolean {
  try {
    return (
      hasDatabase(path) && realpathSync(path).startsWith(realpathSync(basePath) + sep) && lstatSync(path).isDirectory()
    )
  } catch {
    return false
  }
}

/** One that is being brought back has none for a moment; it is not lost. */
const hasDatabase = (path: string): boolean =>
  existsSync(join(path, 'recovery.json')) ||
  (lstatSync(join(path, 'inkwell.db'), { throwIfNoEntry: false })?.isFile() ?? false)

/** The base profile; where its database was deleted after a restore, the newest restored one that is complete. */
function fallbackOf(basePath: string): string {
  if (hasDatabase(basePath)) return '.'
  try {
    const newest = readdirSync(join(basePath, restoredFolder))
      .filter((name) => Place.safeParse(`${restoredFolder}/${name}`).success)
      .filter((name) => existsSync(join(basePath, restoredFolder, name, restoredMark)))
      .sort()
      .findLast((name) => isProfile(basePath, join(basePath, restoredFolder, name)))
    return newest ? `${restoredFolder}/${newest}` : '.'
  } catch {
    return '.'
  }
}

export const writePointer = (
  basePath: string,
  pointer: Omit<ProfilePointer, 'schemaVersion'>,
  fs?: FileSystem,
): Promise<void> => {
  const whole = { schemaVersion: 1 as const, ...pointer }
  return writeFileAtomic(
    join(basePath, pointerName),
    `${JSON.stringify({ ...whole, sha256: sumOf(whole) })}\n`,
    fs ? { fs } : {},
  )
}

export const replacedMessage = 'This profile was replaced by a restore'

/**
 * From now on no change is taken by this profile: another process that still has it open must not go on writing where
 * nobody will look. Every change has its audit row, so that one trigger is enough.
 */
export const retire = (storage: Pick<Storage, 'writeUnaudited'>): void =>
  storage.writeUnaudited(
    (tx) =>
      void tx.run(
        `CREATE TRIGGER IF NOT EXISTS profile_replaced BEFORE INSERT ON audit
         BEGIN SELECT RAISE(ABORT, '${replacedMessage}'); END`,
      ),
  )
export const revive = (storage: Pick<Storage, 'writeUnaudited'>): void =>
  storage.writeUnaudited((tx) => void tx.run('DROP TRIGGER IF EXISTS profile_replaced'))

export const isRetired = (storage: Pick<Storage, 'get'>): boolean =>
  storage.get("SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = 'profile_replaced'") !== undefined

/**
 * A profile that is in use and retired was left so by a process that was killed before it could move the pointer, or that
 * is about to. @returns false when the pointer moved meanwhile: the profile must be looked up again
 */
export async function reviveWhenInUse(
  place: ProfileInUse,
  storage: Pick<Storage, 'get' | 'writeUnaudited'>,
  wait: (ms: number) => Promise<unknown>,
): Promise<boolean> {
  for (let waitedMs = 0; isRetired(storage); waitedMs += 100) {
    if (profileInUse(place.basePath).profilePath !== place.profilePath) return false
    if (waitedMs >= 2_000) {
      revive(storage)
      break
    }
    await wait(100)
  }
  return true
}
