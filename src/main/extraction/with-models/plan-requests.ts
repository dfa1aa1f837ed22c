import type { Chapter } from '#shared/contract/episodes.ts'
import type { ModelChoice } from '#shared/contract/models.ts'
import type { Segment } from '#shared/contract/transcripts.ts'
import { ok, type Result } from '#shared/result.ts'
import type { TemplatePrompt } from '../../services.ts'
import type { Question } from './ask.ts'
import { budgetFor, contextOf } from './budget.ts'
import { composePrompt, type Portion, type PromptSource } from './compose-prompt.ts'
import { type Fence, fixedFence, newFence } from './fence.ts'
import { cutParts, type Part } from './parts.ts'
import { clock, passagesOf } from './passages.ts'
import type { PromptFailure, PromptWarning } from './prompt/render.ts'
import { tokensOf } from './tokens-of.ts'

export interface Material {
  readonly prompt: TemplatePrompt
  readonly source: PromptSource
  readonly segments: readonly Segment[]
  readonly chapters: readonly Chapter[]
}
export interface RequestPlan {
  readonly parts: readonly Part[]
  readonly outputTokens: number
  readonly transcriptTokens: number
  readonly warnings: readonly PromptWarning[]
}

/** @param shrink below 1 after a model said that a request was too long for it */
export function planRequests(
  { prompt, source, segments, chapters }: Material,
  choice: ModelChoice,
  contextLength: number | null,
  shrink = 1,
): Result<RequestPlan, PromptFailure> {
  const empty = composePrompt(prompt, source, { text: '…', remark: null }, fixedFence)
  if (!empty.ok) return empty
  const beside = tokensOf(`${empty.value.system}${empty.value.user}`).high + 300
  const context = Math.floor(contextOf(choice, contextLength) * shrink)
  const { transcriptTokens, outputTokens } = budgetFor(context, beside, prompt.maxTokens)
  const parts = cutParts(passagesOf(segments, chapters), transcriptTokens)
  return ok({ parts, outputTokens, transcriptTokens, warnings: empty.value.warnings })
}

/** A request as it is sent, under marks of its own, and as it is known again. */
export function questionFor(
  { prompt, source }: Pick<Material, 'prompt' | 'source'>,
  portion: Portion,
  fence: Fence = newFence([portion.text, source.descriptionText ?? '', prompt.userPromptTemplate]),
): Result<Question, PromptFailure> {
  const known = composePrompt(prompt, source, portion, fixedFence)
  if (!known.ok) return known
  const sent = composePrompt(prompt, source, portion, fence)
  return sent.ok ? ok({ known: known.value, sent: sent.value }) : sent
}

export const portionOf = (part: Part): Portion => ({
  text: part.text,
  remark:
    part.of === 1
      ? null
      : `This is part ${part.index + 1} of ${part.of} of the transcript${spanWords(part)}. Do the task for this part alone; what you write is joined with that of the other parts afterwards. Keep the times as they stand.`,
})

/** Notes of parts, to be joined. */
export const joinPortion = (notes: readonly { readonly part: string; readonly text: string }[]): Portion => ({
  text: notes.map(({ part, text }) => `## ${part}\n\n${text}`).join('\n\n'),
  remark: `What stands above is not the transcript itself: it is what you wrote of its ${notes.length} consecutive parts. Join that to one answer to the task, as if the whole transcript had been before you: say nothing twice, keep the order, and take quotations and times over exactly as they stand.`,
})

const spanWords = ({ fromSeconds, toSeconds }: Pick<Part, 'fromSeconds' | 'toSeconds'>): string =>
  fromSeconds === null || toSeconds === null ? '' : `, from ${clock(fromSeconds)} to ${clock(toSeconds)}`

export const partName = (part: Part): string => `Part ${part.index + 1}${spanWords(part)}`
