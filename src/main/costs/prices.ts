import { createHash } from 'node:crypto'
import type { Price } from '#shared/contract/costs.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Events } from '../ports.ts'
import { isSealed, type SealedTable, sealOf } from '../storage/seals.ts'
import type { Reader, Storage } from '../storage/storage.ts'
import { namesOf, type PriceEntry, type PriceTable } from './price-table.ts'

export interface FoundPrice {
  readonly entry: PriceEntry
  /** For the row of the ledger: the day it was read and, for a price of the user's, what it was. */
  readonly version: string
}
export interface PricesService {
  /** Null is unknown, never $0. Prices of the user's come first, then the ones that came with Inkwell. */
  find(provider: string, model: string): FoundPrice | null
  /** In force now, those of the user's marked. */
  list(): Price[]
  /** Changes when any price does. */
  version(): string
  set(price: Omit<Price, 'own'>): Result<Price[], 'price-refused'>
  /** The built-in one stands again. */
  remove(provider: string, model: string): Price[]
}

interface OwnPriceRow {
  readonly id: string
  readonly provider: string
  /** `*`: each model of the provider. */
  readonly model: string
  readonly input_per_million: number | null
  readonly output_per_million: number | null
  readonly cached_input_per_million: number | null
  readonly cache_write_per_million: number | null
  readonly audio_per_hour: number | null
  readonly as_of: string
  readonly source: string
}
const columns = [
  'id',
  'provider',
  'model',
  'input_per_million',
  'output_per_million',
  'cached_input_per_million',
  'cache_write_per_million',
  'audio_per_hour',
  'as_of',
  'source',
] as const satisfies readonly (keyof OwnPriceRow)[]
export const costOwnPricesTable: SealedTable = { name: 'cost_own_prices', key: 'id', columns }

/** $10,000 for a million tokens; beyond it somebody took cents for dollars. */
const mostMicroUsd = 10_000_000_000

