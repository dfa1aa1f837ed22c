import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretSubjects } from '../credentials/secret-subjects.ts'
import type { ModelFailure } from '../services-models.ts'
import type { ModelsDeps } from './deps.ts'
import type { ProviderRecord } from './providers.ts'
import { readKeyNotes, writeModels } from './settings.ts'

type KeyState = 'set' | 'missing' | 'session' | 'not-needed'
export interface Keys {
  /** From the database and memory alone: a view must not make the keychain ask for its password. */
  state(provider: ProviderRecord): KeyState
  /** For main only; null for a server that needs none. */
  get(provider: ProviderRecord): Promise<Result<string | null, ModelFailure>>
  /** What can be sent as a key, without the white space around it. */
  read(text: string): Result<string, 'invalid-key'>
  put(
    provider: ProviderRecord,
    key: string,
    where: 'keychain' | 'session',
  ): Promise<Result<null, 'keychain-unavailable' | 'invalid-key'>>
  remove(provider: ProviderRecord): Promise<Result<null, 'keychain-unavailable'>>
  /** For the recovery kit. */
  readonly subjects: SecretSubjects
}

const subjectOf = (providerId: string): string => `model/${providerId}`
const originOf = ({ baseUrl }: Pick<ProviderRecord, 'baseUrl'>): string => new URL(baseUrl).origin

/** Keys by provider. Each was given for one origin and is sent to that one only, whatever its provider's address becomes. */
export function createKeys(
  { storage, clock, credentials }: Pick<ModelsDeps, 'storage' | 'clock' | 'credentials'>,
  deps: { provider: (id: string) => ProviderRecord | undefined; changed: () => void },
): Keys {
  // Of this process: a key for the session is gone with it.
  const sessionOrigins = new Map<string, string>()
  const note = ({ id }: ProviderRecord) => readKeyNotes(storage)[id]
  const state: Keys['state'] = (provider) => {
    const origin = originOf(provider)
    if (sessionOrigins.get(provider.id) === origin) return 'session'
    if (note(provider)?.origin === origin) return 'set'
    return provider.needsKey ? 'missing' : 'not-needed'
  }
  const writeNote = (action: string, provider: ProviderRecord, kept: boolean): void =>
    storage.write(action, (tx) => {
      const { [provider.id]: before, ...others } = readKeyNotes(tx)
      const notes = kept ? { ...others, [provider.id]: { origin: originOf(provider) } } : others
      writeModels(tx, 'keys', notes, clock.now())
      tx.audit(`model:${provider.id}`, { keyKept: before !== undefined }, { keyKept: kept })
    })

  return {
    state,
    get: async (provider) => {
      const now = state(provider)
      if (now === 'not-needed') return ok(null)
      if (now === 'missing')
        return fail(
          'key-missing',
          `There is no key for ${provider.title} yet. Nothing was sent. Enter one in Settings, Models & keys; offline notes need none.`,
        )
      const found = await credentials.get(subjectOf(provider.id))
      if (!found.ok)
        return fail(
          'keychain-unavailable',
          `The keychain does not give the key for ${provider.title}: it is locked or not there. Nothing was sent; everything waits. Unlock it, then try again.`,
          { retryable: true },
        )
      if (found.value !== null && isSendable(found.value)) return ok(found.value)
      return fail(
        'key-missing',
        `The key for ${provider.title} is not in the keychain any more. Nothing was sent. Enter it again in Settings, Models & keys.`,
      )
    },
    read: (text) => {
      const key = text.trim()
      return isSendable(key)
        ? ok(key)
        : fail(
            'invalid-key',
            'That cannot be a key: it is empty, or holds spaces, line breaks or letters that keys do not have. Nothing was kept. Copy it again.',
          )
    },
    put: async (provider, key, where) => {
      const stored = await credentials.set(subjectOf(provider.id), key, where)
      if (!stored.ok)
        return stored.error.code === 'invalid-secret'
          ? fail('invalid-key', stored.error.message)
          : fail(
              'keychain-unavailable',
              'The keychain does not take the key: it is locked or not there. Nothing was kept. Unlock it and try again, or keep the key for this session only.',
              { retryable: true },
            )
      if (where === 'session') {
        sessionOrigins.set(provider.id, originOf(provider))
        storage.write('models.setKey', (tx) => tx.audit(`model:${provider.id}`, null, { keyKept: true, where }))
      } else {
        sessionOrigins.delete(provider.id)
        writeNote('models.setKey', provider, true)
      }
      return ok(null)
    },
    remove: async (provider) => {
      const removed = await credentials.delete(subjectOf(provider.id))
      sessionOrigins.delete(provider.id)
      if (!removed.ok && note(provider))
        return fail(
          'keychain-unavailable',
          'The keychain is locked or not there, so the key is still in it. Unlock it, then remove the key again.',
          { retryable: true },
        )
      writeNote('models.removeKey', provider, false)
      return ok(null)
    },
    subjects: {
      list: () =>
        Object.keys(readKeyNotes(storage))
          .filter((id) => deps.provider(id))
          .map((id) => ({ subject: subjectOf(id), where: 'keychain' })),
      restored: () => deps.changed(),
    },
  }
}

/** Printable ASCII in one word: anything else cannot stand in a header. */
export const isSendable = (key: string): boolean => /^[\x21-\x7e]{1,5000}$/.test(key)
