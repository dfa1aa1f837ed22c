/** What features ask of the money and of the models; see services.ts. */
import type { Estimate, Operation } from '#shared/contract/costs.ts'
import type { ModelChoice, ModelTask, ProviderKind } from '#shared/contract/models.ts'
import type { Segment } from '#shared/contract/transcripts.ts'
import type { Result } from '#shared/result.ts'
import type { Transaction } from './storage/storage.ts'

/** What a request to a provider used. Null: the provider did not say, or said something absurd. */
export interface Usage {
  /** Without the cached ones. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cachedInputTokens: number | null
  readonly cacheWriteTokens: number | null
  readonly audioSeconds: number | null
}
export interface PlannedUsage {
  readonly inputTokens: readonly [low: number, high: number]
  readonly outputTokens: readonly [low: number, high: number]
  readonly audioSeconds: number | null
}
/** What a charge is for: the columns of its row in the ledger. */
export interface SpendPurpose {
  readonly operation: Operation
  readonly jobId: string | null
  readonly feedId: string | null
  readonly episodeId: string | null
  readonly templateName: string | null
}
export type SpendRefusal =
  | 'over-limit' // a limit that stops: nothing passes it
  | 'asks-first' // a limit that asks, or an unknown price, and no yes was given

/**
 * Every request that can cost goes through here: held against all limits before it is sent, with a durable mark that
 * it was, and one row in the ledger when it ends. What a killed process had sent is found at the next start and
 * entered as estimated. Local servers and this computer too, at a known price of nothing.
 */
export interface Spending {
  estimate(provider: string, model: string, planned: PlannedUsage): Estimate
  /** @param approvedMicroUsd the sum the user said yes to for this job; passes limits that ask, never one that stops */
  reserve(request: {
    readonly provider: string
    readonly model: string
    readonly purpose: SpendPurpose
    readonly planned: PlannedUsage
    readonly approvedMicroUsd: number | null
  }): Result<Purchase, SpendRefusal>
}
export interface Charge {
  readonly costMicroUsd: number | null
  readonly amountKind: 'known' | 'estimated' | 'unknown'
}
/** The right to send one request, and to send it again while it fails; what is held counts against the limits until it is closed. */
export interface Purchase {
  /**
   * Durable before the request leaves. Answers the id of the coming row in the ledger. Holds the price of one request
   * again when an attempt before it may have been charged, so that this can pass a limit too.
   */
  begin(): Result<string, SpendRefusal>
  /**
   * The attempt ended; its row is written once. `charged` is what the failure says: `no` (refused before any work, e.g.
   * 401, 429) is a row of $0, `maybe` (timed out, cut off) is estimated from what is known.
   * `alongside` is a change of the same transaction, e.g. the answer that was paid for.
   */
  settle(
    attemptId: string,
    outcome: { readonly ok: boolean; readonly usage: Usage | null; readonly charged: 'yes' | 'maybe' | 'no' },
    alongside?: (tx: Transaction, charge: Charge) => void,
  ): Charge
  /** Gives back what is held. Idempotent. */
  close(): void
}

export interface ModelMessage {
  readonly role: 'user' | 'assistant'
  readonly text: string
}
export interface ModelRequest {
  readonly choice: ModelChoice
  readonly system: string
  readonly messages: readonly ModelMessage[]
  readonly maxOutputTokens: number
  readonly temperature: number | null
  readonly purpose: SpendPurpose
  readonly approvedMicroUsd: number | null
  readonly signal: AbortSignal
  /** As it streams. What was shown may be followed by a failure. */
  readonly onText?: (delta: string) => void
  /** Runs in the transaction that enters the charge: what was paid for is kept with it. */
  readonly keep?: (tx: Transaction, answer: ModelAnswer) => void
}
export interface ModelAnswer {
  readonly text: string
  /** `length`: it ran into maxOutputTokens, so the text is cut off. */
  readonly finish: 'stop' | 'length' | 'refused' | 'other'
  readonly usage: Usage | null
  readonly choice: ModelChoice
  readonly costMicroUsd: number | null
  readonly amountKind: 'known' | 'estimated' | 'unknown'
}
export type ModelFailure =
  | SpendRefusal
  | 'no-such-provider'
  | 'key-missing'
  | 'key-refused' // 401, 403
  | 'credit-used-up' // 402, and 429 with "insufficient_quota"
  | 'model-retired' // 404
  | 'request-refused' // 400 and the like; the provider's words are in the message
  | 'too-long' // more than the model takes
  | 'rate-limited' // 429, still after the retries
  | 'provider-down' // 5xx, 529, still after the retries
  | 'provider-unreachable'
  | 'answer-cut-off' // the stream broke; what came is in the failure's details as {text}
  | 'answer-unreadable'
  | 'keychain-unavailable'
  | 'cancelled'
export interface Models {
  /** Retries what is worth it (429 with Retry-After, 5xx, broken streams), each attempt with its own row in the ledger. */
  generate(request: ModelRequest): Promise<Result<ModelAnswer, ModelFailure>>
  /** The choice for a task or, if it has one, for a template, and what takes over. */
  choiceFor(task: ModelTask, template?: string): { readonly choice: ModelChoice; readonly fallback: ModelChoice | null }
  /** Known limits of a model; null when the provider has not said. */
  contextLength(choice: ModelChoice): number | null
  /** Address, key and headers for audio servers, for main only. */
  connection(
    providerId: string,
  ): Promise<Result<{ kind: ProviderKind; baseUrl: string; key: string | null }, ModelFailure>>
  /** What would make a transcript; null when nothing is set up for it. Costs and asks nothing. */
  hearer(rung: 'own-server' | 'gemini'): { readonly choice: ModelChoice; readonly title: string } | null
  /** Turns a piece of a recording into words, with retries and a row in the ledger for each attempt, as `generate`. */
  hear(request: HearRequest): Promise<Result<Heard, ModelFailure>>
}

export interface HearRequest {
  readonly choice: ModelChoice
  /** Absolute; a whole file of its own, never a slice of one. */
  readonly path: string
  readonly mediaType: string
  readonly seconds: number
  readonly language: string | null
  /** Names and words that the service may expect. */
  readonly hints: readonly string[]
  readonly purpose: SpendPurpose
  readonly approvedMicroUsd: number | null
  readonly signal: AbortSignal
  /** Runs in the transaction that enters the charge. */
  readonly keep?: (tx: Transaction, heard: Heard) => void
}
export interface Heard {
  /** Times from the start of the piece, in seconds; null where the service gives none. */
  readonly segments: readonly Segment[]
  readonly language: string | null
}
