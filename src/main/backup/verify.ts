import { basename, dirname } from 'node:path'
import type { Backup } from '#shared/contract/backup.ts'
import { ok, type Result } from '#shared/result.ts'
import type { BackupFs } from './archive/files.ts'
import { readConfig } from './config.ts'
import type { BackupDeps } from './deps.ts'
import type { Inspected } from './inspect.ts'
import { flawsOf } from './make.ts'
import type { OneAtATime } from './one-at-a-time.ts'
import { passphraseOf, pathOf, type Source } from './sources.ts'
import { backupStore } from './store.ts'

/** Reads all of a backup and compares; what came of it is kept with the list where it is one of the list. */
export async function verifyBackup(
  deps: BackupDeps,
  fs: BackupFs,
  one: OneAtATime,
  source: Source,
): Promise<Result<{ backup: Backup; inspected: Inspected }>> {
  const path = pathOf(deps, source)
  if (!path.ok) return path
  const passphrase = await passphraseOf(deps, path.value, source.passphrase, fs)
  const inspected = await one.run({
    kind: 'inspect',
    input: { path: path.value, passphrase, profilePath: deps.place.profilePath },
  })
  if (!inspected.ok) {
    if (inspected.error.code === 'damaged') noteDamage(deps, path.value, inspected.error.message)
    return inspected
  }
  const { header, manifest, bytes, sha256 } = inspected.value
  const nowMs = deps.clock.now()
  const problem = flawsOf(manifest)
  const fileName = basename(path.value)
  if (isOfList(deps, path.value))
    deps.storage.writeUnaudited((tx) =>
      backupStore.put(tx, {
        folder: dirname(path.value),
        file_name: fileName,
        bytes,
        sha256,
        made_at_ms: manifest.madeAtMs,
        automatic: header.automatic ? 1 : 0,
        counts_json: JSON.stringify(manifest.counts),
        verified_at_ms: nowMs,
        problem,
      }),
    )
  const backup: Backup = {
    fileName,
    bytes,
    madeAtMs: manifest.madeAtMs,
    automatic: header.automatic,
    encrypted: header.encryption === 'age',
    withMedia: header.media,
    counts: manifest.counts,
    verifiedAtMs: nowMs,
    problem,
  }
  return ok({ backup, inspected: inspected.value })
}

const isOfList = ({ storage, place }: BackupDeps, path: string): boolean =>
  dirname(path) === readConfig(storage, place.basePath).folder

/** The rotation must not take it for a good one any more. */
function noteDamage(deps: BackupDeps, path: string, problem: string): void {
  const row = backupStore.rows(deps.storage, dirname(path)).find(({ file_name }) => file_name === basename(path))
  if (row && isOfList(deps, path))
    deps.storage.writeUnaudited((tx) => backupStore.put(tx, { ...row, verified_at_ms: null, problem }))
}
