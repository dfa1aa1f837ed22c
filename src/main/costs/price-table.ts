import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** Micro-dollars for a million tokens, and for an hour of sound; null: not sold that way. */
export interface Rates {
  readonly input: number | null
  readonly output: number | null
  readonly cachedInput: number | null
  readonly cacheWrite: number | null
  /** For the tokens of a recording, where they have their own price. */
  readonly audioInput: number | null
  readonly audioPerHour: number | null
}
export interface PriceEntry {
  readonly provider: string
  readonly model: string
  readonly rates: Rates
  /** For a whole request whose prompt has more tokens than that. */
  readonly above: { readonly tokens: number; readonly rates: Rates } | null
  /** Tokens a second of sound comes to; 0 where sound is not sold as tokens. */
  readonly audioTokensPerSecond: number
  /** The least that is charged for a request. */
  readonly minimumAudioSeconds: number
  /** Day it was read, e.g. 2026-11-01. */
  readonly asOf: string
  readonly source: string
  /** First day on which it is charged; '' for one that always was. */
  readonly from: string
}
export interface PriceTable {
  /** In force on a day, each model once. */
  entries(day: string): PriceEntry[]
  /**
   * The price of a model by its exact id, an alias, or without the date at its end; null is unknown, never $0.
   * @param day e.g. 2026-11-23 (UTC)
   */
  find(provider: string, model: string, day: string): PriceEntry | null
  /** The last day on which any of it was read. */
  readonly newest: string
}

/** `'0.075'` → 75000. More than six decimals cannot be said in micro-dollars. */
const Dollars = z
  .string()
  .regex(/^\d{1,5}(\.\d{1,6})?$/)
  .transform((text) => {
    const [whole, part = ''] = text.split('.')
    return Number(whole) * 1_000_000 + Number(part.padEnd(6, '0'))
  })
const rateFields = {
  input: Dollars.optional(),
  output: Dollars.optional(),
  cached_input: Dollars.optional(),
  cache_write: Dollars.optional(),
  audio_input: Dollars.optional(),
  audio_hour: Dollars.optional(),
}
const Count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
const Entry = z.strictObject({
  model: z.string().min(1),
  aliases: z.array(z.string()).optional(),
  ...rateFields,
  above: z.strictObject({ tokens: Count, ...rateFields }).optional(),
  audio_tokens_per_second: Count.optional(),
  minimum_audio_seconds: Count.optional(),
  as_of: z.iso.date(),
  from: z.iso.date().optional(),
  source: z.url(),
})
const File = z.strictObject({
  free: z.array(z.string()),
  providers: z.record(z.string(), z.array(Entry)),
})

const ratesOf = (fields: Partial<Record<keyof typeof rateFields, number | undefined>>): Rates => ({
  input: fields.input ?? null,
  output: fields.output ?? null,
  cachedInput: fields.cached_input ?? null,
  cacheWrite: fields.cache_write ?? null,
  audioInput: fields.audio_input ?? null,
  audioPerHour: fields.audio_hour ?? null,
})
export const freeRates: Rates = {
  input: 0,
  output: 0,
  cachedInput: 0,
  cacheWrite: 0,
  audioInput: null,
  audioPerHour: 0,
}

/** How providers mark a dated release of a model: `-20251001`, `@20251001`, `-2024-07-18`, `-001`, `-latest`. */
const releaseMark = /[-@](?:\d{8}|\d{4}-\d{2}-\d{2}|\d{3}|latest)$/

/** Ids by which a model may be listed, the likeliest first. */
export const namesOf = (model: string): string[] => {
  const plain = model.replace(/^models\//, '')
  return [...new Set([model, plain, plain.replace(releaseMark, '')])]
}

/** @param text of assets/prices.yaml. Throws when it is not one: it comes with the program. */
export function readPriceTable(text: string): PriceTable {
  const file = File.parse(parse(text, { schema: 'failsafe' }))
  const entriesByName = new Map<string, PriceEntry[]>()
  const entries: PriceEntry[] = []
  for (const [provider, models] of Object.entries(file.providers))
    for (const fields of models) {
      const rates = ratesOf(fields)
      const entry: PriceEntry = {
        provider,
        model: fields.model,
        rates,
        above: fields.above
          ? { tokens: fields.above.tokens, rates: { ...rates, ...given(ratesOf(fields.above)) } }
          : null,
        audioTokensPerSecond: fields.audio_tokens_per_second ?? 0,
        minimumAudioSeconds: fields.minimum_audio_seconds ?? 0,
        asOf: fields.as_of,
        source: fields.source,
        from: fields.from ?? '',
      }
      entries.push(entry)
      for (const name of [fields.model, ...(fields.aliases ?? [])]) {
        const key = `${provider}/${name}`
        const others = entriesByName.get(key) ?? []
        if (others.some(({ from }) => from === entry.from)) throw new Error(`prices.yaml has ${key} twice`)
        entriesByName.set(key, [...others, entry])
      }
    }
  const free = new Set(file.free)
  const newest = entries.reduce((day, { asOf }) => (asOf > day ? asOf : day), '')
  const inForce = (candidates: readonly PriceEntry[] | undefined, day: string): PriceEntry | null =>
    candidates?.filter(({ from }) => from <= day).toSorted((one, other) => (one.from < other.from ? 1 : -1))[0] ?? null
  return {
    newest,
    entries: (day) =>
      entries.filter((entry) => inForce(entriesByName.get(`${entry.provider}/${entry.model}`), day) === entry),
    find: (provider, model, day) => {
      if (free.has(provider)) return freePrice(provider, model, newest)
      for (const name of namesOf(model)) {
        const found = inForce(entriesByName.get(`${provider}/${name}`), day)
        if (found) return found
      }
      return null
    },
  }
}

const given = (rates: Rates): Partial<Rates> =>
  Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate !== null))

const freePrice = (provider: string, model: string, asOf: string): PriceEntry => ({
  provider,
  model,
  rates: freeRates,
  above: null,
  audioTokensPerSecond: 0,
  minimumAudioSeconds: 0,
  asOf,
  source: 'Made on this computer, or given away.',
  from: '',
})

/** @param assetsUrl the folder of the program's assets */
export const readPriceFile = (assetsUrl: URL): PriceTable =>
  readPriceTable(readFileSync(new URL('prices.yaml', assetsUrl), 'utf8'))
