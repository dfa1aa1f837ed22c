import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { profileInUse } from '../compose/profile-in-use.ts'
import { sealedTables } from '../compose/sealed-tables.ts'
import { readProfileIdentity } from '../credentials/profile-identity.ts'
import { createCredentials } from '../credentials/service.ts'
import { createSessionSecrets } from '../credentials/session-secrets.ts'
import { createEvents } from '../events.ts'
import { createOfferedFiles } from '../intake/offered-files.ts'
import { silentLog } from '../log.ts'
import type { Desktop } from '../ports.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { type BackupFs, systemFs } from './archive/files.ts'
import { extractProfile } from './extract.ts'
import { inspect } from './inspect.ts'
import { createBackupService } from './service.ts'
import type { BackupTasks, TaskOptions } from './tasks.ts'
import { type WorkPort, type WriteInput, writeBackup } from './write.ts'

export const madeAtMs = Date.UTC(2026, 10, 23, 3)
/** Log2 of scrypt's cost. */
export const workFactor = 2

export const temporaryRoot = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'inkwell-backup-')))

export async function open(profilePath: string): Promise<Storage> {
  const opened = await openStorage(join(profilePath, 'inkwell.db'), { clock: { now: () => 1_000 }, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

export const put = (storage: Storage, name: string, at = 1): void =>
  storage.write('jobs.test', (tx) => {
    tx.run(
      `INSERT INTO jobs (id, episode_id, params_json, state, stage, words, created_at_ms)
       VALUES (?, ?, '{}', 'done', 'notes', ?, ?)`,
      [name, name, 'Wörter 🎧', at],
    )
    tx.audit(`job:${name}`, null, { name })
  })

/** A profile with rows and files of every kind, closed. */
export async function makeProfile(root: string): Promise<string> {
  const profilePath = join(root, 'profile')
  mkdirSync(profilePath, { recursive: true })
  const storage = await open(profilePath)
  readProfileIdentity(storage, 1)
  for (let index = 0; index < 5; index++) put(storage, `job-${index}`)
  storage.close()
  const sha = 'ab'.padEnd(64, '0')
  for (const [path, text] of [
    ['templates/Über mich.yaml', 'name: mine\n'],
    [`blobs/ab/${sha}`, 'a text of the user'],
    [`blobs/ab/.~inkwell-blob-0123456789ab.tmp`, 'half'],
    ['keep/01890000-0000-7000-8000-000000000000', 'displaced'],
    ['media/0123.mp3', 'not really sound'],
    ['media/.incoming-1-0123456789abcdef', 'half'],
    ['logs/inkwell.log', 'a line'],
    ['artwork/x.png', 'made again'],
  ] as const) {
    mkdirSync(join(profilePath, path, '..'), { recursive: true })
    writeFileSync(join(profilePath, path), text)
  }
  mkdirSync(join(profilePath, 'backups'))
  return profilePath
}

export const port = (fs: BackupFs = systemFs): WorkPort => ({ fs, sealedTables, progress: () => {} })

export const writeInput = (profilePath: string, change: Partial<WriteInput> = {}): WriteInput => ({
  profilePath,
  target: { folder: join(profilePath, 'backups') },
  appVersion: '0.1.0',
  madeAtMs,
  automatic: false,
  withMedia: true,
  passphrase: null,
  workFactor,
  ...change,
})

/** A backup of a fresh profile. */
export async function makeBackupFile(root: string, change: Partial<WriteInput> = {}): Promise<string> {
  const written = await writeBackup(writeInput(await makeProfile(root), change), port())
  if (!written.ok) throw new Error(written.error.message)
  return written.value.path
}

export const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

const changing: ReadonlySet<string> = new Set(['rename', 'link', 'unlink', 'mkdir', 'rm'])

/**
 * Tells of each call that changes something before it is made; `before` may throw. Once it threw a `Killed`, every later
 * call throws it too: nothing is tidied by a process that is dead.
 */
export function tellingFs(before: (call: string, path: string) => void): BackupFs {
  let dead: unknown = null
  const tell = (call: string, path: string): void => {
    if (dead) throw dead
    try {
      before(call, path)
    } catch (error) {
      if (error instanceof Killed) dead = error
      throw error
    }
  }
  const watched = (file: nodeFs.FileHandle, path: string): nodeFs.FileHandle =>
    new Proxy(file, {
      get(real, name) {
        const value = Reflect.get(real, name)
        if (typeof value !== 'function') return value
        if (name !== 'write' && name !== 'sync') return value.bind(real)
        return async (...rest: unknown[]) => {
          tell(name, path)
          return value.apply(real, rest)
        }
      },
    })
  return new Proxy(nodeFs, {
    get(real, name: string) {
      const value = Reflect.get(real, name) as (...rest: unknown[]) => Promise<unknown>
      if (name === 'open')
        return async (path: string, flags: string | number = 'r', mode?: number) => {
          const writes = typeof flags === 'string' ? flags !== 'r' : (flags & 3) !== 0
          if (writes) tell('open', path)
          return watched(await nodeFs.open(path, flags, mode), path)
        }
      if (!changing.has(name)) return value
      return async (...rest: unknown[]) => {
        tell(name, String(rest.at(name === 'rename' || name === 'link' ? 1 : 0)))
        return value(...rest)
      }
    },
  }) as BackupFs
}

export class Killed extends Error {}

/** The tasks in this process. */
export const inProcess = (fs: BackupFs = systemFs): BackupTasks =>
  ({
    run: (task: { kind: string; input: never }, { onProgress }: TaskOptions) => {
      const work = { ...port(fs), progress: onProgress }
      const kinds = { write: writeBackup, inspect, extract: extractProfile }
      return kinds[task.kind as keyof typeof kinds](task.input, work)
    },
  }) as unknown as BackupTasks

/** The service over a profile, as the app has it. */
export async function house(
  basePath: string,
  change: {
    nowMs?: number
    fs?: BackupFs
    desktop?: Partial<Desktop>
    keychain?: ReturnType<typeof createSessionSecrets>
  } = {},
) {
  const place = profileInUse(basePath)
  const storage = await open(place.profilePath)
  const time = { nowMs: change.nowMs ?? madeAtMs }
  const clock = { now: () => time.nowMs }
  const { profileId } = readProfileIdentity(storage, 1)
  const keychain = change.keychain ?? createSessionSecrets()
  const credentialsOf = (id: string) => createCredentials({ keychain, session: createSessionSecrets(), profileId: id })
  let relaunched = 0
  const backup = createBackupService({
    storage,
    events: createEvents((error) => {
      throw error
    }),
    clock,
    log: silentLog,
    tasks: inProcess(change.fs),
    credentials: credentialsOf(profileId),
    credentialsOf,
    place,
    version: '0.1.0',
    desktop: {
      chooseFolder: async () => null,
      chooseFiles: async () => [],
      relaunch: () => {
        relaunched += 1
      },
      ...change.desktop,
    },
    offeredFiles: createOfferedFiles(),
    workFactor,
    ...(change.fs ? { fs: change.fs } : {}),
  })
  return { backup, storage, place, time, keychain, profileId, relaunched: () => relaunched }
}
