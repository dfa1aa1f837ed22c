import { lstat, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { KitStatus } from '#shared/contract/kit.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretSubjects } from '../credentials/secret-subjects.ts'
import type { Credentials } from '../credentials/service.ts'
import type { FileOffers } from '../intake/offered-files.ts'
import type { Clock, Desktop, Events, Log, WorkerRunner } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { errorCode, type FileSystem } from '../storage/write-file.ts'
import type { KitContent } from './content.ts'
import { compareKit, type RestoreFailure, restoreKit } from './restore.ts'
import { createSealedFiles, type OpenFailure } from './sealed-file.ts'
import { type FoundSecrets, keychainUnavailable, marksOf, readMarksKey, readSecrets, takeMarksKey } from './secrets.ts'
import { readRecord, saveRecord } from './store.ts'
import { checkedWords, suggestWords, usedWords } from './words.ts'
import { type WriteKitFailure, writeKit } from './write-kit.ts'

export interface KitDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly log: Log & { hide?(secret: string): void }
  readonly workers: WorkerRunner
  readonly desktop: Pick<Desktop, 'chooseFiles' | 'chooseSavePath'> | null
  readonly offeredFiles: FileOffers
  readonly profileId: string
  /** Of a profile on this computer, this one or another. */
  readonly credentialsOf: (profileId: string) => Credentials
  readonly subjects: Required<SecretSubjects>
  /** Less only in tests. */
  readonly workFactor?: number
  readonly fs?: FileSystem
}
export type MakeFailure =
  | 'weak-words'
  | 'keychain-unavailable'
  | 'nothing-to-keep'
  | 'file-exists'
  | 'no-window'
  | WriteKitFailure
export type ReadFailure = OpenFailure | 'file-unreadable' | 'keychain-unavailable'
export interface MadeKit {
  readonly fileName: string
  readonly secrets: number
  readonly sessionOnly: number
  readonly missing: number
  readonly status: KitStatus
}
export interface KitTest {
  readonly madeAtMs: number
  readonly secrets: number
  readonly otherProfile: boolean
  readonly missingHere: number
  readonly differentHere: number
}
export interface KitRestore {
  readonly restored: number
  readonly kept: number
  readonly otherProfile: boolean
}

export interface KitService {
  status(): Promise<KitStatus>
  suggestWords(): { words: string }
  /** Asks where to. Null when the user left the dialog. */
  make(words: string): Promise<Result<MadeKit | null, MakeFailure>>
  /** @param path absolute; a file that is there is replaced, once the new one is verified */
  makeAt(path: string, words: string): Promise<Result<MadeKit, MakeFailure>>
  chooseFile(): Promise<Result<{ token: string; name: string } | null, 'no-window' | 'file-unreadable'>>
  test(token: string, words: string): Promise<Result<KitTest, ReadFailure>>
  testAt(path: string, words: string): Promise<Result<KitTest, ReadFailure>>
  restore(token: string, words: string, replace: boolean): Promise<Result<KitRestore, ReadFailure | RestoreFailure>>
  restoreAt(path: string, words: string, replace: boolean): Promise<Result<KitRestore, ReadFailure | RestoreFailure>>
  /** As it is suggested for today, e.g. `Inkwell recovery kit 2026-11-23.age`. */
  fileName(): string
}

/** A thousand private feeds make one of 2 MB. */
const maxFileBytes = 50_000_000

