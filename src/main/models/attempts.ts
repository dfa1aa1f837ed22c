import PQueue from 'p-queue'
import type { ModelInfo } from '#shared/contract/models.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Log } from '../ports.ts'
import type { Charge, ModelFailure, ModelRequest, PlannedUsage, Purchase, Spending, Usage } from '../services-models.ts'
import type { Transaction } from '../storage/storage.ts'
import type { Adjustment } from './clients.ts'
import { goneFailure } from './lists.ts'
import type { ProviderRecord } from './providers.ts'
import { type AttemptFailure, rateLimited } from './status-failures.ts'
import { backOffMs, type Wait } from './wait.ts'

export interface AttemptsDeps {
  readonly spending: Spending
  readonly log: Log
  readonly nowMs: () => number
  readonly wait: Wait
  readonly random: () => number
  /** The provider with its key, or why it cannot be used. */
  readonly connect: (
    providerId: string,
  ) => Promise<Result<{ provider: ProviderRecord; key: string | null }, ModelFailure>>
  /** Whether the model is still offered, asked before money is spent. Null: as far as anybody knows, yes. */
  readonly retired: (choice: ModelRequest['choice'], signal: AbortSignal) => Promise<Result<never, ModelFailure> | null>
  /** How a provider did; null when it answered. */
  readonly learn: (providerId: string, failure: { code: string; message: string } | null) => void
  readonly successorOf: (providerId: string, model: string) => ModelInfo | null
}
export interface Connected {
  readonly provider: ProviderRecord
  readonly key: string | null
}
export type Outcome<Value> = { readonly usage: Usage | null } & (
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false
      readonly failure: AttemptFailure
      /** The same request, sent like this, may be taken. */
      readonly adjust: Adjustment | null
      /** Something of the answer was seen by the user, and cannot be begun anew. */
      readonly shown: boolean
    }
)
/** What is asked of a provider, once or several times. */
export interface Task<Value> {
  readonly choice: ModelRequest['choice']
  readonly purpose: ModelRequest['purpose']
  readonly planned: PlannedUsage
  readonly approvedMicroUsd: number | null
  readonly signal: AbortSignal
  send(to: Connected, adjust: Adjustment): Promise<Outcome<Value>>
  keep?(tx: Transaction, value: Value, charge: Charge): void
}

const mostAttempts = 4
/** A provider that asks for more is told to the user instead. */
const longestWaitMs = 300_000
/** Polite to a provider; a server of the user's has one machine. */
const atOnce = { provider: 4, own: 2 }

