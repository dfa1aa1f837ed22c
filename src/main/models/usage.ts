import type { ProviderKind } from '#shared/contract/models.ts'
import type { Usage } from '../services-models.ts'

/** What a provider said of its use, in its own words; the newest of each word stands. */
export type RawUsage = Record<string, unknown>
/** The most that can be true of a request, so that 1e18 is not believed. */
export interface UsageBounds {
  readonly inputTokens: number
  readonly outputTokens: number
}

/** No tokenizer makes more than one token of a byte or 100 of a second of sound; a provider adds some of its own. */
export const boundsOf = (promptText: string, maxOutputTokens: number, soundSeconds = 0): UsageBounds => ({
  inputTokens: Buffer.byteLength(promptText) + Math.ceil(soundSeconds) * 100 + 20_000,
  outputTokens: maxOutputTokens + 100_000,
})

/**
 * Counts in Inkwell's sense: input without what came from or went into the provider's cache. A count that is no whole
 * number, negative or beyond what can be true is null: unknown, never 0.
 * @returns null when the provider said nothing at all
 */
export function readUsage(kind: ProviderKind, raw: RawUsage, bounds: UsageBounds): Usage | null {
  if (Object.keys(raw).length === 0) return null
  const count = (value: unknown, most: number): number | null =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most ? value : null
  const input = (value: unknown): number | null => count(value, bounds.inputTokens)
  const output = (value: unknown): number | null => count(value, bounds.outputTokens)
  /** Left out means none; anything else must be a count. */
  const orNone = (value: unknown, read: (value: unknown) => number | null): number | null =>
    value === undefined || value === null ? 0 : read(value)
  const within = (total: number | null, part: number | null): number | null =>
    total === null || part === null || part > total ? null : total - part

  if (kind === 'claude') {
    return {
      inputTokens: input(raw.input_tokens),
      outputTokens: output(raw.output_tokens),
      cachedInputTokens: orNone(raw.cache_read_input_tokens, input),
      cacheWriteTokens: orNone(raw.cache_creation_input_tokens, input),
      audioSeconds: null,
    }
  }
  if (kind === 'gemini') {
    const cached = orNone(raw.cachedContentTokenCount, input)
    const thoughts = orNone(raw.thoughtsTokenCount, output)
    const answer = output(raw.candidatesTokenCount)
    return {
      inputTokens: within(input(raw.promptTokenCount), cached),
      outputTokens: answer === null || thoughts === null ? null : answer + thoughts,
      cachedInputTokens: cached,
      cacheWriteTokens: 0,
      audioSeconds: null,
    }
  }
  const details = raw.prompt_tokens_details
  const cached = orNone(
    typeof details === 'object' && details !== null ? (details as RawUsage).cached_tokens : undefined,
    input,
  )
  return {
    inputTokens: within(input(raw.prompt_tokens), cached),
    outputTokens: output(raw.completion_tokens),
    cachedInputTokens: cached,
    cacheWriteTokens: 0,
    audioSeconds: null,
  }
}
