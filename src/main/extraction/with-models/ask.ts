import type { Estimate } from '#shared/contract/costs.ts'
import type { ModelChoice } from '#shared/contract/models.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { CostsService } from '../../costs/service.ts'
import type { Clock, Ids } from '../../ports.ts'
import type { ModelFailure, ModelMessage, Models, Spending, SpendPurpose } from '../../services-models.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Prompt } from './compose-prompt.ts'
import { answerKey, answerStore, type KeptAnswer } from './store.ts'
import { tokensOf } from './tokens-of.ts'

/** Grows when the same request would be read in another way: answers of before are then not used. */
export const engineVersion = 1

export interface AskDeps {
  readonly models: Pick<Models, 'generate' | 'contextLength'>
  readonly spending: Pick<Spending, 'estimate'>
  readonly costs: Pick<CostsService, 'appendIn'>
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
}
/** What all requests of one note share. */
export interface Asking {
  readonly choice: ModelChoice
  readonly outputTokens: number
  readonly temperature: number
  readonly purpose: SpendPurpose
  readonly approvedMicroUsd: number | null
  /** Nothing of this job is asked for beyond it; null without a cap. */
  readonly capMicroUsd: number | null
  /** Part of the key: a run that is to be new has its own. */
  readonly salt: string
  readonly signal: AbortSignal
  /** Told of every answer. */
  readonly onAnswer?: (answer: Asked) => void
}
export interface Asked {
  readonly key: string
  readonly text: string
  readonly finish: 'stop' | 'length' | 'refused' | 'other'
  /** 0 for a kept answer; null when the charge is not known. */
  readonly costMicroUsd: number | null
  readonly kept: boolean
}
/** The request as it is sent, and as it is known again: there the fence is always the same. */
export interface Question {
  readonly sent: Pick<Prompt, 'system' | 'user'>
  readonly known: Pick<Prompt, 'system' | 'user'>
}

/** Ends of a conversation with a model about one answer that was cut off. */
const goOn =
  'Your answer was cut off. Go on exactly where it ends: repeat nothing, begin in the middle of the word if need be, and come to an end.'

/** Names the answer to a question by all that makes it. */
export const keyOf = (asking: Pick<Asking, 'choice' | 'outputTokens' | 'temperature' | 'salt'>, question: Question) =>
  answerKey([
    engineVersion,
    asking.choice.providerId,
    asking.choice.model,
    asking.outputTokens,
    asking.temperature,
    asking.salt,
    question.known.system,
    question.known.user,
  ])

export const plannedFor = (question: Pick<Prompt, 'system' | 'user'>, outputTokens: number) => {
  const tokens = tokensOf(`${question.system}\n${question.user}`)
  return {
    inputTokens: [tokens.low, tokens.high] as const,
    outputTokens: [Math.min(200, outputTokens), outputTokens] as const,
    audioSeconds: null,
  }
}

/** The kept answer to a question, else a bought one. An answer that is cut off is asked once to go on. */
export async function ask(deps: AskDeps, asking: Asking, question: Question): Promise<Result<Asked, ModelFailure>> {
  const key = keyOf(asking, question)
  const first = await one(deps, asking, key, question.sent, [{ role: 'user', text: question.sent.user }])
  if (!first.ok || first.value.finish !== 'length' || first.value.text.trim() === '') return first
  const more = await one(deps, asking, answerKey([key, 'goes on']), question.sent, [
    { role: 'user', text: question.sent.user },
    { role: 'assistant', text: first.value.text },
    { role: 'user', text: goOn },
  ])
  // What is there is kept: the note says that it is cut off.
  if (!more.ok) return more.error.code === 'cancelled' ? more : first
  const { costMicroUsd } = more.value
  return ok({
    ...first.value,
    text: joined(first.value.text, more.value.text),
    finish: more.value.text.trim() === '' ? 'length' : more.value.finish,
    costMicroUsd:
      first.value.costMicroUsd === null || costMicroUsd === null ? null : first.value.costMicroUsd + costMicroUsd,
    kept: first.value.kept && more.value.kept,
  })
}

