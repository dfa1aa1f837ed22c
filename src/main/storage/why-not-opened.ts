import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { NoDatabaseFile } from './recovery/damage.ts'
import { sqliteTrouble } from './sqlite-errors.ts'
import { type StorageFailure, whyNotOpened } from './storage.ts'
import { errorCode, fullCodes } from './write-file.ts'

type Why = [StorageFailure, string, { retryable: boolean }]
const unreadable = (words: string): Why => ['database-unreadable', words, { retryable: true }]

/** Code and words for a profile that could not be opened: what happened, what was kept, what to do. */
export function whyProfileNotOpened(profilePath: string, error: unknown): Why {
  if (error instanceof NoDatabaseFile) return unreadable(error.message)
  if (fullCodes.has(errorCode(error)))
    return unreadable(
      'The disk is full: the profile cannot be opened. Nothing is lost. Free some space, then open Inkwell again.',
    )
  const isOfRights = rights.has(errorCode(error)) || sqliteTrouble(error) === 'refused'
  const words = isOfRights ? whyNotWritable(profilePath) : null
  return words === null ? whyNotOpened(error) : unreadable(words)
}

const rights: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM', 'EEXIST', 'ENOTDIR', 'ENOENT'])

/** Null when that is not it. */
function whyNotWritable(profilePath: string): string | null {
  const path = nearest(profilePath)
  if (!statSync(path).isDirectory())
    return `There is a file where the profile’s folder should be: ${path}. Nothing was changed. Move it away, or choose another profile, then open Inkwell again.`
  try {
    accessSync(path, constants.W_OK)
    return null
  } catch (error) {
    return errorCode(error) === 'EROFS'
      ? `The disk with the profile can only be read: ${path}. Nothing was changed, and all that is on it is kept. Make the disk writable, or copy the profile to one that is, then open Inkwell again.`
      : `Inkwell may not write to the profile’s folder: ${path}. Nothing was changed, and all that is in it is kept. Let your user write there, or choose another profile, then open Inkwell again.`
  }
}

/** The folder, or what of the way to it there is. */
function nearest(path: string): string {
  if (path === dirname(path) || statSync(path, { throwIfNoEntry: false })) return path
  return nearest(dirname(path))
}
