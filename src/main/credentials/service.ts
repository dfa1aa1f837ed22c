import type { z } from 'zod'
import type { SecretStorage } from '#shared/contract/feeds.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretStore } from '../ports.ts'

type StorageKind = z.infer<typeof SecretStorage>
type Unavailable = 'keychain-unavailable'

export interface Credentials {
  /** Whether the OS keychain takes and gives back. */
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
}

const maxSecretCharacters = 50_000
/** Whatever a keychain gives back is checked as if it came from outside. */
const isSecret = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxSecretCharacters && !value.includes('\0')

/** @param profileId keeps two profiles on one computer apart */
export function createCredentials(deps: {
  keychain: SecretStore & { available?: () => Promise<boolean> }
  session: SecretStore
  profileId: string
}): Credentials {
  const { keychain, session, profileId } = deps
  const accountOf = (subject: string): string => `${profileId}/${subject}`
  const get: Credentials['get'] = async (subject) => {
    const inSession = await session.get(accountOf(subject))
    if (inSession.ok && isSecret(inSession.value)) return ok(inSession.value)
    const stored = await keychain.get(accountOf(subject))
    if (!stored.ok) return stored
    return ok(isSecret(stored.value) ? stored.value : null)
  }
  return {
    keychainAvailable: async () => (keychain.available ? keychain.available() : (await keychain.get('probe')).ok),
    set: async (subject, secret, where) => {
      if (!isSecret(secret))
        return fail('invalid-secret', 'That is empty or too long to be a secret. Nothing was kept.')
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
  }
}
