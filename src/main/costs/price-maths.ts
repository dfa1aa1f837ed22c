import type { Estimate } from '#shared/contract/costs.ts'
import type { Charge, PlannedUsage, Usage } from '../services-models.ts'
import type { PriceEntry } from './price-table.ts'

/** No request has more; a figure beyond it is a fault of the server's. */
const mostTokens = 1_000_000_000
const mostSeconds = 10_000_000

const saneTokens = (tokens: number | null): number | null =>
  tokens !== null && Number.isSafeInteger(tokens) && tokens >= 0 && tokens <= mostTokens ? tokens : null
const saneSeconds = (seconds: number | null): number | null =>
  seconds !== null && Number.isFinite(seconds) && seconds >= 0 && seconds <= mostSeconds ? seconds : null

/** What the server said without what cannot be: negative, fractional, absurd, not a number. */
export const saneUsage = (usage: Usage): Usage => ({
  inputTokens: saneTokens(usage.inputTokens),
  outputTokens: saneTokens(usage.outputTokens),
  cachedInputTokens: saneTokens(usage.cachedInputTokens),
  cacheWriteTokens: saneTokens(usage.cacheWriteTokens),
  audioSeconds: saneSeconds(usage.audioSeconds),
})

export interface UsedTokens {
  readonly input: number
  readonly output: number
  readonly cachedInput: number
  readonly cacheWrite: number
  readonly audioSeconds: number
}
const ceilDivide = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

/** Micro-dollars, rounded up once. Whole numbers throughout: a product of tokens and price does not fit a float. */
export function costOf(price: PriceEntry, used: UsedTokens): number {
  const prompt = used.input + used.cachedInput + used.cacheWrite
  const rates = price.above && prompt > price.above.tokens ? price.above.rates : price.rates
  const audioTokens =
    rates.audioInput === null ? 0 : Math.min(used.input, Math.ceil(used.audioSeconds * price.audioTokensPerSecond))
  // What has no price of its own is charged like any other input.
  const millionths = (
    [
      [used.input - audioTokens, rates.input],
      [audioTokens, rates.audioInput],
      [used.output, rates.output],
      [used.cachedInput, rates.cachedInput ?? rates.input],
      [used.cacheWrite, rates.cacheWrite ?? rates.input],
    ] as const
  ).reduce((sum, [tokens, rate]) => sum + BigInt(tokens) * BigInt(rate ?? 0), 0n)
  const milliseconds =
    used.audioSeconds > 0 ? Math.ceil(Math.max(used.audioSeconds, price.minimumAudioSeconds) * 1000) : 0
  const hours = BigInt(milliseconds) * BigInt(rates.audioPerHour ?? 0)
  // Both over 36,000,000: a million tokens, and an hour's milliseconds.
  return Number(ceilDivide(millionths * 36n + hours * 10n, 36_000_000n))
}

/** Whether this is sold by tokens, by time, or both. */
export const soldBy = ({ rates }: PriceEntry): { tokens: boolean; time: boolean } => ({
  tokens: rates.input !== null || rates.output !== null || rates.audioInput !== null,
  time: rates.audioPerHour !== null,
})

/**
 * What a request that was charged came to. What the server did not say is filled in from the most that was planned, and
 * then the sum is an estimate.
 */
export function chargeOf(price: PriceEntry | null, usage: Usage, planned: UsedTokens): Charge {
  if (!price) return { costMicroUsd: null, amountKind: 'unknown' }
  const sane = saneUsage(usage)
  const sold = soldBy(price)
  const isFree = costOf(price, { ...planned, input: 1e6, output: 1e6, audioSeconds: 3600 }) === 0
  const isComplete =
    (!sold.tokens || (sane.inputTokens !== null && sane.outputTokens !== null)) &&
    (!sold.time || sold.tokens || sane.audioSeconds !== null) &&
    // Absurd figures for the cache say that the others may be wrong too; none at all is usual.
    (sane.cachedInputTokens !== null || usage.cachedInputTokens === null) &&
    (sane.cacheWriteTokens !== null || usage.cacheWriteTokens === null)
  const cost = costOf(price, {
    input: sane.inputTokens ?? planned.input,
    output: sane.outputTokens ?? planned.output,
    cachedInput: sane.cachedInputTokens ?? 0,
    cacheWrite: sane.cacheWriteTokens ?? 0,
    audioSeconds: sane.audioSeconds ?? planned.audioSeconds,
  })
  return { costMicroUsd: cost, amountKind: isComplete || isFree ? 'known' : 'estimated' }
}

/** What the part that came from the provider's cache would have cost more. */
export function savedOf(price: PriceEntry | null, usage: Usage): number {
  if (!price) return 0
  const cached = saneUsage(usage).cachedInputTokens ?? 0
  const none: UsedTokens = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, audioSeconds: 0 }
  return Math.max(0, costOf(price, { ...none, input: cached }) - costOf(price, { ...none, cachedInput: cached }))
}

/** Both ends of a plan. Null: it is no plan (negative, not a number). */
export function plannedEnds(
  price: PriceEntry | null,
  planned: PlannedUsage,
): [low: UsedTokens, high: UsedTokens] | null {
  const ends = [...planned.inputTokens, ...planned.outputTokens]
  const seconds = saneSeconds(planned.audioSeconds ?? 0)
  if (seconds === null || ends.some((tokens) => !(tokens >= 0 && tokens <= mostTokens))) return null
  const audioTokens = Math.ceil(seconds * (price?.audioTokensPerSecond ?? 0))
  const end = (input: number, output: number): UsedTokens => ({
    // Plans count the words; what the recording itself comes to is added where it is not in.
    input: Math.ceil(input) + (input < audioTokens ? audioTokens : 0),
    output: Math.ceil(output),
    cachedInput: 0,
    cacheWrite: 0,
    audioSeconds: seconds,
  })
  return [
    end(Math.min(...planned.inputTokens), Math.min(...planned.outputTokens)),
    end(Math.max(...planned.inputTokens), Math.max(...planned.outputTokens)),
  ]
}

const number = (value: number): string => value.toLocaleString('en')
const range = (low: number, high: number): string => (low === high ? number(low) : `${number(low)} to ${number(high)}`)
const sound = (seconds: number): string => {
  const minutes = Math.max(1, Math.round(seconds / 60))
  return minutes < 60 ? `${minutes} min of sound` : `${Math.floor(minutes / 60)} h ${minutes % 60} min of sound`
}

/** What a request will cost, with what that comes from. */
export function estimateOf(price: PriceEntry | null, model: string, planned: PlannedUsage): Estimate {
  const ends = plannedEnds(price, planned)
  const unknown = (reason: string): Estimate => ({ lowMicroUsd: null, highMicroUsd: null, reason })
  if (!price) return unknown(`No price is known for ${model}.`)
  if (!ends) return unknown('How much will be used is not known.')
  const [low, high] = ends
  const [lowMicroUsd, highMicroUsd] = [costOf(price, low), costOf(price, high)]
  if (highMicroUsd === 0) return { lowMicroUsd: 0, highMicroUsd: 0, reason: 'Free.' }
  const parts = [
    ...(high.audioSeconds > 0 ? [sound(high.audioSeconds)] : []),
    ...(soldBy(price).tokens
      ? [`${range(low.input, high.input)} tokens in, ${range(low.output, high.output)} out`]
      : []),
  ]
  return {
    lowMicroUsd: Math.min(lowMicroUsd, highMicroUsd),
    highMicroUsd,
    reason: `${parts.join(', ')}, at the price of ${price.asOf}.`,
  }
}
