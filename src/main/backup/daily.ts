import type { Backup } from '#shared/contract/backup.ts'
import type { Result } from '#shared/result.ts'
import type { BackupFs } from './archive/files.ts'
import { readConfig } from './config.ts'
import type { BackupDeps } from './deps.ts'
import { listBackups } from './listing.ts'
import { removeBackup } from './make.ts'
import { dayOf, keepDefault, rotate } from './rotation.ts'
import { backupStore } from './store.ts'

const dayMs = 86_400_000
const lookMs = 15 * 60_000
const firstLookMs = 60_000

export interface Daily {
  /** Looks a minute from now, when the start is over, and then each quarter of an hour whether a day has passed. */
  start(): void
  /** One look. */
  look(): Promise<void>
  stop(): void
}

/** A backup a day while the app runs, and the rotation after it. What could not be made is noted with its reason. */
export function createDaily(
  deps: BackupDeps,
  fs: BackupFs,
  make: () => Promise<Result<Backup>>,
  isBusy: () => boolean,
): Daily {
  const { storage, clock, log, events, place } = deps
  let timer: NodeJS.Timeout | null = null

  const note = (reason: string): void => {
    const nowMs = clock.now()
    const day = dayOf(nowMs)
    if (backupStore.misses(storage).some((miss) => miss.day === day && miss.reason === reason)) return
    storage.writeUnaudited((tx) => backupStore.miss(tx, { day, at_ms: nowMs, reason }))
    events.emit('backup.changed', {})
  }
  const look = async (): Promise<void> => {
    const config = readConfig(storage, place.basePath)
    if (!config.automatic || isBusy()) return
    const nowMs = clock.now()
    const listed = await listBackups(storage, config.folder, fs)
    // Ones from the future are of a clock that was wrong: they must not keep the next ones from being made.
    const newest =
      listed.state === 'read'
        ? listed.backups.find(
            ({ automatic, verifiedAtMs, madeAtMs }) => automatic && verifiedAtMs !== null && madeAtMs <= nowMs,
          )
        : undefined
    if (newest && nowMs - newest.madeAtMs < dayMs) return
    const made = await make()
    if (made.ok) await sweep()
    else if (made.error.code !== 'busy' && made.error.code !== 'cancelled') {
      note(made.error.message)
      log.warn('backup.daily-missed', { code: made.error.code })
    }
  }
  const sweep = async (): Promise<void> => {
    const { folder } = readConfig(storage, place.basePath)
    const listed = await listBackups(storage, folder, fs)
    if (listed.state !== 'read') return
    const going = rotate(
      listed.backups.map(({ fileName, madeAtMs, automatic, verifiedAtMs, problem }) => ({
        fileName,
        madeAtMs,
        automatic,
        good: verifiedAtMs !== null,
        flawless: problem === null,
      })),
      keepDefault,
      clock.now(),
    )
    for (const fileName of going) {
      const removed = await removeBackup(deps, fs, fileName)
      if (!removed.ok) log.warn('backup.not-rotated', { fileName, code: removed.error.code })
    }
  }
  const guarded = (): void =>
    void look().catch((error: unknown) => {
      log.error('backup.daily-broke', { error })
    })
  return {
    look,
    start() {
      timer = setTimeout(() => {
        guarded()
        timer = setInterval(guarded, lookMs).unref()
      }, firstLookMs).unref()
    },
    stop() {
      // One call ends either kind.
      if (timer) clearTimeout(timer)
      timer = null
    },
  }
}
