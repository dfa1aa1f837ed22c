import { fail, ok, type Result } from '#shared/result.ts'
import { isOwnNetwork, readBaseUrl } from './address.ts'
import type { ModelsDeps } from './deps.ts'
import type { Keys } from './keys.ts'
import type { ProviderRecord } from './providers.ts'
import { readKeyNotes, readRemovedServers, readServers, type Server, writeModels } from './settings.ts'
import { modelStore } from './store.ts'

export type ServerInput = Server
const taken = ['claude', 'gemini', 'offline']
const mostRemoved = 20

/** The user's own servers, kept with the settings. */
export function createServers(
  { storage, clock, setFree }: Pick<ModelsDeps, 'storage' | 'clock' | 'setFree'>,
  deps: { provider: (id: string) => ProviderRecord | undefined; keys: Keys },
) {
  return {
    /** Adds or changes one. At another origin it needs its key again: what was given for one place is sent to no other. */
    save: async (input: ServerInput): Promise<Result<Server, 'invalid-url' | 'address-refused' | 'name-taken'>> => {
      if (taken.includes(input.id))
        return fail('name-taken', `“${input.id}” is the name of a built-in provider. Give the server another name.`)
      const address = readBaseUrl(input.baseUrl)
      if (!address.ok) return address
      const server: Server = { ...input, title: input.title.trim() || input.id, baseUrl: address.value }
      const before = deps.provider(server.id)
      const moved = before !== undefined && new URL(before.baseUrl).origin !== new URL(server.baseUrl).origin
      if (moved) await deps.keys.remove(before)
      const own = isOwnNetwork(server.baseUrl)
      // In this order: killed in between, a server that costs is never taken for free.
      if (!own) setFree(server.id, false)
      storage.write('models.saveServer', (tx) => {
        const servers = readServers(tx)
        const old = servers.find(({ id }) => id === server.id)
        writeModels(
          tx,
          'servers',
          old ? servers.map((one) => (one.id === server.id ? server : one)) : [...servers, server],
          clock.now(),
        )
        if (old && old.baseUrl !== server.baseUrl) modelStore.forget(tx, server.id)
        tx.audit(`model:${server.id}`, old ?? null, server)
      })
      if (own) setFree(server.id, true)
      return ok(server)
    },
    remove: async (
      record: ProviderRecord,
    ): Promise<Result<Record<string, never>, 'built-in' | 'keychain-unavailable'>> => {
      if (record.builtIn)
        return fail('built-in', `${record.title} comes with Inkwell and cannot be removed. Its key can.`)
      if (readKeyNotes(storage)[record.id]) {
        const removed = await deps.keys.remove(record)
        if (!removed.ok) return removed
      }
      setFree(record.id, false)
      storage.write('models.removeServer', (tx) => {
        const servers = readServers(tx)
        const gone = servers.filter(({ id }) => id === record.id)
        const others = readRemovedServers(tx).filter(({ id }) => id !== record.id)
        writeModels(
          tx,
          'servers',
          servers.filter(({ id }) => id !== record.id),
          clock.now(),
        )
        writeModels(tx, 'removedServers', [...gone, ...others].slice(0, mostRemoved), clock.now())
        modelStore.forget(tx, record.id)
        tx.audit(`model:${record.id}`, gone[0] ?? null, null)
      })
      return ok({})
    },
    /** Without its key, which is gone. */
    undoRemove: (id: string): Result<Server, 'no-such-provider' | 'name-taken'> => {
      const server = readRemovedServers(storage).find((one) => one.id === id)
      if (!server) return fail('no-such-provider', `No server called “${id}” was removed lately. Add it anew.`)
      if (deps.provider(id))
        return fail('name-taken', `There is a server called “${id}” again. The other stays removed.`)
      storage.write('models.undoRemoveServer', (tx) => {
        writeModels(tx, 'servers', [...readServers(tx), server], clock.now())
        writeModels(
          tx,
          'removedServers',
          readRemovedServers(tx).filter((one) => one.id !== id),
          clock.now(),
        )
        tx.audit(`model:${id}`, null, server)
      })
      if (isOwnNetwork(server.baseUrl)) setFree(id, true)
      return ok(server)
    },
  }
}
