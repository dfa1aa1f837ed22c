import PQueue from 'p-queue'
import type { Assignment, ModelChoice, ModelInfo, ModelTask, Provider } from '#shared/contract/models.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretSubjects } from '../credentials/secret-subjects.ts'
import type { ModelFailure, Models } from '../services-models.ts'
import { createModelAgents, wireLimits } from './agents.ts'
import { createAssignments } from './assignments.ts'
import { createAttempts } from './attempts.ts'
import type { ModelsDeps } from './deps.ts'
import { createGenerate } from './generate.ts'
import { createHear, findHearer } from './hear.ts'
import { createKeys } from './keys.ts'
import { knownServers } from './known-servers.ts'
import { createLists } from './lists.ts'
import { lookAtProvider } from './look.ts'
import { defaultEndpoints, listProviders, type ProviderRecord } from './providers.ts'
import { createServers, type ServerInput } from './servers.ts'
import type { Assigned } from './settings.ts'
import { realWait } from './wait.ts'

type Found<Value, Code extends string = never> = Result<Value, Code | 'no-such-provider'>
export interface ModelsService extends Models {
  providers(): Provider[]
  presets(): typeof knownServers
  saveServer(input: ServerInput): Promise<Result<Provider, 'invalid-url' | 'address-refused' | 'name-taken'>>
  removeServer(id: string): Promise<Found<Record<string, never>, 'built-in' | 'keychain-unavailable'>>
  undoRemoveServer(id: string): Promise<Found<Provider, 'name-taken'>>
  /** Tries the key first, at no cost. */
  setKey(input: {
    id: string
    key: string
    where: 'keychain' | 'session'
    keepAnyway?: boolean | undefined
  }): Promise<Found<Provider, ModelFailure | 'invalid-key'>>
  removeKey(id: string): Promise<Found<Provider, 'keychain-unavailable'>>
  /** What came of it is in the provider's `problem`. */
  check(id: string): Promise<Found<Provider>>
  list(providerId?: string): ModelInfo[]
  assignments(): Assignment[]
  assign(task: ModelTask, to: Assigned): Found<Assignment[]>
  templateChoices(): { template: string; choice: ModelChoice }[]
  setTemplateChoice(template: string, choice: ModelChoice | null): Found<Record<string, never>>
  /** On this computer or the user's network: its work is free. */
  isOwnServer(providerId: string): boolean
  readonly secretSubjects: SecretSubjects
  close(): Promise<void>
}

