import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Log } from '../ports.ts'
import { lastEntry } from './audit-row.ts'
import { type Ballast, createBallast } from './ballast.ts'
import { cutTrail, keepAsFound, tellCutTrail } from './cut-trail.ts'
import { createStorageNotices, type StorageNotices } from './notices.ts'
import { openProfileLock, type ProfileLock } from './profile-lock.ts'
import { rememberMade, wasMade } from './profile-made.ts'
import { inspect } from './recovery/damage.ts'
import type { GoodCopies } from './recovery/good-copies.ts'
import { profileIdOf } from './recovery/profile-id.ts'
import { beginPlan, type Plan, readPlan } from './recovery/quarantine.ts'
import { recover } from './recovery/recover.ts'
import type { SealedTable } from './seals.ts'
import { openStorage, type Storage, type StorageFailure } from './storage.ts'
import { sweepTemporaries } from './sweep.ts'
import { openTrailHead, readTrailHead } from './trail-head.ts'
import { whyProfileNotOpened } from './why-not-opened.ts'
import type { FileSystem } from './write-file.ts'

export interface OpenProfileOptions {
  /** Absolute. */
  readonly profilePath: string
  readonly clock: Clock
  readonly log: Log
  readonly origin: string
  readonly sealedTables: readonly SealedTable[]
  readonly goodCopies: GoodCopies | null
  /** Told when a notice came or was seen. */
  readonly onNotice: () => void
  readonly fs?: FileSystem
}
export interface OpenProfile {
  /** Closing it lets go of the profile. */
  readonly storage: Storage
  readonly ballast: Ballast
  readonly notices: StorageNotices
}

/**
 * Opens the profile's database. One that is damaged is set aside and brought back first (recovery/recover.ts); what is no
 * damage (rights, a full disk, another program) changes nothing.
 */
export async function openProfile(options: OpenProfileOptions): Promise<Result<OpenProfile, StorageFailure>> {
  const { profilePath, log, fs = nodeFs } = options
  const ballast = createBallast({ profilePath, log, fs })
  let lock: ProfileLock | null = null
  try {
    mkdirSync(profilePath, { recursive: true, mode: 0o700 })
    lock = openProfileLock(profilePath)
    const isAlone = lock.takeAlone()
    if (isAlone) {
      const ready = await makeReady(options, ballast, fs)
      if (!ready.ok) {
        lock.release()
        return ready
      }
    }
    lock.share()
    // Before the database is read: whatever the head says then is in it.
    const reached = isAlone ? null : readTrailHead(profilePath)
    const opened = open(options, lock, ballast)
    if (!opened.ok) lock.release()
    else if (reached !== null && reached.id > lastEntry(opened.value.storage).id) {
      opened.value.storage.close()
      return fail('database-busy', cutWhileOpen, { retryable: true })
    }
    return opened
  } catch (error) {
    lock?.release()
    return fail(...whyProfileNotOpened(profilePath, error))
  }
}

/** The other one still has the log, and writes it back when it is closed, unless somebody else writes first. */
const cutWhileOpen =
  'Another Inkwell has this profile open, and the database’s log was taken away meanwhile. Nothing was changed. Close the other one first: it holds what is missing here, and saves it when it is closed.'

/** Sound files of this version's schema, while nobody else has them. */
async function makeReady(
  options: OpenProfileOptions,
  ballast: Ballast,
  fs: FileSystem,
): Promise<Result<null, StorageFailure>> {
  const { profilePath, clock } = options
  const path = join(profilePath, 'inkwell.db')
  const bringBack = async (plan: Plan): Promise<void> => {
    // A new database is built beside the old one: whatever room there is is needed now.
    ballast.free()
    await recover({ ...options, fs }, plan)
  }
  const found = (await readPlan(profilePath, fs)) ?? inspect(path, historyOf(profilePath))
  if ('files' in found) await bringBack(found)
  else if (found.kind === 'damaged') await bringBack(await beginPlan(profilePath, fs, found.reason, clock.now()))
  const cut = 'kind' in found && found.kind === 'sound' ? cutTrail(profilePath, found) : null
  const keptIn = cut && (await keepAsFound({ ...options, fs }, cut))
  await sweepTemporaries(profilePath, { fs, nowMs: clock.now() })
  // Migrations run while nobody else looks: the files are complete when they are shared.
  let opened = openStorage(path, options)
  // What shows only now, e.g. a schema that names what is not there.
  if (!opened.ok && opened.error.code === 'database-damaged') {
    await bringBack(await beginPlan(profilePath, fs, opened.error.message, clock.now()))
    opened = openStorage(path, options)
  }
  if (!opened.ok) return opened
  try {
    if (cut) await tellCutTrail({ ...options, fs }, opened.value, cut, keptIn)
    await rememberMade(profilePath, profileIdOf(opened.value), fs)
  } finally {
    opened.value.close()
  }
  rmSync(join(profilePath, suspectName), { force: true })
  return ok(null)
}

/** The next start reads all of the database, however large. */
const suspectName = 'check-database'

const historyOf = (profilePath: string): { wasUsed: boolean; isSuspect: boolean } => ({
  wasUsed: wasMade(profilePath),
  isSuspect: existsSync(join(profilePath, suspectName)),
})

function open(options: OpenProfileOptions, lock: ProfileLock, ballast: Ballast): Result<OpenProfile, StorageFailure> {
  const { profilePath, clock, log } = options
  let notices: StorageNotices | null = null
  const head = openTrailHead(profilePath)
  const opened = openStorage(join(profilePath, 'inkwell.db'), {
    clock,
    origin: options.origin,
    onAudited: head.reached,
    makeRoom: () => ballast.free(),
    onTrouble: ({ kind, title, words }) => {
      if (kind === 'damaged') markSuspect(profilePath)
      log.error(`storage.${kind}`, { title, words })
      notices?.add({ kind, title, detail: words, keptIn: null })
    },
  })
  if (!opened.ok) {
    head.close()
    return opened
  }
  const storage: Storage = {
    ...opened.value,
    close: () => {
      void ballast.close()
      opened.value.close()
      head.close()
      lock.release()
    },
  }
  notices = createStorageNotices({ storage, clock, onChange: options.onNotice })
  return ok({ storage, ballast, notices })
}

function markSuspect(profilePath: string): void {
  try {
    writeFileSync(join(profilePath, suspectName), '')
  } catch {
    // The disk takes nothing now; the health check still reads everything when asked.
  }
}
