import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { Backup, BackupStatus, RestorePlan } from '#shared/contract/backup.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { profileInUse, restoredFolder } from '../compose/profile-in-use.ts'
import { checkedWords } from '../kit/words.ts'
import { systemFs } from './archive/files.ts'
import { isBackupName } from './archive/format.ts'
import { passphraseSubject, readConfig, writeConfig } from './config.ts'
import { createDaily } from './daily.ts'
import type { BackupDeps } from './deps.ts'
import { rememberFolder } from './good-copies.ts'
import { listBackups } from './listing.ts'
import { type MakeOptions, makeBackup, removeBackup } from './make.ts'
import { createOneAtATime } from './one-at-a-time.ts'
import { planOf } from './plan.ts'
import { restoreBackup } from './restore.ts'
import { pathOf, type Source } from './sources.ts'
import { sweepPassing } from './staging.ts'
import { type BackupHealth, createPreviousProfile, healthOf, statusOf } from './status.ts'
import { finishForgetting, forgetProfiles, switchToPrevious } from './switching.ts'
import { verifyBackup } from './verify.ts'

export type BackupService = ReturnType<typeof createBackupService>
/** For the answer to reach the page first. */
const relaunchMs = 500
const maxPlans = 20

export function createBackupService(deps: BackupDeps) {
  const { storage, events, place, clock, desktop } = deps
  const fs = deps.fs ?? systemFs
  const one = createOneAtATime({ ...deps, fs })
  const previous = createPreviousProfile(place.basePath, fs)
  const config = () => readConfig(storage, place.basePath)
  const changed = (): void => events.emit('backup.changed', {})
  /** SHA-256 of the file by token. */
  const plans = new Map<string, string>()
  const status = (): Promise<BackupStatus> => statusOf(deps, fs, { running: one.running(), previous })
  const make = async (options: MakeOptions): Promise<Result<Backup>> => {
    const made = await makeBackup(deps, fs, one, options)
    if (made.ok) changed()
    return made
  }
  const daily = createDaily(
    deps,
    fs,
    () => make({ automatic: true }),
    () => one.running() !== null,
  )
  let relaunching = false
  const relaunch = (): boolean => {
    if (desktop === null) return false
    if (relaunching) return true
    relaunching = true
    setTimeout(() => desktop.relaunch(), relaunchMs)
    return true
  }
  const afterChange = async (result: Result<unknown>): Promise<Result<BackupStatus>> => {
    changed()
    return result.ok ? ok(await status()) : result
  }

  return {
    place,
    status,
    async list(): Promise<Result<Backup[]>> {
      const { folder, ownFolder } = config()
      const listed = await listBackups(storage, folder, fs)
      if (listed.state === 'read') return ok(listed.backups)
      // Inkwell's own folder is made with the first backup.
      if (ownFolder && listed.code === 'ENOENT') return ok([])
      return fail(
        'folder-missing',
        `The folder of backups ${folder} is not there (${listed.code}). Plug its disk in, or choose another folder.`,
        { retryable: true },
      )
    },
    create: (options: Omit<MakeOptions, 'automatic'> = {}) => make({ ...options, automatic: false }),
    cancel: one.cancel,
    set(change: { automatic?: boolean | undefined; withMedia?: boolean | undefined }): Promise<Result<BackupStatus>> {
      const values = Object.entries(change).filter(
        (entry): entry is ['automatic' | 'withMedia', boolean] => entry[1] !== undefined,
      )
      if (values.length > 0)
        storage.write('backup.set', (tx) => {
          for (const [name, value] of values) writeConfig(tx, name, value, clock.now())
        })
      return afterChange(ok(null))
    },
    async chooseFolder(): Promise<Result<BackupStatus | null>> {
      if (!desktop) return fail('not-available', 'Only the app can choose a folder.')
      const path = await desktop.chooseFolder('Choose a folder for backups')
      if (path === null) return ok(null)
      storage.write('backup.chooseFolder', (tx) => writeConfig(tx, 'folder', path, clock.now()))
      // Only a hint for the day on which the database cannot be read.
      await rememberFolder(place.basePath, path, fs).catch((error: unknown) => {
        deps.log.warn('backup.folder-not-remembered', { error })
      })
      return afterChange(ok(null))
    },
    /** Into the keychain, nowhere else: without one the backups could not be made by themselves. */
    async setPassphrase(typed: string | null): Promise<Result<BackupStatus>> {
      const words = typed === null ? null : await checkedWords(typed)
      if (words && !words.ok) return words
      const kept = words
        ? await deps.credentials.set(passphraseSubject, words.value, 'keychain')
        : await deps.credentials.delete(passphraseSubject)
      if (!kept.ok) return kept
      storage.write('backup.setPassphrase', (tx) => writeConfig(tx, 'encrypted', words !== null, clock.now()))
      return afterChange(ok(null))
    },
    async chooseFile(): Promise<Result<{ token: string; name: string } | null>> {
      if (!desktop) return fail('not-available', 'Only the app can choose a file.')
      const [path] = await desktop.chooseFiles('Choose a backup', ['inkwell-backup'])
      if (path === undefined) return ok(null)
      const offered = await deps.offeredFiles.offer([path])
      if (!offered.ok) return offered
      const file = offered.value[0]!
      return ok({ token: file.token, name: file.name })
    },
    async verify(source: Source): Promise<Result<Backup>> {
      const verified = await verifyBackup(deps, fs, one, source)
      changed()
      return verified.ok ? ok(verified.value.backup) : verified
    },
    async remove(fileName: string): Promise<Result<BackupStatus>> {
      if (!isBackupName(fileName))
        return fail('no-such-backup', 'That is not a backup of the list. Nothing was removed.')
      return afterChange(await removeBackup(deps, fs, fileName))
    },
    async planRestore(source: Source): Promise<Result<z.infer<typeof RestorePlan>>> {
      const verified = await verifyBackup(deps, fs, one, source)
      if (!verified.ok) return verified
      const plan = await planOf(deps, verified.value.inspected)
      plans.set(plan.planToken, verified.value.inspected.sha256)
      for (const oldest of plans.keys()) if (plans.size > maxPlans) plans.delete(oldest)
      return ok(plan)
    },
    /** Only what was looked at: the file must be the one of the plan. */
    async restore(
      source: Source & { planToken: string },
    ): Promise<Result<{ profilePath: string; restarting: boolean }>> {
      const sha256 = plans.get(source.planToken)
      if (sha256 === undefined) return fail('no-plan', 'Look at what the restore would do first. Nothing was changed.')
      const path = pathOf(deps, source)
      if (!path.ok) return path
      const restored = await restoreBackup(deps, fs, one, { ...source, path: path.value, sha256 })
      changed()
      return restored.ok ? ok({ profilePath: restored.value, restarting: relaunch() }) : restored
    },
    async switchBack(): Promise<Result<{ restarting: boolean }>> {
      const switched = await switchToPrevious(deps, fs)
      changed()
      return switched.ok ? ok({ restarting: relaunch() }) : switched
    },
    forgetPrevious: async (): Promise<Result<BackupStatus>> => afterChange(await forgetProfiles(deps, fs)),
    health: (): Promise<BackupHealth> => healthOf(deps, fs),
    /** Another process may have restored: this one must not go on with the profile that was replaced. */
    noticeSwitch(): void {
      if (profileInUse(place.basePath).profilePath !== place.profilePath) relaunch()
    },
    /** Sweeps what a killed process left, finishes what it began to delete. */
    async recover(): Promise<void> {
      const places = [place.profilePath, place.basePath, join(place.basePath, restoredFolder), config().folder]
      await sweepPassing(places, fs, { nowMs: clock.now() })
      await finishForgetting(place.basePath, fs)
    },
    daily,
    async close(): Promise<void> {
      daily.stop()
      one.cancel()
      // A cancelled task settles at once; its leavings are swept at the next start at the latest.
      await Promise.race([one.idle(), sleep(2_000, undefined, { ref: false })])
    },
  }
}