/** Providers of models: their keys, lists and assignments, and the one way to ask them. */
export function createModelsService(deps: ModelsDeps): ModelsService {
  const { storage, events, clock, log } = deps
  const limits = { ...wireLimits, ...deps.limits }
  const agents = createModelAgents(limits, deps.resolve)
  const endpoints = deps.endpoints ?? defaultEndpoints
  const records = (): ProviderRecord[] => listProviders(storage, endpoints)
  const provider = (id: string): ProviderRecord | undefined => records().find((one) => one.id === id)
  const changed = (): void => events.emit('models.changed', {})
  // Changes of one provider wait for each other: a key that is being tried must not meet another address.
  const changes = new PQueue({ concurrency: 1 })

  const keys = createKeys(deps, { provider, changed })
  const lists = createLists(deps, { agents, limits, provider, key: keys.get, changed })
  const assignments = createAssignments(deps, { lists, keys, provider })
  const servers = createServers(deps, { provider, keys })

  const missing = (id: string) =>
    fail('no-such-provider', `There is no provider called “${id}”. It may have been removed.`)
  const shown = (record: ProviderRecord): Provider => {
    const { id, kind, title, builtIn } = record
    const look = lists.lookOf(id)
    const does = lists.does(id)
    const usual: Provider['does'] = kind === 'gemini' ? ['text', 'transcription'] : ['text']
    return {
      id,
      kind,
      title,
      baseUrl: builtIn ? null : record.baseUrl,
      key: keys.state(record),
      does: does.length > 0 ? does : usual,
      problem: look?.problem ?? null,
      checkedAtMs: look?.lookedAtMs ?? null,
      builtIn,
    }
  }
  const onProvider = <Value, Code extends string>(
    id: string,
    work: (record: ProviderRecord) => Promise<Result<Value, Code>>,
  ): Promise<Result<Value, Code | 'no-such-provider'>> =>
    changes.add(async () => {
      const record = provider(id)
      return record ? work(record) : missing(id)
    })
  const afterChange = (id: string): { ok: true; value: Provider } => {
    changed()
    return ok(shown(provider(id)!))
  }
  const usable = (choice: ModelChoice | null): boolean =>
    choice === null || choice.providerId === 'offline' || provider(choice.providerId) !== undefined

  const connect = async (providerId: string) => {
    const record = provider(providerId)
    if (!record) return missing(providerId)
    const key = await keys.get(record)
    return key.ok ? ok({ provider: record, key: key.value }) : key
  }
  const attempts = createAttempts({
    spending: deps.spending,
    log,
    nowMs: clock.now,
    wait: deps.wait ?? realWait,
    random: deps.random ?? Math.random,
    connect,
    retired: lists.retired,
    learn: (providerId, failure) => {
      // What concerns the key or the account is shown with the provider until it is mended; the rest passes by itself.
      const lasting = failure !== null && ['key-refused', 'credit-used-up'].includes(failure.code)
      if (failure !== null && !lasting) return
      if (failure === null && lists.lookOf(providerId)?.problem == null) return
      lists.noteProblem(providerId, failure)
    },
    successorOf: lists.successorOf,
  })

  return {
    generate: createGenerate(attempts, { agents, limits, nowMs: clock.now }),
    hear: createHear(attempts, { agents, limits, nowMs: clock.now }),
    hearer: (rung) =>
      findHearer(rung, {
        assigned: assignments.choiceFor('transcription'),
        providers: records().map(shown),
        list: lists.all,
      }),
    choiceFor: assignments.choiceFor,
    contextLength: ({ providerId, model }) => lists.model(providerId, model)?.contextLength ?? null,
    connection: async (providerId) => {
      const connected = await connect(providerId)
      if (!connected.ok) return connected
      const { kind, baseUrl } = connected.value.provider
      return ok({ kind, baseUrl, key: connected.value.key })
    },
    providers: () => records().map(shown),
    presets: () => knownServers,
    saveServer: (input) =>
      changes.add(async () => {
        const saved = await servers.save(input)
        return saved.ok ? afterChange(input.id) : saved
      }),
    removeServer: (id) =>
      onProvider(id, async (record) => {
        const removed = await servers.remove(record)
        if (removed.ok) changed()
        return removed
      }),
    undoRemoveServer: (id) =>
      changes.add(async () => {
        const back = servers.undoRemove(id)
        return back.ok ? afterChange(id) : back
      }),
    setKey: ({ id, key: text, where, keepAnyway }) =>
      onProvider<Provider, ModelFailure | 'invalid-key'>(id, async (record) => {
        const key = keys.read(text)
        if (!key.ok) return key
        const tried = await lookAtProvider({ agents, limits, nowMs: clock.now }, record, key.value)
        // A provider that cannot be asked now says nothing against the key.
        if (!tried.ok && ['key-refused', 'credit-used-up'].includes(tried.error.code) && !keepAnyway)
          return fail(tried.error.code, `${tried.error.message} This key was not kept.`)
        const kept = await keys.put(record, key.value, where)
        if (!kept.ok) return kept
        lists.keep(id, tried)
        return afterChange(id)
      }),
    removeKey: (id) =>
      onProvider(id, async (record) => {
        const removed = await keys.remove(record)
        return removed.ok ? afterChange(id) : removed
      }),
    check: async (id) => {
      const record = provider(id)
      if (!record) return missing(id)
      const looked = await lists.look(record)
      // Without its key a provider was not asked, but the view has to say why.
      if (!looked.ok && ['key-missing', 'keychain-unavailable'].includes(looked.error.code)) lists.keep(id, looked)
      return ok(shown(provider(id) ?? record))
    },
    list: (providerId) => (providerId === undefined ? records().map(({ id }) => id) : [providerId]).flatMap(lists.all),
    assignments: assignments.list,
    assign: (task, to) => {
      if (!usable(to.choice) || !usable(to.fallback))
        return missing(usable(to.choice) ? to.fallback!.providerId : to.choice.providerId)
      assignments.assign(task, to)
      changed()
      return ok(assignments.list())
    },
    templateChoices: assignments.templateChoices,
    setTemplateChoice: (template, choice) => {
      if (!usable(choice)) return missing(choice!.providerId)
      assignments.setTemplateChoice(template, choice)
      changed()
      return ok({})
    },
    isOwnServer: (providerId) => provider(providerId)?.own ?? false,
    secretSubjects: keys.subjects,
    close: () => agents.close(),
  }
}
