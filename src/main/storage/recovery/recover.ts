import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Log } from '../../ports.ts'
import { insertAudit, lastEntry } from '../audit-row.ts'
import { openConnection } from '../connection.ts'
import { migrate } from '../migrate.ts'
import { migrations } from '../migrations/index.ts'
import { insertNotice } from '../notices.ts'
import { profileIdBeside } from '../profile-made.ts'
import type { SealedTable } from '../seals.ts'
import type { SqlParams, Transaction } from '../storage.ts'
import { forgetTrailHead, readTrailHead } from '../trail-head.ts'
import { type FileSystem, makeFolders, renameWaiting, syncFolder } from '../write-file.ts'
import { nameDatabase } from './copy-database.ts'
import { inspect } from './damage.ts'
import { copiesBeforeMigrations, type GoodCopies, type GoodCopy } from './good-copies.ts'
import { profileIdIn, profileIdOf } from './profile-id.ts'
import { endPlan, type Plan, quarantineFolder, setAside } from './quarantine.ts'
import { type Salvaged, salvage } from './salvage.ts'
import { recoveryWords } from './words.ts'

export interface RecoveryDeps {
  readonly profilePath: string
  readonly fs: FileSystem
  readonly log: Log
  readonly origin: string
  readonly sealedTables: readonly SealedTable[]
  readonly goodCopies: GoodCopies | null
}

/**
 * Sets a damaged database aside and puts the best that can be had in its place: the last good copy, and what can be read
 * of the damaged file that is newer. The new one is complete and on the medium before it gets its name; killed anywhere,
 * the next start goes on. The profile must be this process's alone. Rejects with the system's error, with everything
 * that was there in `quarantine/`.
 */
export async function recover(deps: RecoveryDeps, plan: Plan): Promise<void> {
  const { profilePath, fs, log } = deps
  const path = join(profilePath, 'inkwell.db')
  log.warn('storage.damaged', { reason: plan.reason, quarantine: plan.stamp })
  const isReplaced = await setAside(profilePath, plan, fs)
  if (!isReplaced) {
    const work = await makeWorkFolder(profilePath, fs)
    const made = join(work, 'inkwell.db')
    const damaged = join(quarantineFolder(profilePath, plan.stamp), 'inkwell.db')
    const profileId = profileIdBeside(profilePath) ?? (existsSync(damaged) ? profileIdIn(damaged) : null)
    const copy = await startFrom(deps, path, made, profileId)
    const salvaged = bringBack(deps, plan, work, made, { copy, damaged, profileId })
    flush(made)
    await renameWaiting(made, path, { fs })
    await syncFolder(profilePath, fs)
    log.warn('storage.recovered', { copy: copy?.label ?? null, ...salvaged })
  }
  rmSync(join(profilePath, workName), { recursive: true, force: true })
  // Before the plan has ended: what the copy does not have was told, and would look like another loss.
  await forgetTrailHead(profilePath, fs)
  await endPlan(profilePath, fs)
}

const workName = 'recovering'

async function makeWorkFolder(profilePath: string, fs: FileSystem): Promise<string> {
  rmSync(join(profilePath, workName), { recursive: true, force: true })
  return makeFolders(profilePath, [workName], { fs })
}

/** The newest good copy that proves whole, brought to this schema; an empty database when there is none. */
async function startFrom(
  deps: RecoveryDeps,
  path: string,
  made: string,
  profileId: string | null,
): Promise<GoodCopy | null> {
  const offered = await (deps.goodCopies?.list() ?? Promise.resolve([])).catch((error) => {
    deps.log.warn('storage.copies-unreadable', { error })
    return []
  })
  for (const copy of [...offered, ...copiesBeforeMigrations(path)]) {
    if (profileId !== null && copy.profileId && copy.profileId !== profileId) {
      deps.log.warn('storage.copy-refused', { copy: copy.label, reason: 'of another profile' })
      continue
    }
    removeDatabase(made)
    try {
      const extracted = await copy.extractTo(made)
      if (extracted.ok && inspect(made, { wasUsed: true, isSuspect: true }).kind === 'sound' && bringUp(made))
        return copy
      deps.log.warn('storage.copy-refused', {
        copy: copy.label,
        reason: extracted.ok ? 'not whole' : extracted.error.message,
      })
    } catch (error) {
      deps.log.warn('storage.copy-refused', { copy: copy.label, error })
    }
  }
  removeDatabase(made)
  if (!bringUp(made)) throw new Error('an empty database could not be made')
  return null
}

const removeDatabase = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true })
}

/** Whether it has this version's schema now. */
function bringUp(path: string): boolean {
  const database = openConnection(path)
  try {
    // A copy from between a switch of profiles that was killed and the next start would take no change.
    database.exec('DROP TRIGGER IF EXISTS profile_replaced')
    return migrate(database, ':memory:', migrations).ok
  } finally {
    database.close()
  }
}

function bringBack(
  deps: RecoveryDeps,
  plan: Plan,
  work: string,
  made: string,
  from: { copy: GoodCopy | null; damaged: string; profileId: string | null },
): Salvaged | null {
  const { copy, damaged, profileId } = from
  const source = join(work, 'damaged.db')
  // Until it has its name nobody needs it: it is flushed as a whole at the end.
  const target = new DatabaseSync(made)
  target.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000')
  try {
    let salvaged: Salvaged | null = null
    nameDatabase(damaged, source)
    if (!existsSync(source)) writeFileSync(source, '')
    try {
      salvaged = salvage(source, target, { ...deps, profileId: profileId ?? profileIdOf(accessTo(target)) })
    } catch (error) {
      // What cannot be told apart from damage must not keep the good copy from being used.
      if (target.isTransaction) target.exec('ROLLBACK')
      if ((error as { errcode?: number }).errcode === 13) throw error
      deps.log.error('storage.salvage-failed', { error })
    }
    const end = lastEntry(accessTo(target))
    const reached = readTrailHead(deps.profilePath)
    const missing = reached && reached.id > end.id ? { reached, end } : null
    tell(target, deps, plan, recoveryWords(plan, copy, salvaged, missing), salvaged)
    return salvaged
  } finally {
    target.close()
    removeDatabase(source)
  }
}

/** The notice and its row in the trail are part of the new database: it is never in use without them. */
function tell(target: DatabaseSync, deps: RecoveryDeps, plan: Plan, detail: string, salvaged: Salvaged | null): void {
  const keptIn = `quarantine/${plan.stamp}`
  const access = accessTo(target)
  target.exec('BEGIN IMMEDIATE')
  insertNotice(access, {
    atMs: plan.at_ms,
    kind: 'recovered',
    title: 'The database was damaged, and was brought back',
    detail,
    keptIn,
  })
  insertAudit(access, {
    atMs: plan.at_ms,
    action: 'storage.recovered',
    origin: deps.origin,
    subject: 'storage',
    before: { reason: plan.reason },
    after: { keptIn, broughtBack: { ...salvaged?.broughtBack } },
  })
  target.exec('COMMIT')
}

const accessTo = (database: DatabaseSync): Pick<Transaction, 'get' | 'run'> => ({
  get: <Row>(sql: string, params: SqlParams = []) => database.prepare(sql).get(...params) as Row | undefined,
  run: (sql, params = []) => Number(database.prepare(sql).run(...params).changes),
})

function flush(path: string): void {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}
