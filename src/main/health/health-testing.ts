import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { HealthReport } from '#shared/contract/health.ts'
import { fail, ok } from '#shared/result.ts'
import { createBackupService } from '../backup/service.ts'
import { createBackupTasks, runBackupTask } from '../backup/tasks.ts'
import { healthChecks } from '../compose/health.ts'
import { healthBackupRows, healthBackups } from '../compose/health-backups.ts'
import { healthProfiles } from '../compose/health-profiles.ts'
import { profileInUse } from '../compose/profile-in-use.ts'
import { compose, type House } from '../compose.ts'
import { readProfileIdentity } from '../credentials/profile-identity.ts'
import { createCredentials } from '../credentials/service.ts'
import { createSessionSecrets } from '../credentials/session-secrets.ts'
import { createOfferedFiles } from '../intake/offered-files.ts'
import { silentLog } from '../log.ts'
import { temporaryFolder } from '../notes/notes-testing.ts'
import type { SecretStore, WorkerRunner } from '../ports.ts'
import { createBallast } from '../storage/ballast.ts'
import { createHealthService, type HealthService } from './service.ts'
import { isDamage, runHealthTask } from './task.ts'

/** What leaves the machine, or would take time, as a test has it. */
export interface Outside {
  /** By account. */
  readonly keychain: Map<string, string>
  keychainAnswers: boolean
  freeBytes: number
  walLimitBytes: number
  /** Made at opening, as the app does. */
  withBallast: boolean
  /** The clock of health and backups goes this much ahead. */
  aheadMs: number
}

const ballastBytes = 100_000

export interface HealthHouse {
  readonly root: string
  readonly profile: string
  readonly vault: string
  readonly house: House
  readonly health: HealthService
  readonly outside: Outside
  /** Past Inkwell, as another program or a bad disk would. */
  raw(change: (database: DatabaseSync) => void): void
  /** Ids of all findings. A run that fails fails the test. */
  findings(full?: boolean): Promise<string[]>
  close(): Promise<void>
}

/** Tasks of workers in this thread: a thread for each would take longer than all the rest. */
export const inlineWorkers: WorkerRunner = {
  run: async (name, input) => {
    try {
      if (name === 'health') return ok((await runHealthTask(input as never)) as never)
      if (name === 'backup') return ok((await runBackupTask(input as never)) as never)
      throw new Error(`no worker ${name} in this test`)
    } catch (error) {
      return fail('worker-failed', (error as Error).message)
    }
  },
}

const memoryKeychain = (outside: Outside): SecretStore & { available(): Promise<boolean> } => {
  const silent = fail('keychain-unavailable', 'It does not answer.')
  return {
    kind: 'keychain',
    available: async () => outside.keychainAnswers,
    get: async (account) => (outside.keychainAnswers ? ok(outside.keychain.get(account) ?? null) : silent),
    set: async (account, secret) => {
      outside.keychain.set(account, secret)
      return ok(null)
    },
    delete: async (account) => {
      outside.keychain.delete(account)
      return ok(null)
    },
  }
}

