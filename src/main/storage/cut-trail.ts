import { join } from 'node:path'
import type { Clock, Log } from '../ports.ts'
import { insertNotice } from './notices.ts'
import { profileIdBeside } from './profile-made.ts'
import { copyDatabase } from './recovery/copy-database.ts'
import type { GoodCopies } from './recovery/good-copies.ts'
import { newQuarantine } from './recovery/quarantine.ts'
import { type CutTrail, gapWords } from './recovery/words.ts'
import type { Storage } from './storage.ts'
import { forgetTrailHead, readTrailHead, type TrailEntry } from './trail-head.ts'
import { type FileSystem, writeFileAtomic } from './write-file.ts'

/**
 * How far a database that is whole ends before its trail had come; null when it does not, and for one that somebody put
 * in the place of another: it has a trail of its own.
 */
export function cutTrail(
  profilePath: string,
  found: { readonly trailEnd: TrailEntry | null; readonly profileId: string | null },
): CutTrail | null {
  const reached = readTrailHead(profilePath)
  if (reached === null || found.trailEnd === null || reached.id <= found.trailEnd.id) return null
  const before = profileIdBeside(profilePath)
  return before === null || before === found.profileId ? { reached, end: found.trailEnd } : null
}

interface Deps {
  readonly profilePath: string
  readonly fs: FileSystem
  readonly log: Log
  readonly clock: Clock
  readonly goodCopies: GoodCopies | null
}

/**
 * Before anything is written to it: with its log, should that turn up again, the database as it was found is complete.
 * @returns folder below the profile; null where there is no room for it
 */
export async function keepAsFound({ profilePath, fs, log, clock }: Deps, cut: CutTrail): Promise<string | null> {
  try {
    const { folder, stamp } = await newQuarantine(profilePath, fs, clock.now())
    copyDatabase(join(profilePath, 'inkwell.db'), join(folder, 'inkwell.db'))
    const words = [
      'Inkwell found its database older than it had been, and kept it here as it was found.',
      '',
      `When:  ${new Date(clock.now()).toISOString()}`,
      `Why:   ${gapWords(cut)} missing.`,
      '',
      'Its log, inkwell.db-wal, was gone. Should it turn up, it belongs beside this file, which is complete with it.',
    ]
    await writeFileAtomic(join(folder, 'manifest.txt'), `${words.join('\n')}\n`, { fs, mode: 0o400 })
    return `quarantine/${stamp}`
  } catch (error) {
    log.warn('storage.not-kept', { error })
    return null
  }
}

const title = 'Changes are missing from the database'

/** One notice for each loss, also when a kill keeps the head of the trail from being forgotten. */
export async function tellCutTrail(deps: Deps, storage: Storage, cut: CutTrail, keptIn: string | null): Promise<void> {
  const { clock, log } = deps
  const told = { notice: title, reached: cut.reached.id }
  log.error('storage.trail-cut', { reached: cut.reached.id, end: cut.end.id })
  if (!storage.get("SELECT 1 FROM audit WHERE subject = 'storage' AND after_json = ?", [JSON.stringify(told)])) {
    const detail = [lost(cut), kept(keptIn), await newestBackup(deps, cut)].join(' ')
    storage.write('storage.notice', (tx) => {
      insertNotice(tx, { atMs: clock.now(), kind: 'damaged', title, detail, keptIn })
      tx.audit('storage', null, told)
    })
  }
  await forgetTrailHead(deps.profilePath, deps.fs)
}

const lost = (cut: CutTrail): string =>
  `Missing from the trail, with what they changed: ${gapWords(cut)}. The database’s log was deleted, or an older database was put in its place.`

const kept = (keptIn: string | null): string =>
  `What is there is whole and in use${keptIn === null ? '.' : `; as it was found it also lies in ${keptIn} of the profile.`}`

async function newestBackup({ goodCopies, log }: Deps, { end }: CutTrail): Promise<string> {
  try {
    const [newest] = (await goodCopies?.list()) ?? []
    if (!newest) return 'There is no backup.'
    const holds = newest.madeAtMs > end.atMs ? 'it may hold some of what is missing' : 'it is older than that'
    return `The newest backup is ${newest.label}: ${holds}. Data & health, Backups, shows what is in it before anything is replaced.`
  } catch (error) {
    log.warn('storage.copies-unreadable', { error })
    return 'The backups could not be read.'
  }
}
