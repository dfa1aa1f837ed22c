import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BackupService } from '../backup/service.ts'
import type { Credentials } from '../credentials/service.ts'
import type { Check } from '../health/check.ts'
import { backupsCheck } from '../health/checks/backups.ts'
import { cachesCheck } from '../health/checks/caches.ts'
import { databaseCheck } from '../health/checks/database.ts'
import { diskCheck, type Reserve, realDisk } from '../health/checks/disk.ts'
import { keychainCheck } from '../health/checks/keychain.ts'
import { ledgerCheck } from '../health/checks/ledger.ts'
import { notesCheck } from '../health/checks/notes.ts'
import { noticeFindings } from '../health/checks/notices.ts'
import { recordingsCheck } from '../health/checks/recordings.ts'
import { rowsCheck } from '../health/checks/rows.ts'
import { templatesCheck } from '../health/checks/templates.ts'
import type {
  BackupRows,
  Backups,
  Disk,
  Ledger,
  LogFacts,
  NotesFolder,
  Profiles,
  RunHealthTask,
  TemplateFiles,
} from '../health/ports.ts'
import { Cancelled } from '../health/run.ts'
import { createHealthSchedule, type HealthSchedule } from '../health/schedule.ts'
import { createHealthService, type HealthService } from '../health/service.ts'
import type { HealthTaskName, HealthTasks } from '../health/task.ts'
import type { FileLog } from '../log.ts'
import { createBlobs } from '../notes/blobs.ts'
import type { NotesService } from '../notes/service.ts'
import type { Clock, Events, WorkerRunner } from '../ports.ts'
import { type Ballast, ballastBytes } from '../storage/ballast.ts'
import type { StorageNotices } from '../storage/notices.ts'
import type { Storage } from '../storage/storage.ts'
import { healthBackupRows, healthBackups } from './health-backups.ts'
import { ledgerRows } from './health-ledger.ts'
import { healthProfiles } from './health-profiles.ts'
import { healthSecrets } from './health-secrets.ts'
import { sealedTables } from './sealed-tables.ts'

export interface HealthHouse {
  readonly storage: Storage
  readonly clock: Clock
  readonly profilePath: string
  readonly workers: WorkerRunner
  readonly credentials: Pick<Credentials, 'get' | 'has' | 'keychainAvailable'>
  readonly vaultPath: () => string | null
  readonly artworkFile: (feedId: string) => { readonly path: string } | null
  readonly costs: Ledger
  readonly mayAskKeychain?: () => boolean
  readonly notes: Pick<NotesService, 'upkeep' | 'bringBack' | 'recover'>
  readonly templates: { readonly upkeep: TemplateFiles }
  readonly backups: Backups
  readonly backupRows: BackupRows
  readonly profiles: Profiles
  readonly ballast: Pick<Ballast, 'make'>
  readonly ballastBytes?: number
  readonly notices: StorageNotices
  readonly log: LogFacts
  readonly disk?: Disk
  /** Bytes of SQLite's log from which it is a finding. */
  readonly walLimitBytes?: () => number
}

/** Health with all its checks, and when they run by themselves. */
export function joinHealth(
  house: Omit<HealthHouse, 'backups' | 'backupRows' | 'profiles'> & {
    readonly events: Events
    readonly log: FileLog
    readonly backup: BackupService
    readonly credentialsOf: (profileId: string) => Credentials
  },
): { health: HealthService; healthSchedule: HealthSchedule } {
  const { storage, events, clock, log } = house
  const checks = healthChecks({
    ...house,
    backups: healthBackups(house),
    backupRows: healthBackupRows(house),
    profiles: healthProfiles({ ...house, ...house.backup }),
  })
  const health = createHealthService({ storage, events, clock, log, checks })
  const isIdle = (): boolean => !storage.get("SELECT 1 FROM jobs WHERE state = 'running'")
  return { health, healthSchedule: createHealthSchedule({ health, clock, log, isIdle }) }
}

/** Longest a piece of the full check may take; a recording of some hours is hashed in seconds. Milliseconds. */
const taskMs = 15 * 60_000

export const taskRunner = (workers: WorkerRunner): RunHealthTask => {
  return async <Name extends HealthTaskName>(name: Name, input: HealthTasks[Name]['input'], signal: AbortSignal) => {
    const done = await workers.run<object, HealthTasks[Name]['output']>(
      'health',
      { name, input },
      { timeoutMs: taskMs, signal },
    )
    if (done.ok) return done.value
    if (done.error.code === 'cancelled') throw new Cancelled()
    throw new Error(done.error.message)
  }
}

/** Every check, in the order they are shown. */
export function healthChecks(house: HealthHouse): Check[] {
  const { storage, clock, profilePath } = house
  const deps = {
    storage,
    clock,
    profilePath,
    databasePath: join(profilePath, 'inkwell.db'),
    runTask: taskRunner(house.workers),
  }
  const sealed = sealedTables.map(({ name }) => name)
  return [
    databaseCheck({ ...deps, sealed, walLimitBytes: house.walLimitBytes }),
    // The journal of the ledger is looked at with the ledger, which can make it again.
    rowsCheck({
      ...deps,
      tables: sealedTables.filter(({ name }) => name !== 'cost_months'),
      backup: house.backupRows,
    }),
    ledgerCheck({ storage, ledger: house.costs, ...ledgerRows(storage) }),
    notesCheck({ ...deps, notes: notesFolder(house.notes) }),
    templatesCheck({ templates: house.templates.upkeep }),
    cachesCheck({
      ...deps,
      sealed: sealedTables,
      blobs: createBlobs(profilePath, nodeFs, sleep),
      artworkPath: (feedId) => house.artworkFile(feedId)?.path ?? null,
    }),
    recordingsCheck(deps),
    backupsCheck({ ...deps, backups: house.backups, profiles: house.profiles }),
    keychainCheck({ storage, secrets: healthSecrets(house), mayAskAtStart: house.mayAskKeychain ?? (() => true) }),
    diskCheck({
      ...deps,
      disk: house.disk ?? realDisk,
      vaultPath: house.vaultPath,
      ballast: reserveOf(house),
      log: house.log,
      notices: () => noticeFindings(house.notices),
    }),
  ]
}

function reserveOf({ profilePath, ballast, ballastBytes: bytes = ballastBytes }: HealthHouse): Reserve {
  const present = (): Promise<boolean> =>
    nodeFs.lstat(join(profilePath, 'ballast')).then(
      (there) => there.size === bytes,
      () => false,
    )
  return { bytes, present, make: () => ballast.make() }
}

function notesFolder({ upkeep, bringBack, recover }: HealthHouse['notes']): NotesFolder {
  return {
    ...upkeep,
    recover,
    bringBack: async (fileIds) => {
      const failures: { fileId: string; message: string }[] = []
      for (const fileId of fileIds) {
        const done = await bringBack(fileId)
        if (!done.ok) failures.push({ fileId, message: done.error.message })
      }
      return { mended: fileIds.length - failures.length, failures }
    },
  }
}
