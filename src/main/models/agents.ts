import { Agent } from 'undici'
import { isPublicAddress } from '../net/addresses.ts'
import { checkedLookup, type Resolve, systemResolve } from '../net/agents.ts'
import { isOwnAddress } from './address.ts'
import type { ProviderRecord } from './providers.ts'

/** Of requests to providers, in milliseconds and decoded bytes. */
export interface WireLimits {
  readonly connectMs: number
  /** Between two bytes, also before the first. */
  readonly idleMs: number
  /** The same of a server of the user's, which reads a long transcript for minutes before its first word. */
  readonly ownIdleMs: number
  readonly totalMs: number
  readonly bodyBytes: number
  /** Of a list of models or the like. */
  readonly lookMs: number
}
export const wireLimits: WireLimits = {
  connectMs: 15_000,
  idleMs: 120_000,
  ownIdleMs: 900_000,
  totalMs: 1_800_000,
  bodyBytes: 20_000_000,
  lookMs: 20_000,
}

export interface ModelAgents {
  for(provider: Pick<ProviderRecord, 'own' | 'builtIn' | 'baseUrl'>): Agent
  close(): Promise<void>
}

/** Connections by where they may lead: what a name resolves to is checked at the socket itself. */
export function createModelAgents(limits: WireLimits, resolve: Resolve = systemResolve): ModelAgents {
  const agent = (idleMs: number, isAllowed: (address: string) => boolean): Agent =>
    new Agent({
      allowH2: false,
      autoSelectFamily: true,
      headersTimeout: idleMs,
      bodyTimeout: idleMs,
      maxHeaderSize: 64 * 1024,
      keepAliveTimeout: 4_000,
      connect: { timeout: limits.connectMs, lookup: checkedLookup(resolve, isAllowed) },
    })
  const published = agent(limits.idleMs, isPublicAddress)
  // By plain http a key must not leave the user's network, whatever the name resolves to.
  const ownPlain = agent(limits.ownIdleMs, isOwnAddress)
  const ownSafe = agent(limits.ownIdleMs, () => true)
  return {
    for: ({ own, baseUrl }) => (!own ? published : baseUrl.startsWith('http:') ? ownPlain : ownSafe),
    close: async () => {
      await Promise.all([published.destroy(), ownPlain.destroy(), ownSafe.destroy()])
    },
  }
}