export async function openHealthHouse(root: string, outside: Outside): Promise<HealthHouse> {
  const [profile, vault] = [join(root, 'profile'), join(root, 'vault')]
  const composed = await compose({
    profilePath: profile,
    entry: new URL('../headless.ts', import.meta.url),
    origin: 'headless',
    desktop: null,
  })
  if (!composed.ok) throw new Error(composed.error.message)
  const house = composed.value
  const { storage, events } = house
  const clock = { now: () => Date.now() + outside.aheadMs }
  const { profileId } = readProfileIdentity(storage, clock.now())
  const keychain = memoryKeychain(outside)
  const credentialsOf = (id: string) => createCredentials({ keychain, session: createSessionSecrets(), profileId: id })
  const credentials = credentialsOf(profileId)
  const backup = createBackupService({
    storage,
    events,
    clock,
    log: silentLog,
    credentials,
    credentialsOf,
    place: profileInUse(profile),
    version: '0.0.0',
    desktop: null,
    offeredFiles: createOfferedFiles(),
    tasks: createBackupTasks(inlineWorkers),
  })
  const ballast = createBallast({ profilePath: profile, log: silentLog, bytes: ballastBytes })
  if (outside.withBallast) await ballast.make()
  const checks = healthChecks({
    storage,
    clock,
    profilePath: profile,
    workers: inlineWorkers,
    credentials,
    vaultPath: house.settings.vault.vaultPath,
    artworkFile: house.artworkFile,
    costs: house.costs,
    notes: house.notes,
    templates: house.templates,
    backups: healthBackups({ backup }),
    profiles: healthProfiles({ storage, clock, place: backup.place, noticeSwitch: () => {} }),
    backupRows: healthBackupRows({ storage, profilePath: profile, backup, credentialsOf }),
    ballast,
    ballastBytes,
    notices: house.storageNotices,
    log: house.log,
    disk: { freeBytes: async () => outside.freeBytes },
    walLimitBytes: () => outside.walLimitBytes,
  })
  const failures: unknown[] = []
  const log = { ...silentLog, error: (operation: string, fields: unknown) => void failures.push([operation, fields]) }
  const health = createHealthService({ storage, events, clock, log, checks })
  return {
    root,
    profile,
    vault,
    house,
    health,
    outside,
    raw(change) {
      const database = new DatabaseSync(join(profile, 'inkwell.db'), { enableForeignKeyConstraints: false })
      try {
        change(database)
      } finally {
        database.close()
      }
    },
    async findings(full = true) {
      const checked = await health.check(full)
      if (!checked.ok) throw new Error(checked.error.message)
      if (failures.length > 0) throw new Error(JSON.stringify(failures, (_, value) => value?.stack ?? value))
      return idsOf(checked.value)
    },
    async close() {
      health.close()
      await ballast.close()
      await backup.close()
      await house.close()
    },
  }
}

export const idsOf = (report: HealthReport): string[] =>
  report.checks.flatMap(({ findings }) => findings.map(({ id }) => id))

/** Everything that a preview must leave as it was: rows but those of health itself, and every file. */
export function fingerprint({ root, profile, raw }: HealthHouse): string {
  const hash = createHash('sha256')
  raw((database) => {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'health%' ORDER BY name")
      .all() as { name: string }[]
    for (const { name } of tables)
      try {
        hash.update(JSON.stringify([name, database.prepare(`SELECT * FROM "${name}"`).all()]))
      } catch (error) {
        if (!isDamage(error)) throw error
      }
    hash.update(JSON.stringify(database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all()))
  })
  for (const entry of readdirSync(root, { recursive: true }).map(String).sort()) {
    const path = join(root, entry)
    if (!statSync(path).isFile() || path.startsWith(join(profile, 'inkwell.')) || path.includes('/logs/')) continue
    hash.update(JSON.stringify([entry, createHash('sha256').update(readFileSync(path)).digest('hex')]))
  }
  return hash.digest('hex')
}

/**
 * A house on a fixed place, built once and put back as it was before each fault: paths in it are absolute.
 */
export async function createTemplate(
  build: (house: HealthHouse) => Promise<void>,
): Promise<{ fresh(): Promise<HealthHouse>; remove(): void }> {
  const base = mkdtempSync(join(temporaryFolder(), 'inkwell-health-'))
  const [root, kept] = [join(base, 'house'), join(base, 'kept')]
  mkdirSync(join(root, 'vault'), { recursive: true })
  const keychain = new Map<string, string>()
  const outside = (): Outside => ({
    keychain: new Map(keychain),
    keychainAnswers: true,
    freeBytes: 50_000_000_000,
    walLimitBytes: 64_000_000,
    aheadMs: 0,
    withBallast: true,
  })
  const first = await openHealthHouse(root, { ...outside(), keychain })
  await build(first)
  await first.close()
  copyExactly(root, kept)
  return {
    async fresh() {
      rmSync(root, { recursive: true, force: true, maxRetries: 3 })
      copyExactly(kept, root)
      return openHealthHouse(root, outside())
    },
    remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** Times to the nanosecond, by which a rotten note is told from an edited one; `cpSync` rounds them. */
const copyExactly = (from: string, to: string): void => void execFileSync('cp', ['-a', from, to])

export function flipByte(path: string, at?: number): void {
  const bytes = readFileSync(path)
  bytes[at ?? Math.floor(bytes.length / 2)]! ^= 0x01
  writeFileSync(path, bytes)
}

/** Other bytes, the same size and times: nobody saved it. */
export function rot(path: string): void {
  const times = `${path}.times`
  execFileSync('touch', ['-r', path, times])
  const bytes = readFileSync(path)
  bytes[bytes.length - 5]! ^= 0x02
  writeFileSync(path, bytes)
  execFileSync('touch', ['-r', times, path])
  rmSync(times)
}
