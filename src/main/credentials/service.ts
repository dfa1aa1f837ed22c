import type { z } from 'zod'
import type { SecretStorage } from '#shared/contract/feeds.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretStore } from '../ports.ts'

type StorageKind = z.infer<typeof SecretStorage>
type Unavailable = 'keychain-unavailable'

export interface Credentials {
  /** Whether the OS keychain takes and gives back. No, too, while it has not answered for three seconds. */
  keychainAvailable(): Promise<boolean>
  /** @param subject what it belongs to, e.g. `feed/<id>`; the account name also holds the profile's own id */
  set(subject: string, secret: string, where: StorageKind): Promise<Result<null, Unavailable | 'invalid-secret'>>
  has(subject: string): Promise<boolean>
  /** From both stores. Fails only when a keychain that held it does not answer. */
  delete(subject: string): Promise<Result<null, Unavailable>>
  /**
   * For main only: no secret crosses IPC. Null when there is none, or when what came back cannot be a secret of ours
   * (damaged or replaced by another program): the caller asks the user for it again.
   */
  get(subject: string): Promise<Result<string | null, Unavailable>>
  /** What the keychain holds, whatever this session has: for the recovery kit. */
  getStored(subject: string): Promise<Result<string | null, Unavailable>>
}

const maxSecretCharacters = 50_000
/** Whatever a keychain gives back is checked as if it came from outside. */
const isSecret = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxSecretCharacters && !value.includes('\0')

/** A view asks whether there is a keychain: it must not wait until a person has unlocked it. */
const statusWithinMs = 3_000

/** @param profileId keeps two profiles on one computer apart */
export function createCredentials(deps: {
  keychain: SecretStore & { available?: () => Promise<boolean> }
  session: SecretStore
  profileId: string
  /** Told each secret that passes, so that the log can take it out of every line. */
  hide?: (secret: string) => void
  answerStatusWithinMs?: number
}): Credentials {
  const { keychain, session, profileId, hide = () => {}, answerStatusWithinMs = statusWithinMs } = deps
  const accountOf = (subject: string): string => `${profileId}/${subject}`
  const getStored: Credentials['getStored'] = async (subject) => {
    const stored = await keychain.get(accountOf(subject))
    if (!stored.ok) return stored
    if (!isSecret(stored.value)) return ok(null)
    hide(stored.value)
    return ok(stored.value)
  }
  const get: Credentials['get'] = async (subject) => {
    const inSession = await session.get(accountOf(subject))
    return inSession.ok && isSecret(inSession.value) ? ok(inSession.value) : getStored(subject)
  }
  const keychainAvailable = async (): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), answerStatusWithinMs)
    })
    const asked = keychain.available ? keychain.available() : keychain.get('probe').then(({ ok }) => ok)
    return Promise.race([asked.catch(() => false), late]).finally(() => clearTimeout(timer))
  }
  return {
    keychainAvailable,
    set: async (subject, secret, where) => {
      if (!isSecret(secret))
        return fail('invalid-secret', 'That is empty or too long to be a secret. Nothing was kept.')
      hide(secret)
      const stored = await (where === 'keychain' ? keychain : session).set(accountOf(subject), secret)
      // One truth: a value for this session must not hide a newer one in the keychain.
      if (stored.ok && where === 'keychain') await session.delete(accountOf(subject))
      return stored
    },
    has: async (subject) => {
      const found = await get(subject)
      return found.ok && found.value !== null
    },
    delete: async (subject) => {
      await session.delete(accountOf(subject))
      return keychain.delete(accountOf(subject))
    },
    get,
    getStored,
  }
}