export function createPricesService({
  storage,
  clock,
  events,
  table,
}: {
  readonly storage: Storage
  readonly clock: Clock
  readonly events: Events
  readonly table: PriceTable
}): PricesService {
  /** One that has rotted is not used: the built-in price, or none, stands. */
  const own = (reader: Reader): OwnPriceRow[] =>
    reader
      .all<OwnPriceRow & { row_sha256: string }>('SELECT * FROM cost_own_prices ORDER BY id')
      .filter((row) => isSealed(costOwnPricesTable, { ...row }))
  const today = (): string => new Date(clock.now()).toISOString().slice(0, 10)
  const service: PricesService = {
    find(provider, model) {
      const rows = own(storage).filter((row) => row.provider === provider)
      for (const name of [...namesOf(model), '*']) {
        const row = rows.find((one) => one.model === name)
        if (row) return { entry: entryOf(row), version: `${row.as_of}+${hashOf([row])}` }
      }
      const entry = table.find(provider, model, today())
      return entry && { entry, version: entry.from > entry.asOf ? entry.from : entry.asOf }
    },
    list() {
      const rows = own(storage)
      const mine = new Set(rows.map(({ provider, model }) => `${provider}/${model}`))
      return [
        ...rows.map(priceOfRow),
        ...table
          .entries(today())
          .filter(({ provider, model }) => !mine.has(`${provider}/${model}`))
          .map(priceOfEntry),
      ].toSorted((one, other) => compare(one.provider, other.provider) || compare(one.model, other.model))
    },
    version() {
      const rows = own(storage)
      return rows.length === 0 ? table.newest : `${table.newest}+${hashOf(rows)}`
    },
    set(price) {
      const row = rowOf(price)
      const rates = [
        row.input_per_million,
        row.output_per_million,
        row.cached_input_per_million,
        row.cache_write_per_million,
        row.audio_per_hour,
      ]
      const problem = rates.every((rate) => rate === null)
        ? 'A price needs at least one figure.'
        : rates.some((rate) => rate !== null && !(Number.isSafeInteger(rate) && rate >= 0 && rate <= mostMicroUsd))
          ? 'A price is between $0 and $10,000 for a million tokens or an hour.'
          : row.provider === '' || row.model === ''
            ? 'A price needs a provider and a model.'
            : null
      if (problem) return fail('price-refused', `${problem} Nothing was changed.`)
      storage.write('costs.setPrice', (tx) => {
        const before = tx.get<OwnPriceRow>('SELECT * FROM cost_own_prices WHERE id = ?', [row.id])
        tx.run(
          `INSERT OR REPLACE INTO cost_own_prices (${columns.join(', ')}, row_sha256)
           VALUES (${[...columns, ''].map(() => '?').join(', ')})`,
          [...columns.map((name) => row[name]), sealOf(costOwnPricesTable, { ...row })],
        )
        tx.audit(`price:${row.provider} ${row.model}`, before ? { ...priceOfRow(before) } : null, {
          ...priceOfRow(row),
        })
      })
      events.emit('costs.changed', {})
      return ok(service.list())
    },
    remove(provider, model) {
      const id = idOf(provider, model)
      if (storage.get('SELECT 1 FROM cost_own_prices WHERE id = ?', [id])) {
        storage.write('costs.removePrice', (tx) => {
          const before = tx.get<OwnPriceRow>('SELECT * FROM cost_own_prices WHERE id = ?', [id])
          tx.run('DELETE FROM cost_own_prices WHERE id = ?', [id])
          tx.audit(`price:${provider} ${model}`, before ? { ...priceOfRow(before) } : null, null)
        })
        events.emit('costs.changed', {})
      }
      return service.list()
    },
  }
  return service
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
const idOf = (provider: string, model: string): string => JSON.stringify([provider, model])
const hashOf = (rows: readonly OwnPriceRow[]): string =>
  createHash('sha256')
    .update(JSON.stringify(rows.map((row) => columns.map((name) => row[name]))))
    .digest('hex')
    .slice(0, 8)

const rowOf = (price: Omit<Price, 'own'>): OwnPriceRow => ({
  id: idOf(price.provider, price.model),
  provider: price.provider,
  model: price.model,
  input_per_million: price.inputPerMillion,
  output_per_million: price.outputPerMillion,
  cached_input_per_million: price.cachedInputPerMillion,
  cache_write_per_million: price.cacheWritePerMillion,
  audio_per_hour: price.audioPerHour,
  as_of: price.asOf,
  source: price.source,
})
const priceOfRow = (row: OwnPriceRow): Price => ({
  provider: row.provider,
  model: row.model,
  inputPerMillion: row.input_per_million,
  outputPerMillion: row.output_per_million,
  cachedInputPerMillion: row.cached_input_per_million,
  cacheWritePerMillion: row.cache_write_per_million,
  audioPerHour: row.audio_per_hour,
  asOf: row.as_of,
  source: row.source,
  own: true,
})
const entryOf = (row: OwnPriceRow): PriceEntry => ({
  provider: row.provider,
  model: row.model,
  rates: {
    input: row.input_per_million,
    output: row.output_per_million,
    cachedInput: row.cached_input_per_million,
    cacheWrite: row.cache_write_per_million,
    audioInput: null,
    audioPerHour: row.audio_per_hour,
  },
  above: null,
  audioTokensPerSecond: 0,
  minimumAudioSeconds: 0,
  asOf: row.as_of,
  source: row.source,
  from: '',
})
const priceOfEntry = ({ provider, model, rates, audioTokensPerSecond, asOf, source }: PriceEntry): Price => ({
  provider,
  model,
  inputPerMillion: rates.input,
  outputPerMillion: rates.output,
  cachedInputPerMillion: rates.cachedInput,
  cacheWritePerMillion: rates.cacheWrite,
  audioPerHour:
    rates.audioPerHour ??
    (audioTokensPerSecond > 0 && (rates.audioInput ?? rates.input) !== null
      ? Math.ceil(((rates.audioInput ?? rates.input)! * audioTokensPerSecond * 3600) / 1_000_000)
      : null),
  asOf,
  source,
  own: false,
})
