import type { Estimate } from '#shared/contract/costs.ts'
import type { ModelChoice } from '#shared/contract/models.ts'
import { ok, type Result } from '#shared/result.ts'
import { type AskDeps, keyOf, plannedFor } from './ask.ts'
import { type Material, planRequests, portionOf, questionFor } from './plan-requests.ts'
import type { PromptFailure } from './prompt/render.ts'
import { answerStore } from './store.ts'
import { tokensOf } from './tokens-of.ts'

export interface NoteEstimate {
  readonly estimate: Estimate
  readonly requests: number
  /** Requests whose answers are kept: they cost nothing. */
  readonly kept: number
}
type Tokens = readonly [low: number, high: number]

/** What a note would cost; nothing is sent. */
export function estimateNote(
  { models, spending, storage }: Pick<AskDeps, 'models' | 'spending' | 'storage'>,
  material: Material,
  choice: ModelChoice,
  salt = '',
): Result<NoteEstimate, PromptFailure> {
  const plan = planRequests(material, choice, models.contextLength(choice))
  if (!plan.ok) return plan
  const { parts, outputTokens } = plan.value
  const { temperature } = material.prompt
  const planned: { input: Tokens; output: Tokens }[] = []
  let kept = 0
  for (const part of parts) {
    const question = questionFor(material, portionOf(part))
    if (!question.ok) return question
    if (answerStore.has(storage, keyOf({ choice, outputTokens, temperature, salt }, question.value))) kept++
    else {
      const { inputTokens, outputTokens: output } = plannedFor(question.value.sent, outputTokens)
      planned.push({ input: inputTokens, output })
    }
  }
  const joins = parts.length > 1 ? 1 : 0
  // Whether the joining is kept too is known only with the answers: the low end hopes, the high end does not.
  if (joins > 0) {
    const low = kept === parts.length ? 0 : parts.length * 200
    planned.push({ input: [low, parts.length * outputTokens + 1_000], output: [low === 0 ? 0 : 200, outputTokens] })
  }
  return ok({ estimate: summed(spending, choice, planned, kept), requests: parts.length + joins, kept })
}

/**
 * Of a transcript that is not there yet, by its length.
 * @param seconds of talk; null: nobody knows, and so nobody knows the price
 */
export function estimateByLength(
  { models, spending }: Pick<AskDeps, 'models' | 'spending'>,
  { prompt, source }: Pick<Material, 'prompt' | 'source'>,
  choice: ModelChoice,
  seconds: number | null,
): Result<NoteEstimate, PromptFailure> {
  if (seconds === null || seconds <= 0)
    return ok({
      estimate: {
        lowMicroUsd: null,
        highMicroUsd: null,
        reason: 'The length is not known, and so neither is the price.',
      },
      requests: 1,
      kept: 0,
    })
  // 110 to 190 words a minute; a token is about three quarters of an English word.
  const [low, high] = [(seconds / 60) * 140, (seconds / 60) * 320]
  const plan = planRequests({ prompt, source, segments: [], chapters: [] }, choice, models.contextLength(choice))
  if (!plan.ok) return plan
  const { transcriptTokens, outputTokens } = plan.value
  const beside = tokensOf(`${prompt.systemPrompt}${prompt.userPromptTemplate}`).high + 300
  const parts = Math.max(1, Math.ceil(high / transcriptTokens))
  const planned = Array.from({ length: parts }, () => ({
    input: [Math.round(low / parts), Math.round(high / parts) + beside] as const,
    output: [Math.min(200, outputTokens), outputTokens] as const,
  }))
  if (parts > 1) planned.push({ input: [parts * 200, parts * outputTokens + 1_000], output: [200, outputTokens] })
  return ok({ estimate: summed(spending, choice, planned, 0), requests: planned.length, kept: 0 })
}

function summed(
  spending: AskDeps['spending'],
  { providerId, model }: ModelChoice,
  planned: readonly { input: Tokens; output: Tokens }[],
  kept: number,
): Estimate {
  const keptWords =
    kept === 0 ? '' : `${kept} ${kept === 1 ? 'answer is' : 'answers are'} kept already and cost nothing. `
  if (planned.length === 0) return { lowMicroUsd: 0, highMicroUsd: 0, reason: keptWords.trim() || 'Nothing is sent.' }
  const each = planned.map(({ input, output }) =>
    spending.estimate(providerId, model, { inputTokens: input, outputTokens: output, audioSeconds: null }),
  )
  if (each.length === 1) return { ...each[0]!, reason: keptWords + each[0]!.reason }
  const sum = (pick: (one: { input: Tokens; output: Tokens }) => number): string =>
    planned.reduce((total, one) => total + pick(one), 0).toLocaleString('en')
  const known = each.every(({ lowMicroUsd, highMicroUsd }) => lowMicroUsd !== null && highMicroUsd !== null)
  return {
    lowMicroUsd: known ? each.reduce((total, { lowMicroUsd }) => total + lowMicroUsd!, 0) : null,
    highMicroUsd: known ? each.reduce((total, { highMicroUsd }) => total + highMicroUsd!, 0) : null,
    reason: `${keptWords}${planned.length} requests, because the transcript is longer than ${model} takes at once: ${sum(({ input }) => input[0])} to ${sum(({ input }) => input[1])} tokens in, ${sum(({ output }) => output[0])} to ${sum(({ output }) => output[1])} out.${known ? '' : ` ${each[0]!.reason}`}`,
  }
}
