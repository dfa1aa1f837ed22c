import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from '#shared/result.ts'
import { joinModels } from '../../compose/models.ts'
import { moneyOf } from '../../costs/costs-testing.ts'
import { createCredentials } from '../../credentials/service.ts'
import { createSessionSecrets } from '../../credentials/session-secrets.ts'
import { createLog } from '../../log.ts'
import type { Resolve } from '../../net/agents.ts'
import type { SecretStore } from '../../ports.ts'
import type { ModelRequest } from '../../services-models.ts'
import type { WireLimits } from '../agents.ts'
import { startFakeAnthropic } from './fake-anthropic.ts'
import { startFakeGemini } from './fake-gemini.ts'
import { startFakeOpenAi } from './fake-openai.ts'
import type { FakeReply, ScriptedServer } from './scripted-server.ts'

/** Stands nowhere but in the keychain. */
export const canary = 'sk-ant-api03-CANARY0123456789abcdefghijklmnop'
export type ProviderName = 'claude' | 'gemini' | 'local'
export const providerNames: readonly ProviderName[] = ['claude', 'gemini', 'local']
export const modelOf: Record<ProviderName, string> = {
  claude: 'claude-sonnet-4-5',
  gemini: 'gemini-3-flash',
  local: 'qwen3:14b',
}

/** Models with the real ledger on a real database, the real log, and servers on loopback in place of the providers. */
export async function openModelsHouse({
  limits = {},
  models: kept = true,
  resolve,
}: {
  resolve?: Resolve
  limits?: Partial<WireLimits>
  /** False: no key, no server. */
  models?: boolean
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-models-'))
  const money = moneyOf({ path: join(folder, 'inkwell.db') })
  const { storage, prices, events, clock } = money
  const log = createLog(folder)
  const servers = {
    claude: await startFakeAnthropic(),
    gemini: await startFakeGemini(),
    local: await startFakeOpenAi(),
  }
  let locked = false
  const chain = createSessionSecrets()
  const refusal = fail('keychain-unavailable', 'The keychain is locked.')
  const keychain: SecretStore = {
    kind: 'keychain',
    get: (account) => (locked ? Promise.resolve(refusal) : chain.get(account)),
    set: (account, secret) => (locked ? Promise.resolve(refusal) : chain.set(account, secret)),
    delete: (account) => (locked ? Promise.resolve(refusal) : chain.delete(account)),
  }
  const credentials = createCredentials({
    keychain,
    session: createSessionSecrets(),
    profileId: 'p',
    hide: log.hide,
  })
  /** Milliseconds that were asked for, in place of waiting. */
  const waits: number[] = []
  const joined = joinModels({
    storage,
    events,
    clock,
    log,
    credentials,
    spending: money.spending,
    prices,
    endpoints: { claude: servers.claude.baseUrl, gemini: servers.gemini.baseUrl },
    limits,
    ...(resolve ? { resolve } : {}),
    random: () => 0.5,
    wait: async (ms, signal) => {
      waits.push(ms)
      signal.throwIfAborted()
    },
  })
  const { models } = joined
  const free = { cachedInputPerMillion: null, cacheWritePerMillion: null, audioPerHour: null, asOf: '2026-11-01' }
  const rates = { inputPerMillion: 1_000_000, outputPerMillion: 10_000_000 }
  for (const provider of ['claude', 'gemini'])
    prices.set({ provider, model: '*', ...rates, ...free, source: 'https://prices.example' })
  if (kept) {
    await models.saveServer({ id: 'local', title: 'Ollama', baseUrl: servers.local.baseUrl, needsKey: true })
    for (const id of providerNames) {
      const set = await models.setKey({ id, key: canary, where: 'keychain' })
      if (!set.ok) throw new Error(set.error.message)
    }
  }
  const request = (provider: ProviderName, change: Partial<ModelRequest> = {}): ModelRequest => ({
    choice: { providerId: provider, model: modelOf[provider] },
    system: 'Be brief.',
    messages: [{ role: 'user', text: 'What do the keepers write down? '.repeat(40) }],
    maxOutputTokens: 1_000,
    temperature: 0.3,
    purpose: { operation: 'extraction', jobId: null, feedId: null, episodeId: null, templateName: 'summary' },
    approvedMicroUsd: null,
    signal: new AbortController().signal,
    ...change,
  })
  return {
    ...money,
    ...joined,
    folder,
    log,
    servers,
    credentials,
    waits,
    request,
    lockKeychain: (on: boolean) => {
      locked = on
    },
    /** Asks once, with the replies the provider gives in turn. */
    ask: (provider: ProviderName, replies: readonly FakeReply[], change: Partial<ModelRequest> = {}) => {
      servers[provider].next(...replies)
      return models.generate(request(provider, change))
    },
    ledger: () =>
      storage.all<{
        provider: string
        model: string
        outcome: string
        amount_kind: string
        cost_micro_usd: number | null
        input_tokens: number | null
        output_tokens: number | null
        cached_tokens: number | null
        operation: string
      }>(
        `SELECT provider, model, operation, outcome, amount_kind, cost_micro_usd, input_tokens, output_tokens, cached_tokens
         FROM cost_entries ORDER BY rowid`,
      ),
    /** Reservations that were not given back. */
    held: () => storage.get<{ n: number }>('SELECT count(*) AS n FROM cost_reservations')!.n,
    /** Files of the profile that hold the text. */
    filesWith: (text: string): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => readFileSync(path).includes(text)),
    close: async () => {
      await models.close()
      for (const server of Object.values<ScriptedServer>(servers)) await server.close()
      storage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type ModelsHouse = Awaited<ReturnType<typeof openModelsHouse>>

/** The value of a result that must have worked. */
export const must = <Value>(result: { ok: true; value: Value } | { ok: false; error: { message: string } }): Value => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