export function createKitService(deps: KitDeps): KitService {
  const { storage, events, clock, log, desktop, offeredFiles, profileId, credentialsOf, subjects } = deps
  const files = createSealedFiles(deps.workers, deps.workFactor === undefined ? {} : { workFactor: deps.workFactor })
  const credentials = credentialsOf(profileId)

  const collect = async (): Promise<Result<FoundSecrets, 'keychain-unavailable'>> =>
    (await credentials.keychainAvailable())
      ? readSecrets(credentials, subjects)
      : keychainUnavailable('Nothing was changed.')

  const status = async (): Promise<KitStatus> => {
    const record = readRecord(storage)
    const found = await collect()
    const key = found.ok ? await readMarksKey(credentials) : found
    const listed = subjects.list()
    return {
      secretCount: found.ok ? found.value.secrets.length : listed.filter(({ where }) => where === 'keychain').length,
      sessionOnly: listed.filter(({ where }) => where === 'session').length,
      missing: found.ok ? found.value.missing : 0,
      keychain: found.ok && key.ok ? 'available' : 'unavailable',
      madeAtMs: record?.madeAtMs ?? null,
      testedAtMs: record?.testedAtMs ?? null,
      outdated: record !== null && found.ok && key.ok && isOutdated(found.value, key.value, record.marks),
    }
  }
  /** A secret that is gone from here does not make a kit outdated that still has it. */
  const isOutdated = (found: FoundSecrets, key: Buffer | null, marks: readonly string[]): boolean => {
    if (!key) return found.secrets.length > 0
    const known = new Set(marks)
    return marksOf(found, subjects, key).some((mark) => !known.has(mark))
  }

  const fileName = (): string => `Inkwell recovery kit ${new Date(clock.now()).toISOString().slice(0, 10)}.age`

  const makeAt: KitService['makeAt'] = async (path, typed) => {
    const words = await checkedWords(typed)
    if (!words.ok) return words
    log.hide?.(words.value)
    const found = await collect()
    if (!found.ok) return keychainUnavailable('No kit was made.')
    const { secrets, sessionOnly, missing } = found.value
    if (secrets.length === 0)
      return fail(
        'nothing-to-keep',
        `This profile has no secrets in the keychain, so there is nothing to put into a kit.${sessionOnly > 0 ? ` ${sessionOnly} are kept for this session only; save them in the keychain first.` : ''}`,
      )
    const key = await takeMarksKey(credentials)
    if (!key.ok) return keychainUnavailable('No kit was made.')
    const madeAtMs = clock.now()
    const content: KitContent = {
      schemaVersion: 1,
      profileId,
      madeAt: new Date(madeAtMs).toISOString(),
      marksKey: key.value.toString('base64'),
      secrets,
    }
    const written = await writeKit(path, content, words.value, { files, fs: deps.fs })
    if (!written.ok) return written
    const marks = marksOf(found.value, subjects, key.value)
    saveRecord(storage, 'kit.make', { madeAtMs, secrets: secrets.length, testedAtMs: madeAtMs, marks }, madeAtMs)
    events.emit('kit.changed', {})
    return ok({ fileName: basename(path), secrets: secrets.length, sessionOnly, missing, status: await status() })
  }

  const read = async (path: string, typed: string): Promise<Result<KitContent, ReadFailure>> => {
    const words = usedWords(typed)
    log.hide?.(words)
    const text = await readText(path)
    return text.ok ? files.open(text.value, words) : text
  }

  const testAt: KitService['testAt'] = async (path, words) => {
    const kit = await read(path, words)
    if (!kit.ok) return kit
    const compared = await compareKit(kit.value, credentialsOf(kit.value.profileId), subjects)
    if (!compared.ok) return keychainUnavailable('The kit itself is whole, and the words open it.')
    const otherProfile = kit.value.profileId !== profileId
    const madeAtMs = Date.parse(kit.value.madeAt)
    const record = readRecord(storage)
    // An older kit that still opens says nothing about the last one.
    if (record && !otherProfile && record.madeAtMs === madeAtMs) {
      saveRecord(storage, 'kit.test', { ...record, testedAtMs: clock.now() }, clock.now())
      events.emit('kit.changed', {})
    }
    return ok({
      madeAtMs,
      secrets: kit.value.secrets.length,
      otherProfile,
      missingHere: compared.value.missing.length,
      differentHere: compared.value.different.length,
    })
  }

  const restoreAt: KitService['restoreAt'] = async (path, words, replace) => {
    const kit = await read(path, words)
    if (!kit.ok) return kit
    const restored = await restoreKit(kit.value, { profileId, credentialsOf, subjects, replace })
    if (!restored.ok) return restored
    const { set, wanted, here, kept, otherProfile } = restored.value
    storage.write('kit.restore', (tx) => tx.audit('kit', null, { restored: set, of: wanted, kept, otherProfile }))
    // In this profile only: another one's feeds are not here.
    if (!otherProfile) subjects.restored(here)
    events.emit('kit.changed', {})
    if (set < wanted)
      return fail(
        'not-kept',
        `The keychain stopped taking secrets: ${set} of ${wanted} are restored, the kit is untouched. Unlock the keychain and restore again; what is there already is left as it is.`,
        { retryable: true },
      )
    return ok({ restored: set, kept, otherProfile })
  }

  const offered = (token: string): Result<string, 'file-unreadable'> => {
    const path = offeredFiles.pathOf(token)
    return path === null ? unreadable('The chosen file is not known any more. Choose it again.') : ok(path)
  }

  return {
    status,
    suggestWords: () => ({ words: suggestWords() }),
    fileName,
    make: async (typed) => {
      const words = await checkedWords(typed)
      if (!words.ok) return words
      if (!desktop) return noWindow()
      const path = await desktop.chooseSavePath('Save the recovery kit', fileName())
      return path === null ? ok(null) : makeAt(path, typed)
    },
    makeAt,
    chooseFile: async () => {
      if (!desktop) return noWindow()
      const [path] = await desktop.chooseFiles('Recovery kit', ['age', 'txt'])
      if (path === undefined) return ok(null)
      const files = await offeredFiles.offer([path])
      const file = files.ok ? files.value[0] : undefined
      return file ? ok({ token: file.token, name: file.name }) : unreadable(`${basename(path)} cannot be read.`)
    },
    testAt,
    restoreAt,
    test: async (token, words) => {
      const path = offered(token)
      return path.ok ? testAt(path.value, words) : path
    },
    restore: async (token, words, replace) => {
      const path = offered(token)
      return path.ok ? restoreAt(path.value, words, replace) : path
    },
  }
}

const unreadable = (message: string) => fail('file-unreadable', message)
const noWindow = () => fail('no-window', 'There is no window here to choose a file in.')

/** As bytes: what is no ASCII is damage, which the armor finds. */
async function readText(path: string): Promise<Result<string, 'file-unreadable' | 'not-a-kit'>> {
  try {
    const { size } = await lstat(path)
    if (size > maxFileBytes)
      return fail('not-a-kit', `${basename(path)} is larger than any recovery kit. Nothing was changed.`)
    return ok(await readFile(path, 'latin1'))
  } catch (error) {
    return unreadable(`${basename(path)} cannot be read (${errorCode(error)}). Nothing was changed.`)
  }
}
