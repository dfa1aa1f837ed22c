import { basename, dirname, join } from 'node:path'
import type { Backup } from '#shared/contract/backup.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { checkedWords } from '../kit/words.ts'
import { syncFolder } from '../storage/write-file.ts'
import { attempt } from './archive/failures.ts'
import type { BackupFs } from './archive/files.ts'
import type { Manifest } from './archive/manifest.ts'
import { passphraseSubject, readConfig } from './config.ts'
import type { BackupDeps } from './deps.ts'
import type { OneAtATime } from './one-at-a-time.ts'
import { dayOf } from './rotation.ts'
import { backupStore } from './store.ts'
import type { Written } from './write.ts'

export interface MakeOptions {
  readonly automatic: boolean
  readonly withMedia?: boolean | undefined
  /** Absolute; another place than the folder of backups. */
  readonly file?: string | undefined
  readonly passphrase?: string | undefined
}

/** What was wrong with the profile already: the backup holds it as it was. Null when nothing was. */
export function flawsOf({ flaws, leftOut }: Manifest): string | null {
  const parts = [
    flaws.length > 0
      ? `${flaws.length === 1 ? '1 row was' : `${flaws.length} rows were`} damaged already (${flaws[0]})`
      : '',
    leftOut.length > 0
      ? `${leftOut.length === 1 ? '1 file' : `${leftOut.length} files`} could not be read (${leftOut[0]!.path}: ${leftOut[0]!.reason})`
      : '',
  ].filter(Boolean)
  return parts.length > 0 ? `When it was made, ${parts.join(', and ')}.` : null
}

/** Makes a backup, verifies it, and enters it into the list. */
export async function makeBackup(
  deps: BackupDeps,
  fs: BackupFs,
  one: OneAtATime,
  options: MakeOptions,
): Promise<Result<Backup>> {
  const { storage, clock, place } = deps
  const config = readConfig(storage, place.basePath)
  const passphrase = await passphraseToUse(deps, config.encrypted, options.passphrase)
  if (!passphrase.ok) return passphrase
  if (config.ownFolder && options.file === undefined) {
    const folder = await attempt('No backup was made.', async () => {
      if ((await fs.mkdir(config.folder, { recursive: true, mode: 0o700 })) !== undefined)
        await syncFolder(dirname(config.folder), fs)
    })
    if (!folder.ok) return folder
  }
  const withMedia = options.withMedia ?? config.withMedia
  const made = await one.run({
    kind: 'write',
    input: {
      profilePath: place.profilePath,
      target: options.file === undefined ? { folder: config.folder } : { file: options.file },
      appVersion: deps.version,
      madeAtMs: clock.now(),
      automatic: options.automatic,
      withMedia,
      passphrase: passphrase.value,
      ...(deps.workFactor === undefined ? {} : { workFactor: deps.workFactor }),
    },
  })
  return made.ok ? ok(enter(deps, made.value, options.automatic, passphrase.value !== null)) : made
}

/** Never quietly without the encryption that was asked for. */
async function passphraseToUse(
  deps: BackupDeps,
  encrypted: boolean,
  typed: string | undefined,
): Promise<Result<string | null>> {
  if (typed !== undefined) return checkedWords(typed)
  if (!encrypted) return ok(null)
  const kept = await deps.credentials.get(passphraseSubject)
  if (kept.ok && kept.value !== null) return ok(kept.value)
  return fail(
    'needs-passphrase',
    kept.ok
      ? 'The passphrase of the backups is not in the keychain. No backup was made. Set the passphrase again, or turn encryption off.'
      : 'The keychain that holds the passphrase of the backups does not answer. No backup was made. Unlock it and try again.',
    { retryable: true },
  )
}

function enter({ storage, clock }: BackupDeps, made: Written, automatic: boolean, encrypted: boolean): Backup {
  const nowMs = clock.now()
  const { manifest } = made
  const row = {
    folder: dirname(made.path),
    file_name: basename(made.path),
    bytes: made.bytes,
    sha256: made.sha256,
    made_at_ms: manifest.madeAtMs,
    automatic: automatic ? 1 : 0,
    counts_json: JSON.stringify(manifest.counts),
    verified_at_ms: nowMs,
    problem: flawsOf(manifest),
  }
  storage.write('backup.create', (tx) => {
    backupStore.put(tx, row)
    backupStore.made(tx, dayOf(nowMs))
    tx.audit(`backup:${row.file_name}`, null, { bytes: made.bytes, sha256: made.sha256, automatic, encrypted })
  })
  return {
    fileName: row.file_name,
    bytes: made.bytes,
    madeAtMs: manifest.madeAtMs,
    automatic,
    encrypted,
    withMedia: manifest.withMedia,
    counts: manifest.counts,
    verifiedAtMs: nowMs,
    problem: row.problem,
  }
}

/** A file in the folder of backups goes for good. */
export async function removeBackup(deps: BackupDeps, fs: BackupFs, fileName: string): Promise<Result<null>> {
  const { folder } = readConfig(deps.storage, deps.place.basePath)
  const gone = await attempt('The backup was not removed.', async () => {
    await fs.unlink(join(folder, fileName))
    await syncFolder(folder, fs)
  })
  if (!gone.ok) return gone
  deps.storage.write('backup.remove', (tx) => {
    backupStore.remove(tx, folder, fileName)
    tx.audit(`backup:${fileName}`, { fileName }, null)
  })
  return ok(null)
}
