import type { ModelChoice } from '#shared/contract/models.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { NoteDraft } from '../../services.ts'
import type { ModelFailure } from '../../services-models.ts'
import { type AnswerFailure, countItems, readAnswer } from './answer.ts'
import { type AskDeps, type Asking, ask } from './ask.ts'
import { coverageRemarks, coveredSpans, lastSecond, type PartOutcome } from './coverage.ts'
import { joinNotes, type PartNote } from './join-notes.ts'
import { type Material, partName, planRequests, portionOf, questionFor, type RequestPlan } from './plan-requests.ts'
import type { PromptFailure } from './prompt/render.ts'
import { type CheckedQuote, checkQuotes } from './quotes.ts'
import { addressesIn, plainLinks } from './safe-links.ts'
import { answerStore } from './store.ts'
import { indexTranscript, normalWords } from './transcript-index.ts'

export type NoteFailure = ModelFailure | AnswerFailure | PromptFailure | 'transcript-empty'
export interface NoteOrder extends Material, Omit<Asking, 'choice' | 'outputTokens' | 'temperature'> {
  readonly template: { readonly name: string; readonly title: string; readonly version: string }
  /** Show notes as HTML and text: addresses in them may stand in the note. */
  readonly showNotes: readonly string[]
  readonly onProgress: (fraction: number, words: string) => void
}
export interface MadeNote {
  readonly draft: NoteDraft
  readonly quotes: readonly CheckedQuote[]
  readonly requests: number
  readonly keptAnswers: number
}

const fewestWords = 20

/** One note by one model, part by part where the transcript is long. What was bought is kept whatever happens after. */
export async function makeNote(
  deps: AskDeps,
  order: NoteOrder,
  choice: ModelChoice,
): Promise<Result<MadeNote, NoteFailure>> {
  const words = order.segments.reduce((sum, { text }) => sum + normalWords(text).length, 0)
  if (words < fewestWords)
    return fail(
      'transcript-empty',
      `The transcript has ${words} words, too few to make notes from. It is kept as it is; nothing was sent.`,
    )
  let made: Result<MadeNote, NoteFailure> | null = null
  // What a provider says of its limits is sometimes wrong, and tokens are only estimated.
  for (const shrink of [1, 0.5, 0.2]) {
    const plan = planRequests(order, choice, deps.models.contextLength(choice), shrink)
    if (!plan.ok) return plan
    made = await byPlan(deps, order, choice, plan.value)
    if (made.ok || made.error.code !== 'too-long') return made
  }
  return made!
}

async function byPlan(
  deps: AskDeps,
  order: NoteOrder,
  choice: ModelChoice,
  plan: RequestPlan,
): Promise<Result<MadeNote, NoteFailure>> {
  const asking: Asking = { ...order, choice, outputTokens: plan.outputTokens, temperature: order.prompt.temperature }
  const notes: PartNote[] = []
  const outcomes: PartOutcome[] = []
  const keys: string[] = []
  let keptAnswers = 0
  for (const part of plan.parts) {
    const many = plan.parts.length > 1
    order.onProgress(
      part.index / (plan.parts.length + 1),
      many ? `${order.template.title}: part ${part.index + 1} of ${part.of}.` : `${order.template.title}.`,
    )
    const question = questionFor(order, portionOf(part))
    if (!question.ok) return question
    const asked = await ask(deps, asking, question.value)
    if (!asked.ok) return asked
    if (asked.value.kept) keptAnswers++
    keys.push(asked.value.key)
    if (asked.value.finish === 'refused') {
      outcomes.push({ part, finish: 'refused' })
      continue
    }
    const read = readAnswer(asked.value.text, many ? 'markdown' : order.prompt.expectedFormat)
    if (!read.ok) {
      // Kept, but not taken again: a retry buys this part anew and no other.
      deps.storage.writeUnaudited((tx) => answerStore.refuse(tx, [asked.value.key]))
      if (read.error.code !== 'answer-refused' || !many) return read
      outcomes.push({ part, finish: 'refused' })
      continue
    }
    outcomes.push({ part, finish: asked.value.finish })
    notes.push({ name: partName(part), text: many ? asked.value.text : read.value.markdown })
  }
  if (notes.length === 0)
    return fail('answer-refused', 'The model would not work on this transcript. It is kept; nothing was written.', {
      retryable: true,
    })
  if (plan.parts.length === 1)
    return ok(finish(deps, order, choice, { markdown: notes[0]!.text, outcomes, joinFinish: null, keptAnswers }))
  order.onProgress(plan.parts.length / (plan.parts.length + 1), `${order.template.title}: joining its parts.`)
  const joined = await joinNotes(deps, asking, order, plan.transcriptTokens, notes)
  if (!joined.ok) return joined
  return ok(
    finish(deps, order, choice, {
      ...joined.value,
      outcomes,
      keptAnswers: keptAnswers + joined.value.keptAnswers,
    }),
  )
}

interface Answered {
  readonly markdown: string
  readonly outcomes: readonly PartOutcome[]
  readonly joinFinish: PartOutcome['finish'] | null
  readonly keptAnswers: number
}

function finish(
  { storage }: AskDeps,
  order: NoteOrder,
  choice: ModelChoice,
  { markdown, outcomes, joinFinish, keptAnswers }: Answered,
): MadeNote {
  const checked = checkQuotes(markdown, indexTranscript(order.segments))
  const known = addressesIn([...order.segments.map(({ text }) => text), ...order.showNotes])
  const quotesFound = checked.quotes.filter(({ found }) => found !== null).length
  const paraphrased = checked.quotes.length - quotesFound
  const remarks = coverageRemarks(outcomes, joinFinish, lastSecond(order.segments))
  if (paraphrased > 0)
    remarks.push(
      `${paraphrased} of ${checked.quotes.length} quotations ${paraphrased === 1 ? 'does' : 'do'} not stand in the transcript word for word and ${paraphrased === 1 ? 'is' : 'are'} marked as paraphrase.`,
    )
  const body = plainLinks(checked.markdown, known).trim()
  const spans = coveredSpans(outcomes)
  const { purpose } = order
  const spent =
    purpose.jobId === null
      ? null
      : answerStore.spentOn(storage, purpose.jobId, { templateName: purpose.templateName ?? '' })
  return {
    draft: {
      templateName: order.template.name,
      templateVersion: order.template.version,
      title: order.template.title,
      markdown: remarks.length === 0 ? body : `${body}\n\n*${remarks.join(' ')}*`,
      itemCount: countItems(markdown),
      provider: choice.providerId,
      model: choice.model,
      // From the ledger: also what an earlier life of the job, or a failed try, was charged.
      costMicroUsd: spent?.costMicroUsd ?? 0,
      unknownCharges: spent?.unknown ?? 0,
      coveredFromSeconds: spans[0]?.fromSeconds ?? null,
      coveredToSeconds: spans.at(-1)?.toSeconds ?? null,
      coveredSpans: spans,
      quotesFound,
      quotesChecked: checked.quotes.length,
    },
    quotes: checked.quotes,
    requests: outcomes.length + (joinFinish === null ? 0 : 1),
    keptAnswers,
  }
}