/** Sends a request until it is answered, is refused for good, or may not be tried again; each attempt is in the ledger. */
export function createAttempts(deps: AttemptsDeps) {
  const { spending, log, nowMs, wait, random } = deps
  const queuesByProvider = new Map<string, PQueue>()
  /** One that was told to wait holds back the others too. */
  const restUntilMsByProvider = new Map<string, number>()
  const adjustmentsByModel = new Map<string, Adjustment>()

  const queueOf = (provider: ProviderRecord): PQueue => {
    const queue =
      queuesByProvider.get(provider.id) ?? new PQueue({ concurrency: provider.own ? atOnce.own : atOnce.provider })
    queuesByProvider.set(provider.id, queue)
    return queue
  }
  const restMs = (providerId: string): number => Math.max(0, (restUntilMsByProvider.get(providerId) ?? 0) - nowMs())

  async function run<Value>(task: Task<Value>): Promise<Result<{ value: Value; charge: Charge }, ModelFailure>> {
    const { choice, signal } = task
    if (signal.aborted) return cancelled()
    const connected = await deps.connect(choice.providerId)
    if (!connected.ok) return connected
    const gone = await deps.retired(choice, signal)
    if (gone) return gone
    if (signal.aborted) return cancelled()
    const reserved = spending.reserve({
      provider: choice.providerId,
      model: choice.model,
      purpose: task.purpose,
      planned: task.planned,
      approvedMicroUsd: task.approvedMicroUsd,
    })
    if (!reserved.ok) return reserved
    try {
      return await tryUntilAnswered(task, connected.value, reserved.value)
    } finally {
      reserved.value.close()
    }
  }

  async function tryUntilAnswered<Value>(
    task: Task<Value>,
    to: Connected,
    purchase: Purchase,
  ): Promise<Result<{ value: Value; charge: Charge }, ModelFailure>> {
    const { signal, choice } = task
    const { provider } = to
    let paidFor = 0
    let before: ReturnType<typeof fail<ModelFailure>> | null = null
    for (let attempt = 1; ; attempt++) {
      const rest = restMs(provider.id)
      if (rest > longestWaitMs)
        return fail('rate-limited', rateLimited(provider.title, rest, nowMs()), {
          retryable: true,
          details: { retryAtMs: nowMs() + rest },
        })
      const sent = await inTurn(provider, signal, rest, () => sendOnce(task, to, purchase))
      if (sent === 'cancelled') return cancelled()
      if (!sent.ok) {
        // A limit holds back another try: what went wrong before is what the user has to know.
        const { error } = sent
        return before ? fail(before.error.code, `${before.error.message} ${error.message}`, { retryable: true }) : sent
      }
      const { outcome } = sent.value
      if (outcome.ok) {
        deps.learn(provider.id, null)
        return ok({ value: outcome.value, charge: sent.value.charge })
      }
      const { failure } = outcome
      if (failure.code !== 'cancelled') deps.learn(provider.id, failure)
      if (failure.code === 'model-retired')
        return goneFailure(provider, choice.model, deps.successorOf(provider.id, choice.model))
      if (failure.charged !== 'no') paidFor++
      before = fail(failure.code, failure.message, {
        retryable: failure.retryable,
        ...(failure.details === undefined ? {} : { details: failure.details }),
      })
      if (signal.aborted || attempt === mostAttempts) return before
      if (outcome.adjust) {
        adjustmentsByModel.set(keyOf(choice), outcome.adjust)
        continue
      }
      // What may have been charged is paid for twice at the most; what was shown cannot be taken back and begun anew.
      if (!failure.again || paidFor > 1 || outcome.shown) return before
      if (failure.waitMs !== null) restUntilMsByProvider.set(provider.id, nowMs() + failure.waitMs)
      if (failure.waitMs !== null && failure.waitMs > longestWaitMs) return before
      const pauseMs = Math.max(failure.waitMs ?? 0, backOffMs(attempt, random))
      log.info('models.retry', { provider: provider.id, code: failure.code, attempt, waitMs: Math.round(pauseMs) })
      try {
        await wait(pauseMs, signal)
      } catch {
        return cancelled()
      }
    }
  }

  /** Waits for the provider's own pause and a free place; leaves the queue at once when it is cancelled. */
  async function inTurn<Value>(
    provider: ProviderRecord,
    signal: AbortSignal,
    rest: number,
    work: () => Promise<Value>,
  ): Promise<Value | 'cancelled'> {
    try {
      if (rest > 0) await wait(rest, signal)
      signal.throwIfAborted()
    } catch {
      return 'cancelled'
    }
    let began: Promise<Value> | null = null
    try {
      return await queueOf(provider).add(
        () => {
          began = work()
          return began
        },
        { signal },
      )
    } catch (error) {
      if (!signal.aborted) throw error
      // The queue lets go at once; what has begun settles its row first, which takes a moment.
      return began ?? 'cancelled'
    }
  }

  async function sendOnce<Value>(
    task: Task<Value>,
    to: Connected,
    purchase: Purchase,
  ): Promise<Result<{ outcome: Outcome<Value>; charge: Charge }, ModelFailure>> {
    const { choice } = task
    const begun = purchase.begin()
    if (!begun.ok) return begun
    const startedMs = nowMs()
    const outcome = await task.send(to, adjustmentsByModel.get(keyOf(choice)) ?? {})
    // Never what was sent, answered or thrown: those hold the transcript, and whatever a server puts there.
    const line = {
      provider: to.provider.id,
      model: choice.model,
      ledgerId: begun.value,
      outcome: outcome.ok ? 'ok' : outcome.failure.code,
      durationMs: nowMs() - startedMs,
    }
    if (outcome.ok) log.info('models.attempt', line)
    else log.warn('models.attempt', line)
    const { usage } = outcome
    if (!outcome.ok) {
      const { charged } = outcome.failure
      return ok({ outcome, charge: purchase.settle(begun.value, { ok: false, usage, charged }) })
    }
    const charge = purchase.settle(
      begun.value,
      { ok: true, usage, charged: 'yes' },
      task.keep && ((tx, entered) => task.keep!(tx, outcome.value, entered)),
    )
    return ok({ outcome, charge })
  }

  return { run }
}
export type Attempts = ReturnType<typeof createAttempts>

const keyOf = ({ providerId, model }: ModelRequest['choice']): string => `${providerId}\n${model}`
const cancelled = () => fail('cancelled', 'Stopped. What was done before is kept.')