/** Some models begin again with the last words they wrote. */
function joined(first: string, more: string): string {
  const end = first.slice(-200)
  for (let length = Math.min(end.length, more.length); length >= 12; length--)
    if (end.endsWith(more.slice(0, length))) return first + more.slice(length)
  return first + more
}

async function one(
  deps: AskDeps,
  asking: Asking,
  key: string,
  { system, user }: Pick<Prompt, 'system' | 'user'>,
  messages: readonly ModelMessage[],
): Promise<Result<Asked, ModelFailure>> {
  const { storage, clock, models, spending } = deps
  const kept = answerStore.get(storage, key)
  if (kept) {
    enterKept(deps, asking, key, kept)
    return answered(asking, { key, text: kept.text, finish: kept.finish, costMicroUsd: 0, kept: true })
  }
  if (asking.signal.aborted) return fail('cancelled', 'Cancelled. What was finished is kept.')
  const { providerId, model } = asking.choice
  const planned = plannedFor({ system, user: messages.map(({ text }) => text).join('\n') || user }, asking.outputTokens)
  const over = overCap(deps, asking, spending.estimate(providerId, model, planned))
  if (over) return over
  const answer = await models.generate({
    choice: asking.choice,
    system,
    messages,
    maxOutputTokens: asking.outputTokens,
    temperature: asking.temperature,
    purpose: asking.purpose,
    approvedMicroUsd: asking.approvedMicroUsd,
    signal: asking.signal,
    // In the transaction of its charge: a kill after this buys nothing twice. A refusal is worth asking again.
    keep: (tx, made) => {
      if (made.text.trim() !== '' && (made.finish === 'stop' || made.finish === 'length'))
        answerStore.put(tx, key, made, clock.now())
    },
  })
  if (!answer.ok) return answer
  const { text, finish, costMicroUsd } = answer.value
  return answered(asking, { key, text, finish, costMicroUsd, kept: false })
}

/** A kept answer is in the ledger at a known price of nothing, with what it would have cost again: the sums tell what it saved. */
function enterKept({ storage, clock, ids, costs }: AskDeps, { purpose }: Asking, key: string, kept: KeptAnswer): void {
  storage.write('costs.append', (tx) => {
    answerStore.touch(tx, key, clock.now())
    costs.appendIn(
      tx,
      {
        id: ids.next(),
        at_ms: clock.now(),
        provider: kept.choice.providerId,
        model: kept.choice.model,
        operation: purpose.operation,
        outcome: 'succeeded',
        amount_kind: 'known',
        cost_micro_usd: 0,
        input_tokens: null,
        output_tokens: null,
        cached_tokens: null,
        audio_ms: null,
        feed_id: purpose.feedId,
        episode_id: purpose.episodeId,
        template_name: purpose.templateName,
        job_id: purpose.jobId,
        price_version: null,
        imported_from: null,
      },
      {
        estimate_low_micro_usd: null,
        estimate_high_micro_usd: null,
        estimate_reason: null,
        cache_write_tokens: null,
        saved_micro_usd: kept.costMicroUsd ?? 0,
      },
    )
  })
}

function answered(asking: Asking, answer: Asked): Result<Asked, never> {
  asking.onAnswer?.(answer)
  return ok(answer)
}

function overCap({ storage }: AskDeps, { capMicroUsd, purpose }: Asking, estimate: Estimate) {
  if (capMicroUsd === null) return null
  const spent = purpose.jobId === null ? 0 : answerStore.spentOn(storage, purpose.jobId).costMicroUsd
  if (estimate.highMicroUsd !== null && spent + estimate.highMicroUsd <= capMicroUsd) return null
  const words =
    estimate.highMicroUsd === null
      ? `The price of ${purpose.templateName ?? 'this'} is not known, so that Inkwell cannot keep to ${dollars(capMicroUsd)}`
      : `The next request could cost ${dollars(estimate.highMicroUsd)}; ${dollars(spent)} of ${dollars(capMicroUsd)} is spent`
  return fail('over-limit', `${words}. Nothing more was sent, and what was finished is kept.`)
}

/** $1.10; small sums with four decimals. */
export const dollars = (microUsd: number): string =>
  `$${(microUsd / 1e6).toFixed(microUsd !== 0 && Math.abs(microUsd) < 10_000 ? 4 : 2)}`
