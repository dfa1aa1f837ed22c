import { hostname } from 'node:os'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import {
  type ProfilePointer,
  placePath,
  profileInUse,
  retire,
  revive,
  writePointer,
} from '../compose/profile-in-use.ts'
import { isFree, type Lease } from '../jobs/lease.ts'
import { openStorage, type Reader } from '../storage/storage.ts'
import { attempt } from './archive/failures.ts'
import type { BackupFs } from './archive/files.ts'
import type { BackupDeps } from './deps.ts'

export const jobsRunning = (reader: Reader, nowMs: number): number =>
  reader
    .all<Lease>("SELECT lease_owner, lease_host, lease_pid, lease_expires_at_ms FROM jobs WHERE state = 'running'")
    .filter((lease) => !isFree(lease, hostname(), nowMs)).length

export const refusedForJobs = (): Result<never, 'jobs-running'> =>
  fail(
    'jobs-running',
    'A job is running, and what it makes would go into the profile that is replaced. Nothing was changed. Wait for it or cancel it, and try again.',
    { retryable: true },
  )

/**
 * Uses another profile from the next start on. The one in use is retired first, so that no change can reach it unseen;
 * then the pointer is moved. Killed in between, the next start finds it in use and retired, and revives it.
 */
export async function switchTo(
  deps: Pick<BackupDeps, 'storage' | 'place' | 'clock'>,
  fs: BackupFs,
  to: { place: string; action: string; remark: string },
): Promise<Result<null>> {
  const { storage, place, clock } = deps
  const now = profileInUse(place.basePath)
  if (now.profilePath !== place.profilePath)
    return fail('replaced', 'Another Inkwell has switched to another profile meanwhile. Start Inkwell again.')
  if (jobsRunning(storage, clock.now()) > 0) return refusedForJobs()
  const { path, previous, older, forgetting } = now.pointer
  storage.write(to.action, (tx) => tx.audit('profile', { profile: path }, { profile: to.place, remark: to.remark }))
  retire(storage)
  const earlier = previous === null || previous === to.place ? older : [...older, previous]
  const pointer: Omit<ProfilePointer, 'schemaVersion'> = {
    path: to.place,
    previous: path,
    older: earlier.filter((one) => one !== to.place),
    forgetting,
    switchedAtMs: clock.now(),
  }
  const moved = await attempt('The profile in use is as it was.', () => writePointer(place.basePath, pointer, fs))
  // Whether it moved although an error came back decides which one must take changes.
  if (!moved.ok && profileInUse(place.basePath).profilePath === place.profilePath) {
    revive(storage)
    return moved
  }
  return ok(null)
}

/** Back to the profile from before. What was done in the one in use now stays in it. */
export async function switchToPrevious(deps: BackupDeps, fs: BackupFs): Promise<Result<null>> {
  const { basePath } = deps.place
  const { previous } = profileInUse(basePath).pointer
  if (previous === null) return fail('no-previous', 'No profile from before a restore is kept. Nothing was changed.')
  const opened = await openStorage(join(placePath(basePath, previous), 'inkwell.db'), {
    clock: deps.clock,
    origin: 'restore',
  })
  if (!opened.ok) return fail('previous-unreadable', `${opened.error.message} The profile in use is as it was.`)
  try {
    const switched = await switchTo(deps, fs, { place: previous, action: 'backup.switchBack', remark: 'switched back' })
    if (switched.ok) revive(opened.value)
    return switched
  } finally {
    opened.value.close()
  }
}

/** Deletes the profiles from before. Begun once, it is finished at a later start. */
export async function forgetProfiles(deps: BackupDeps, fs: BackupFs): Promise<Result<null>> {
  const { basePath } = deps.place
  const { pointer, problem } = profileInUse(basePath)
  const places = [...pointer.older, ...(pointer.previous === null ? [] : [pointer.previous])].filter(
    (one) => one !== pointer.path,
  )
  if (places.length === 0 || problem !== null)
    return fail('no-previous', 'No profile from before a restore is kept. Nothing was deleted.')
  deps.storage.write('backup.forgetPrevious', (tx) => tx.audit('profile', { profiles: places }, null))
  return attempt('What is left of it is deleted at a later start.', async () => {
    await writePointer(basePath, { ...pointer, previous: null, older: [], forgetting: places }, fs)
    await finishForgetting(basePath, fs)
    return null
  })
}

/** Of the base profile these go; logs, backups, what was set aside damaged and what Electron keeps there stay. */
const partsOfBase = [
  'ballast',
  'inkwell.lock',
  'inkwell.db',
  'inkwell.db-wal',
  'inkwell.db-shm',
  'blobs',
  'keep',
  'media',
  'artwork',
  'templates',
  'sweep',
  'profile-made.json',
  'trail-head',
  'recovery.json',
  'check-database',
]

export async function finishForgetting(basePath: string, fs: BackupFs): Promise<void> {
  const { pointer, problem } = profileInUse(basePath)
  if (problem !== null || pointer.forgetting.length === 0) return
  for (const place of pointer.forgetting) {
    if (place === pointer.path || place === pointer.previous) continue
    const folder = placePath(basePath, place)
    if (place !== '.') await fs.rm(folder, { recursive: true, force: true })
    else {
      const copies = (await fs.readdir(folder)).filter((name) => name.startsWith('inkwell.db.before-'))
      for (const name of [...partsOfBase, ...copies]) await fs.rm(join(folder, name), { recursive: true, force: true })
    }
  }
  await writePointer(basePath, { ...pointer, forgetting: [] }, fs)
}

/** All files of a folder, without following links. */
export async function bytesBelow(path: string, fs: BackupFs, leaveOut: ReadonlySet<string>): Promise<number> {
  const status = await fs.lstat(path).catch(() => null)
  if (!status?.isDirectory()) return status?.size ?? 0
  let bytes = 0
  for (const name of await fs.readdir(path))
    if (!leaveOut.has(name)) bytes += await bytesBelow(join(path, name), fs, new Set())
  return bytes
}
