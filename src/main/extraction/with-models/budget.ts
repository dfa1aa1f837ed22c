import type { ModelChoice } from '#shared/contract/models.ts'

/** More than this at once is dearer at some providers, and the middle is read poorly. Tokens. */
const mostAtOnce = 150_000
/** Where nobody says how much a model takes: servers on this computer often take no more. */
const unknownContext = 32_000
const knownFamilies: readonly [RegExp, number][] = [
  [/claude/i, 200_000],
  [/gemini/i, 1_000_000],
]

/** Tokens a model takes, asked and answered together. @param said what the provider says; null when nothing */
export function contextOf(choice: ModelChoice, said: number | null): number {
  if (said !== null && said > 0) return said
  const local = !['claude', 'gemini'].includes(choice.providerId)
  return (local ? undefined : knownFamilies.find(([name]) => name.test(choice.model))?.[1]) ?? unknownContext
}

export interface Budget {
  /** For the transcript's text in one request. */
  readonly transcriptTokens: number
  readonly outputTokens: number
}

/**
 * What is left for the transcript beside the prompt and the answer; a tenth stays free because tokens are only estimated.
 * @param promptTokens of everything but the transcript
 */
export function budgetFor(contextTokens: number, promptTokens: number, maxTokens: number): Budget {
  const outputTokens = Math.max(64, Math.min(maxTokens, Math.floor(contextTokens / 4)))
  // An answer that is cut off is asked to go on: both pieces stand in the context.
  const left = Math.floor(contextTokens * 0.9) - promptTokens - 2 * outputTokens
  return { transcriptTokens: Math.max(200, Math.min(mostAtOnce, left)), outputTokens }
}
