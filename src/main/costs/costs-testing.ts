import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import type { LeaseOwner } from '../jobs/lease.ts'
import type { Log } from '../ports.ts'
import type { SpendPurpose } from '../services-models.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createCostBook } from './book.ts'
import { createLimitsService } from './limits.ts'
import { readPriceTable } from './price-table.ts'
import { createPricesService } from './prices.ts'
import { createRollup } from './rollup.ts'
import { createCostsService } from './service.ts'
import { createSpendingService } from './spending.ts'

/** $1 for a million tokens in, $10 out, $0.10 from the cache; a recogniser at $0.36 an hour. */
export const testPrices = `
free: [offline]
providers:
  claude:
    - { model: model-1, input: '1', output: '10', cached_input: '0.10', cache_write: '1.25', as_of: 2026-11-01, source: 'https://prices.example/claude' }
  gemini:
    - { model: long-1, input: '1', output: '2', above: { tokens: 200000, input: '2', output: '4' }, as_of: 2026-11-01, source: 'https://prices.example/gemini' }
    - { model: sound-1, input: '0.30', output: '2.50', audio_input: '1', audio_tokens_per_second: 32, as_of: 2026-11-01, source: 'https://prices.example/gemini' }
  openai:
    - { model: whisper-1, audio_hour: '0.36', as_of: 2026-11-01, source: 'https://prices.example/openai' }
`
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export const purpose = (change: Partial<SpendPurpose> = {}): SpendPurpose => ({
  operation: 'extraction',
  jobId: null,
  feedId: null,
  episodeId: null,
  templateName: 'summary',
  ...change,
})

/** Everything about money in one process. */
export function moneyOf({
  storage: given,
  path = ':memory:',
  nowMs = Date.UTC(2026, 10, 23, 12),
  zone = 'UTC',
  owner = { id: 'me', host: 'here', pid: 100 },
  alive = () => true,
}: {
  storage?: Storage
  path?: string
  nowMs?: number
  zone?: string
  owner?: LeaseOwner
  alive?: (pid: number) => boolean
} = {}) {
  let now = nowMs
  const clock = { now: () => now }
  const open = (): Storage => {
    const opened = openStorage(path, { clock, origin: 'test' })
    if (!opened.ok) throw new Error(opened.error.message)
    return opened.value
  }
  const storage = given ?? open()
  const events = createEvents((error) => {
    throw error
  })
  const ids = createIds(clock)
  const rollup = createRollup(() => zone)
  const costs = createCostsService({ storage, rollup })
  const prices = createPricesService({ storage, clock, events, table: readPriceTable(testPrices) })
  const limits = createLimitsService({ storage, clock, events, rollup, zoneHere: () => zone })
  const spending = createSpendingService({
    storage,
    clock,
    ids,
    events,
    log: silent,
    owner,
    costs,
    prices,
    limits,
    alive,
  })
  const book = createCostBook({ storage, clock, desktop: null, rollup, prices, limits, shownPath: (path) => path })
  return {
    storage,
    clock,
    ids,
    events,
    rollup,
    costs,
    prices,
    limits,
    spending,
    book,
    setNow: (ms: number) => {
      now = ms
    },
    ledger: () =>
      storage.all<Record<string, unknown>>(
        'SELECT id, outcome, amount_kind, cost_micro_usd, input_tokens, output_tokens FROM cost_entries ORDER BY rowid',
      ),
    held: () =>
      storage.get<{ held: number }>('SELECT coalesce(sum(held_micro_usd), 0) AS held FROM cost_reservations')!.held,
    /** Takes both usual limits away. */
    unlimited: () => {
      for (const scope of ['job', 'month'] as const)
        limits.set({ scope, kind: 'asks', feedId: null, limitMicroUsd: null })
    },
  }
}
/** Tokens that cost exactly so many micro-dollars of model-1. */
export const plan = (microUsd: number) => ({
  inputTokens: [0, microUsd] as const,
  outputTokens: [0, 0] as const,
  audioSeconds: null,
})
export const used = (microUsd: number) => ({
  inputTokens: microUsd,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  audioSeconds: null,
})
