import { basename, relative, sep } from 'node:path'
import { ok, type Result } from '#shared/result.ts'
import type { BackupFs } from './archive/files.ts'
import type { BackupDeps } from './deps.ts'
import type { OneAtATime } from './one-at-a-time.ts'
import { passphraseOf } from './sources.ts'
import { jobsRunning, refusedForJobs, switchTo } from './switching.ts'

/**
 * Makes a new profile of a backup, verifies it, and uses it from the next start on. The one in use is as it was until
 * then, and kept. @returns absolute path of the new profile
 */
export async function restoreBackup(
  deps: BackupDeps,
  fs: BackupFs,
  one: OneAtATime,
  source: { path: string; passphrase?: string | undefined; sha256: string | null },
): Promise<Result<string>> {
  const { storage, clock, place } = deps
  if (jobsRunning(storage, clock.now()) > 0) return refusedForJobs()
  const passphrase = await passphraseOf(deps, source.path, source.passphrase, fs)
  const extracted = await one.run({
    kind: 'extract',
    input: { path: source.path, passphrase, basePath: place.basePath, sha256: source.sha256, nowMs: clock.now() },
  })
  if (!extracted.ok) return extracted
  const { profilePath } = extracted.value
  const switched = await switchTo(deps, fs, {
    place: relative(place.basePath, profilePath).split(sep).join('/'),
    action: 'backup.restore',
    remark: basename(source.path),
  })
  if (switched.ok) return ok(profilePath)
  await fs.rm(profilePath, { recursive: true, force: true }).catch(() => {})
  return switched
}
