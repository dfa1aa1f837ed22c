import { join } from 'node:path'
import type { BackupStatus } from '#shared/contract/backup.ts'
import { placePath, profileInUse, restoredFolder, restoredMark } from '../compose/profile-in-use.ts'
import { errorCode } from '../storage/write-file.ts'
import type { BackupFs } from './archive/files.ts'
import { ownFolderOf, readConfig } from './config.ts'
import type { BackupDeps } from './deps.ts'
import { listBackups } from './listing.ts'
import { keepDefault } from './rotation.ts'
import { slotsOf } from './slots.ts'
import { backupStore } from './store.ts'
import { bytesBelow } from './switching.ts'

/** What health tells of backups. */
export interface BackupHealth {
  readonly automatic: boolean
  readonly folder: string
  readonly folderThere: boolean
  readonly sameDisk: boolean
  readonly newest: { fileName: string; madeAtMs: number; verifiedAtMs: number | null } | null
  /** The last one that was made there, when its file is there no more; not asked of a restored profile. */
  readonly gone: string | null
  /** Of the list, each with its file's name. */
  readonly problems: readonly { fileName: string; problem: string }[]
  /** Why the last automatic one was not made. */
  readonly lastProblem: { atMs: number; message: string } | null
  readonly previousPath: string | null
  /** Why another profile is in use than the pointer says. */
  readonly profileProblem: string | null
}

export async function statusOf(
  deps: BackupDeps,
  fs: BackupFs,
  now: { running: BackupStatus['running']; previous: PreviousProfile },
): Promise<BackupStatus> {
  const config = readConfig(deps.storage, deps.place.basePath)
  const backups = await listed(deps, fs, config.folder)
  const misses = backupStore.misses(deps.storage)
  return {
    folder: config.folder,
    sameDisk: await onSameDisk(deps.place.profilePath, config.folder, fs),
    automatic: config.automatic,
    encrypted: config.encrypted,
    withMedia: config.withMedia,
    keep: { ...keepDefault },
    slots: slotsOf({
      backups: backups.filter(isWhole),
      misses: new Map(misses.map(({ day, reason }) => [day, reason])),
      nowMs: deps.clock.now(),
      keep: keepDefault,
    }),
    lastProblem: lastProblem(deps, backups),
    previous: await now.previous(),
    running: now.running,
  }
}

const listed = async (deps: BackupDeps, fs: BackupFs, folder: string) => {
  const list = await listBackups(deps.storage, folder, fs)
  return list.state === 'read' ? list.backups : []
}

/** One that holds the damage of its profile is whole itself. */
const isWhole = ({ problem, verifiedAtMs }: { problem: string | null; verifiedAtMs: number | null }): boolean =>
  problem === null || verifiedAtMs !== null

/** A miss that a later backup has made good is no problem any more. */
function lastProblem(deps: BackupDeps, backups: readonly { madeAtMs: number }[]): BackupStatus['lastProblem'] {
  const miss = backupStore.misses(deps.storage).at(-1)
  if (!miss || backups.some(({ madeAtMs }) => madeAtMs > miss.at_ms)) return null
  return { atMs: miss.at_ms, message: miss.reason }
}

async function onSameDisk(profilePath: string, folder: string, fs: BackupFs): Promise<boolean> {
  try {
    const [profile, backups] = await Promise.all([fs.lstat(profilePath), fs.lstat(await fs.realpath(folder))])
    return profile.dev === backups.dev
  } catch {
    // Not there yet: the profile's own is made beside the database.
    return folder.startsWith(profilePath)
  }
}

export type PreviousProfile = () => Promise<BackupStatus['previous']>

/** A retired profile does not grow: it is measured once. */
export function createPreviousProfile(basePath: string, fs: BackupFs): PreviousProfile {
  let known: { switchedAtMs: number; bytes: number } | null = null
  return async () => {
    const { previous, switchedAtMs } = profileInUse(basePath).pointer
    if (previous === null) return null
    const path = placePath(basePath, previous)
    if (known?.switchedAtMs !== switchedAtMs) {
      const others = previous === '.' ? ['backups', restoredFolder, 'logs', 'quarantine'] : []
      known = { switchedAtMs, bytes: await bytesBelow(path, fs, new Set(others)) }
    }
    return { path, bytes: known.bytes, replacedAtMs: switchedAtMs }
  }
}

export async function healthOf(deps: BackupDeps, fs: BackupFs): Promise<BackupHealth> {
  const { basePath, profilePath } = deps.place
  const config = readConfig(deps.storage, basePath)
  const list = await listBackups(deps.storage, config.folder, fs)
  const backups = list.state === 'read' ? list.backups : []
  const good = backups.find(isWhole)
  const { pointer, problem } = profileInUse(basePath)
  const ownIsToCome = list.state === 'away' && list.code === 'ENOENT' && config.folder === ownFolderOf(basePath)
  return {
    automatic: config.automatic,
    folder: config.folder,
    // The profile's own folder is made with the first backup.
    folderThere: list.state === 'read' || ownIsToCome,
    sameDisk: await onSameDisk(profilePath, config.folder, fs),
    newest: good ? { fileName: good.fileName, madeAtMs: good.madeAtMs, verifiedAtMs: good.verifiedAtMs } : null,
    gone: list.state === 'read' || ownIsToCome ? await lastOneGone(deps, fs, config.folder) : null,
    problems: backups.flatMap((backup) =>
      backup.problem === null ? [] : [{ fileName: backup.fileName, problem: backup.problem }],
    ),
    lastProblem: lastProblem(deps, backups),
    previousPath: pointer.previous === null ? null : placePath(basePath, pointer.previous),
    profileProblem: deps.place.problem ?? problem,
  }
}

/** Older ones go by rotation; the newest never does. */
async function lastOneGone(deps: BackupDeps, fs: BackupFs, folder: string): Promise<string | null> {
  const rows = backupStore.rows(deps.storage, folder).sort((left, right) => right.made_at_ms - left.made_at_ms)
  const last = rows[0]?.file_name
  const { profilePath } = deps.place
  // What a restored profile knows of backups is as old as the backup it was made of.
  if (last === undefined || (await isThere(fs, join(profilePath, restoredMark)))) return null
  const names = [last, `${last}${setAsideSuffix}`]
  for (const name of names) if (await isThere(fs, join(folder, name))) return null
  return last
}

/** Of a damaged one that was set aside. */
export const setAsideSuffix = '.damaged'

const isThere = (fs: BackupFs, path: string): Promise<boolean> =>
  fs.lstat(path).then(
    () => true,
    (error) => errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR',
  )
