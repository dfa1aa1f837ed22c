import type { ProviderKind } from '#shared/contract/models.ts'
import type { Reader } from '../storage/storage.ts'
import { isOwnNetwork } from './address.ts'
import { readServers } from './settings.ts'

/** A provider as main uses it. */
export interface ProviderRecord {
  readonly id: string
  readonly kind: ProviderKind
  readonly title: string
  readonly baseUrl: string
  readonly needsKey: boolean
  readonly builtIn: boolean
  /** On this computer or the user's network: free, slow, and never a name to be found on the web. */
  readonly own: boolean
  /** Where people add credit and make keys. */
  readonly console: string | null
}
/** Other addresses for the built-in providers: tests, and companies with a gateway of their own. */
export interface Endpoints {
  readonly claude: string
  readonly gemini: string
}
export const defaultEndpoints: Endpoints = {
  claude: 'https://api.anthropic.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
}

const consoles: Record<string, string> = {
  'api.openai.com': 'platform.openai.com',
  'openrouter.ai': 'openrouter.ai/settings',
  'api.groq.com': 'console.groq.com',
}

/** The two that are built in, then the user's servers in the order they were added. */
export function listProviders(reader: Reader, endpoints: Endpoints): ProviderRecord[] {
  const builtIn = (id: 'claude' | 'gemini', title: string, console: string): ProviderRecord => ({
    id,
    kind: id,
    title,
    baseUrl: endpoints[id],
    needsKey: true,
    builtIn: true,
    own: false,
    console,
  })
  return [
    builtIn('claude', 'Claude', 'console.anthropic.com'),
    builtIn('gemini', 'Gemini', 'aistudio.google.com'),
    ...readServers(reader).map(
      (server): ProviderRecord => ({
        ...server,
        kind: 'openai-compatible',
        builtIn: false,
        own: isOwnNetwork(server.baseUrl),
        console: consoles[new URL(server.baseUrl).hostname] ?? null,
      }),
    ),
  ]
}
