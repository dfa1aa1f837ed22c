import type { ModelChoice } from '#shared/contract/models.ts'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { NoteOrder } from '../extraction/with-models/make-note.ts'
import { type ModelNotes, mayFallBack } from '../extraction/with-models/service.ts'
import { choiceOf, type PinnedTemplate, type StageContext } from '../jobs/stage.ts'
import type { EpisodeRecord, NoteDraft } from '../services.ts'
import { promptSource } from './material.ts'

export interface ModelNoteDeps {
  readonly notes: Pick<ModelNotes, 'make' | 'estimate' | 'spentOn'>
  readonly toText: (html: string) => string
}
export interface WorkedOn {
  readonly episode: EpisodeRecord
  readonly transcript: Transcript
}

/**
 * One template's note by its model, else by what takes over.
 * @param progress a share of this template
 * @returns `make-offline` when what takes over is this computer
 */
export async function noteByModel(
  { notes, toText }: ModelNoteDeps,
  context: StageContext,
  { episode, transcript }: WorkedOn,
  template: PinnedTemplate,
  progress: (fraction: number, words: string) => void,
): Promise<Result<NoteDraft | 'make-offline', string>> {
  const { jobId, params, signal, log } = context
  const prompt = context.prompt(template)
  if (!prompt)
    return fail(
      'prompt-lost',
      `What “${template.title}” asks was lost with damaged data. Start these notes again; nothing was sent.`,
    )
  const order: NoteOrder = {
    template,
    prompt,
    source: promptSource(episode, transcript.language, toText),
    segments: transcript.segments,
    chapters: episode.chapters,
    showNotes: [episode.descriptionHtml ?? '', episode.link ?? ''],
    purpose: {
      operation: 'extraction',
      jobId,
      feedId: episode.feedId,
      episodeId: episode.id,
      templateName: template.name,
    },
    approvedMicroUsd: params.approvedMicroUsd ?? null,
    capMicroUsd: params.capMicroUsd ?? null,
    salt: params.fresh ? jobId : '',
    signal,
    onProgress: progress,
  }
  const made = await notes.make(order, choiceOf(template))
  if (made.ok) {
    const { draft, requests, keptAnswers } = made.value
    log(madeWords(template.title, draft, requests, keptAnswers))
    return ok(draft)
  }
  const next = template.fallback ?? null
  if (next === null || signal.aborted || !mayFallBack(made.error.code)) return made
  if (next.providerId === 'offline' && template.offlineRecipe === null) return made
  log(`${template.title}: ${made.error.message} ${byWords(next)} takes over.`, 'warning')
  if (next.providerId === 'offline') return ok('make-offline')
  const again = await notes.make(order, next)
  if (!again.ok) return again
  log(madeWords(template.title, again.value.draft, again.value.requests, again.value.keptAnswers))
  return ok(again.value.draft)
}

const byWords = ({ providerId, model }: ModelChoice): string =>
  providerId === 'offline' ? 'This computer' : `${providerId} ${model}`

function madeWords(title: string, draft: NoteDraft, requests: number, kept: number): string {
  const { quotesFound = 0, quotesChecked = 0 } = draft
  const parts = [
    `${title} by ${draft.provider} ${draft.model}`,
    ...(requests > 1 ? [`${requests} requests`] : []),
    ...(kept > 0 ? [`${kept} from kept answers`] : []),
    ...(quotesChecked > 0 ? [`${quotesFound} of ${quotesChecked} quotations found in the transcript`] : []),
  ]
  return `${parts.join(', ')}.`
}

/**
 * The sum to say yes to so that the job can go on: what it has cost, and the most that what is missing could cost.
 * Null when a price is not known.
 */
export function sumToApprove(
  { notes, toText }: ModelNoteDeps,
  context: StageContext,
  { episode, transcript }: WorkedOn,
  missing: readonly PinnedTemplate[],
): number | null {
  let sum = notes.spentOn(context.jobId).costMicroUsd
  for (const template of missing) {
    const prompt = context.prompt(template)
    if (!prompt) continue
    const { segments, language } = transcript
    const source = promptSource(episode, language, toText)
    const guessed = notes.estimate({ prompt, source, segments, chapters: episode.chapters }, choiceOf(template))
    if (!guessed.ok) continue
    if (guessed.value.estimate.highMicroUsd === null) return null
    sum += guessed.value.estimate.highMicroUsd
  }
  return sum
}
