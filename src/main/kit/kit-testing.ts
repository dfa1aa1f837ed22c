import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail, ok } from '#shared/result.ts'
import { readProfileIdentity } from '../credentials/profile-identity.ts'
import { joinSecretSubjects } from '../credentials/secret-subjects.ts'
import { createCredentials } from '../credentials/service.ts'
import { createSessionSecrets } from '../credentials/session-secrets.ts'
import { createEvents } from '../events.ts'
import { newEntry } from '../feeds/private-entry.ts'
import { feedSecretSubjects } from '../feeds/secret-subjects.ts'
import { insertFeed, readFeed } from '../feeds/store.ts'
import { createIds } from '../ids.ts'
import { createOfferedFiles } from '../intake/offered-files.ts'
import type { SecretStore, WorkerRunner } from '../ports.ts'
import { openStorage } from '../storage/storage.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { type KitTask, runKitTask } from './age-task.ts'
import { createKitService } from './service.ts'

/** In this thread: starting one for each of thousands of damaged files would take minutes. */
export const workHere: WorkerRunner = {
  run: async <Input, Output>(_: string, input: Input) => ok((await runKitTask(input as KitTask)) as Output),
}

export interface TestKeychain {
  readonly entries: Map<string, string>
  locked: boolean
  /** Takes this many more, then is locked. */
  takes: number
}
export const newKeychain = (): TestKeychain => ({ entries: new Map(), locked: false, takes: Number.POSITIVE_INFINITY })

const storeOf = (keychain: TestKeychain): SecretStore => {
  const locked = () => fail('keychain-unavailable', 'It is locked.', { retryable: true })
  return {
    kind: 'keychain',
    get: async (account) => (keychain.locked ? locked() : ok(keychain.entries.get(account) ?? null)),
    set: async (account, secret) => {
      if (keychain.locked || keychain.takes <= 0) return locked()
      keychain.takes -= 1
      keychain.entries.set(account, secret)
      return ok(null)
    },
    delete: async (account) => {
      keychain.entries.delete(account)
      return ok(null)
    },
  }
}

export const words = 'abandon ability able about above absent absorb abstract absurd abuse access accident'
export const startMs = Date.UTC(2026, 10, 23, 12)

/** A profile with its database and, by name, a computer's keychain. */
export function openKitHouse(
  options: {
    keychain?: TestKeychain
    folder?: string
    saveAs?: string | null
    workers?: WorkerRunner
    fs?: FileSystem
  } = {},
) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'inkwell-kit-'))
  const keychain = options.keychain ?? newKeychain()
  const time = { nowMs: startMs }
  const clock = { now: () => time.nowMs }
  const opened = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  const { profileId } = readProfileIdentity(storage, startMs)
  const session = createSessionSecrets()
  const store = storeOf(keychain)
  const credentialsOf = (id: string) => createCredentials({ keychain: store, session, profileId: id })
  const credentials = credentialsOf(profileId)
  const emitted: string[] = []
  const events = createEvents((error) => {
    throw error
  })
  events.onAny((event) => emitted.push(event))
  const asked: string[][] = []
  const hidden: string[] = []
  const feedSubjects = feedSecretSubjects({ storage, clock, events }, (ids) => void asked.push([...ids]))
  const ids = createIds(clock)
  const offeredFiles = createOfferedFiles()
  const line = (): void => {}
  const kit = createKitService({
    storage,
    events,
    clock,
    log: { info: line, warn: line, error: line, hide: (secret) => void hidden.push(secret) },
    workers: options.workers ?? workHere,
    desktop: {
      chooseSavePath: async () => options.saveAs ?? null,
      chooseFiles: async () => (options.saveAs ? [options.saveAs] : []),
    },
    offeredFiles,
    profileId,
    credentialsOf,
    subjects: joinSecretSubjects({ feed: feedSubjects, move: feedSubjects }),
    workFactor: 2,
    ...(options.fs ? { fs: options.fs } : {}),
  })
  return {
    kit,
    storage,
    credentials,
    credentialsOf,
    profileId,
    keychain,
    folder,
    time,
    emitted,
    asked,
    hidden,
    offeredFiles,
    feed: (id: string) => readFeed(storage, id)!,
    /** Follows a private feed whose secret is kept there. */
    async follow(password: string, where: 'keychain' | 'session' = 'keychain'): Promise<string> {
      const id = ids.next()
      storage.writeUnaudited((tx) =>
        insertFeed(tx, {
          id,
          kind: 'rss',
          own_title: `Show ${password}`,
          url_display: 'https://feeds.example/•••',
          url_key: `key ${id}`,
          is_private: 1,
          secret_storage: where,
          added_at_ms: startMs,
          state_kind: 'ok',
          state_message: 'Up to date',
        }),
      )
      const entry = newEntry('https://feeds.example/rss', { type: 'basic', username: 'u', password })
      await credentials.set(`feed/${id}`, JSON.stringify(entry), where)
      return id
    },
    close: (): void => {
      storage.close()
      if (!options.folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type KitHouse = ReturnType<typeof openKitHouse>
