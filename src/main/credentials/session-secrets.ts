import { ok } from '#shared/result.ts'
import type { SecretStore } from '../ports.ts'

/** Secrets that live as long as this process. */
export function createSessionSecrets(): SecretStore {
  const secretsByAccount = new Map<string, string>()
  return {
    kind: 'session',
    get: async (account) => ok(secretsByAccount.get(account) ?? null),
    set: async (account, secret) => {
      secretsByAccount.set(account, secret)
      return ok(null)
    },
    delete: async (account) => {
      secretsByAccount.delete(account)
      return ok(null)
    },
  }
}
