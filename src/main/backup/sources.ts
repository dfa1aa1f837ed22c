import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { BackupFs } from './archive/files.ts'
import { isBackupName } from './archive/format.ts'
import { peekHeader } from './archive/frame.ts'
import { passphraseSubject, readConfig } from './config.ts'
import type { BackupDeps } from './deps.ts'

/** A backup of the list, a file that was chosen, or, without a window, a path. */
export interface Source {
  readonly fileName?: string | undefined
  readonly token?: string | undefined
  readonly path?: string | undefined
  readonly passphrase?: string | undefined
}

export function pathOf(deps: BackupDeps, source: Source): Result<string, 'no-such-backup'> {
  const { folder } = readConfig(deps.storage, deps.place.basePath)
  const path =
    source.path ??
    (source.token === undefined ? null : deps.offeredFiles.pathOf(source.token)) ??
    (source.fileName !== undefined && isBackupName(source.fileName) ? join(folder, source.fileName) : null)
  return path === null ? fail('no-such-backup', 'That backup is not in the list any more. Choose it again.') : ok(path)
}

/**
 * The words that open a backup: those that were typed, else those in the keychain under the profile it was made of.
 * Null where there are none, or none are needed.
 */
export async function passphraseOf(
  deps: Pick<BackupDeps, 'credentialsOf'>,
  path: string,
  typed: string | undefined,
  fs: BackupFs,
): Promise<string | null> {
  if (typed !== undefined) return typed
  const header = await peekHeader(path, fs).catch(() => null)
  if (header?.encryption !== 'age') return null
  const kept = await deps.credentialsOf(header.profile).get(passphraseSubject)
  return kept.ok ? kept.value : null
}
