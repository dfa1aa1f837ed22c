import type { Price } from '#shared/contract/costs.ts'
import type { PricesService } from '../costs/prices.ts'
import type { ModelsDeps } from '../models/deps.ts'
import { modelsHandlers } from '../models/handlers.ts'
import { createModelsService, type ModelsService } from '../models/service.ts'

const ownNetwork = 'On this computer or your own network'

/** Providers of models, with the prices of the money and nothing to pay for what runs on the user's own network. */
export function joinModels(deps: Omit<ModelsDeps, 'priceOf' | 'setFree'> & { readonly prices: PricesService }): {
  models: ModelsService
  modelsHandlers: ReturnType<typeof modelsHandlers>
} {
  const { prices, clock } = deps
  const models = createModelsService({
    ...deps,
    priceOf: (provider, model) => priceOf(prices, provider, model),
    setFree: (provider, free) => {
      const own = prices.list().find((price) => price.own && price.provider === provider && price.model === '*')
      // What the user put in by hand stays theirs.
      if (own && own.source !== ownNetwork) return
      if (!free) return void (own && prices.remove(provider, '*'))
      if (own) return
      prices.set({
        provider,
        model: '*',
        inputPerMillion: 0,
        outputPerMillion: 0,
        cachedInputPerMillion: 0,
        cacheWritePerMillion: 0,
        audioPerHour: 0,
        asOf: new Date(clock.now()).toISOString().slice(0, 10),
        source: ownNetwork,
      })
    },
  })
  return { models, modelsHandlers: modelsHandlers(models) }
}

function priceOf(prices: PricesService, provider: string, model: string): Price | null {
  const found = prices.find(provider, model)
  if (!found) return null
  const { rates, asOf, source } = found.entry
  return {
    provider,
    model,
    inputPerMillion: rates.input,
    outputPerMillion: rates.output,
    cachedInputPerMillion: rates.cachedInput,
    cacheWritePerMillion: rates.cacheWrite,
    audioPerHour: rates.audioPerHour,
    asOf,
    source,
    // The version of a price of the user's holds its own hash (costs/prices.ts).
    own: found.version.includes('+'),
  }
}
