import type { ModelInfo } from '#shared/contract/models.ts'
import { fail, type Result } from '#shared/result.ts'
import type { ModelFailure, ModelRequest } from '../services-models.ts'
import type { ModelAgents, WireLimits } from './agents.ts'
import type { ModelsDeps } from './deps.ts'
import { lookAtProvider } from './look.ts'
import type { ProviderRecord } from './providers.ts'
import { quoted } from './status-failures.ts'
import { type ListedModel, type Look, modelStore } from './store.ts'
import { isOffered, proposeSuccessor } from './successor.ts'

const dayMs = 86_400_000
/** A model that a fresh list does not have is looked for once more, but not over and over. */
const againAfterMs = 60_000

/** Lists of models: live, kept with their time, and asked again before money is spent on a model. */
export function createLists(
  { storage, clock, priceOf, log }: Pick<ModelsDeps, 'storage' | 'clock' | 'priceOf' | 'log'>,
  deps: {
    agents: ModelAgents
    limits: WireLimits
    provider: (id: string) => ProviderRecord | undefined
    key: (provider: ProviderRecord) => Promise<Result<string | null, ModelFailure>>
    changed: () => void
  },
) {
  const underWay = new Map<string, Promise<Result<ListedModel[], ModelFailure>>>()
  const withPrice = (providerId: string, model: ListedModel): ModelInfo => ({
    ...model,
    providerId,
    price: priceOf(providerId, model.id),
  })

  /** Keeps what came of a look; a list that failed leaves the one before. */
  function keep(providerId: string, found: Result<ListedModel[], ModelFailure>): void {
    const nowMs = clock.now()
    storage.writeUnaudited((tx) => {
      const before = modelStore.look(tx, providerId)
      if (found.ok) modelStore.putModels(tx, providerId, found.value)
      modelStore.putLook(tx, providerId, {
        lookedAtMs: nowMs,
        listedAtMs: found.ok ? nowMs : (before?.listedAtMs ?? null),
        problem: found.ok ? null : { code: found.error.code, message: found.error.message, atMs: nowMs },
      })
    })
    log.info('models.look', { provider: providerId, outcome: found.ok ? 'ok' : found.error.code })
    deps.changed()
  }

  /** One look at a time for each provider; whoever asks meanwhile gets the same. */
  async function look(provider: ProviderRecord): Promise<Result<ListedModel[], ModelFailure>> {
    const running = underWay.get(provider.id)
    if (running) return running
    const asked = (async () => {
      const key = await deps.key(provider)
      if (!key.ok) return key
      const found = await lookAtProvider({ ...deps, nowMs: clock.now }, provider, key.value)
      keep(provider.id, found)
      return found
    })().finally(() => underWay.delete(provider.id))
    underWay.set(provider.id, asked)
    return asked
  }

  const successorOf = (providerId: string, model: string): ModelInfo | null => {
    const found = proposeSuccessor(
      model,
      modelStore.models(storage, providerId).filter(({ does }) => does.includes('text')),
    )
    return found && withPrice(providerId, found)
  }
  /** Known to be gone, from the list as it is kept. */
  const isGone = (providerId: string, model: string): boolean => {
    const kept = modelStore.models(storage, providerId)
    return kept.length > 0 && !isOffered(model, kept)
  }

  return {
    keep,
    look,
    /** What a request met; null when it is mended. */
    noteProblem: (providerId: string, problem: { code: string; message: string } | null): void => {
      const nowMs = clock.now()
      storage.writeUnaudited((tx) => {
        const before = modelStore.look(tx, providerId)
        modelStore.putLook(tx, providerId, {
          lookedAtMs: before?.lookedAtMs ?? 0,
          listedAtMs: before?.listedAtMs ?? null,
          problem: problem && { code: problem.code, message: problem.message, atMs: nowMs },
        })
      })
      deps.changed()
    },
    withPrice,
    successorOf,
    isGone,
    lookOf: (providerId: string): Look | null => modelStore.look(storage, providerId),
    /** What the models of a provider can do, together. */
    does: (providerId: string): ListedModel['does'] =>
      [...new Set(modelStore.models(storage, providerId).flatMap((model) => model.does))].sort(),
    all: (providerId: string): ModelInfo[] =>
      modelStore.models(storage, providerId).map((model) => withPrice(providerId, model)),
    model: (providerId: string, id: string): ListedModel | null =>
      modelStore.model(storage, providerId, id) ??
      modelStore.models(storage, providerId).find((model) => isOffered(id, [model])) ??
      null,
    /**
     * Before money is spent: looks again when the list is older than a day, or does not have the model. A provider that
     * gives no list, or cannot be asked now, holds nothing up: the request itself will tell.
     */
    retired: async (
      { providerId, model }: ModelRequest['choice'],
      signal: AbortSignal,
    ): Promise<Result<never, ModelFailure> | null> => {
      const provider = deps.provider(providerId)
      if (!provider) return null
      const ageMs = (): number => {
        const seen = modelStore.look(storage, providerId)
        return clock.now() - (seen?.lookedAtMs ?? 0)
      }
      if (ageMs() > dayMs || (isGone(providerId, model) && ageMs() > againAfterMs))
        await Promise.race([look(provider), aborted(signal)])
      return isGone(providerId, model) ? goneFailure(provider, model, successorOf(providerId, model)) : null
    },
  }
}
export type Lists = ReturnType<typeof createLists>

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Names the model that would take its place, with its price in the details. */
export const goneFailure = (provider: ProviderRecord, model: string, successor: ModelInfo | null) =>
  fail('model-retired', goneWords(provider, model, successor), {
    details: { providerId: provider.id, model, successor },
  })

export const goneWords = (provider: ProviderRecord, model: string, successor: ModelInfo | null): string =>
  `${provider.title} does not offer ${quoted(model)} any more. Nothing was spent, and what was done before is kept. ${
    successor
      ? `${successor.title} can take its place${priceWords(successor)}.`
      : provider.own
        ? `Install it on ${provider.title}, or choose another model.`
        : 'Choose another model.'
  }`

const priceWords = ({ price }: ModelInfo): string =>
  price?.inputPerMillion == null || price.outputPerMillion == null
    ? ''
    : `, at $${dollars(price.inputPerMillion)} a million tokens in and $${dollars(price.outputPerMillion)} out`
const dollars = (microUsd: number): string => (microUsd / 1e6).toFixed(2)
