import { fail, type Json, ok } from '#shared/result.ts'
import type { CostEntry, CostsService } from '../costs/service.ts'
import type { JobFacts, PinnedTemplate, Stage, StageContext } from '../jobs/stage.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Episodes, Extraction, ExtractionInput, NoteDraft, TranscriptLadder } from '../services.ts'
import { episodeMissing } from './source.ts'

/** Why a template could not be made, kept so that the last stage can say it. */
export interface TemplateProblem {
  readonly template: string
  readonly title: string
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}

export const draftKey = (template: string): string => `draft:${template}`
export const problemsKey = (run: number): string => `problems:${run}`

interface ExtractionDeps {
  readonly episodes: Pick<Episodes, 'get'>
  readonly ladder: Pick<TranscriptLadder, 'stored'>
  readonly extraction: Extraction
  readonly costs: Pick<CostsService, 'appendIn'>
  readonly clock: Clock
  readonly ids: Ids
  /** Show notes as plain text. */
  readonly toText: (html: string) => string
}

/** Makes the drafts that are not there yet. One failed template stops no other. */
export const extractionStage = (deps: ExtractionDeps): Stage => ({
  id: 'extraction',
  words: 'Reading the transcript.',
  async run(context) {
    const { params, signal, progress, stored, store, log, run } = context
    const missing = params.templates.filter(({ name }) => stored<NoteDraft>(draftKey(name)) === null)
    if (missing.length === 0) return ok(null)
    const input = inputFor(deps, params.episodeId, missing)
    if (!input) return episodeMissing()
    progress(0.1, `Making ${countOf(missing.length, 'note')} from ${input.segments.length} passages.`)
    const extracted = await deps.extraction.extract(input, { signal })
    if (!extracted.ok) return extracted

    const drafts: Record<string, Json> = {}
    const charges: CostEntry[] = []
    const problems: TemplateProblem[] = []
    for (const { template, result } of extracted.value) {
      if (result.ok) {
        drafts[draftKey(template)] = result.value as unknown as Json
        charges.push(chargeFor(deps, context, result.value))
      } else {
        const title = missing.find(({ name }) => name === template)?.title ?? template
        problems.push({ template, title, ...result.error })
        log(`${title}: ${result.error.message}`, 'error')
      }
    }
    const kept = store(
      { ...drafts, [problemsKey(run)]: problems as unknown as Json },
      factsAfter(context, drafts, problems),
      charges.length === 0
        ? undefined
        : {
            action: 'costs.append',
            change: (tx) => {
              for (const charge of charges) deps.costs.appendIn(tx, charge)
            },
          },
    )
    if (!kept.ok) return kept
    if (signal.aborted) return fail('cancelled', 'Cancelled. What was finished is kept.')
    progress(1, `${countOf(Object.keys(drafts).length, 'note')} made.`)
    return ok(null)
  },
})

/** What was made on this computer is in the ledger too, at a known price of nothing: the sums then tell what it saved. */
const chargeFor = (
  { episodes, clock, ids }: ExtractionDeps,
  { jobId, params }: StageContext,
  draft: NoteDraft,
): CostEntry => ({
  id: ids.next(),
  at_ms: clock.now(),
  provider: draft.provider,
  model: draft.model,
  operation: 'extraction',
  outcome: 'succeeded',
  amount_kind: 'known',
  cost_micro_usd: draft.costMicroUsd,
  input_tokens: null,
  output_tokens: null,
  cached_tokens: null,
  audio_ms: null,
  feed_id: episodes.get(params.episodeId)?.feedId ?? null,
  episode_id: params.episodeId,
  template_name: draft.templateName,
  job_id: jobId,
  price_version: null,
  imported_from: null,
})

function inputFor(
  { episodes, ladder, toText }: ExtractionDeps,
  episodeId: string,
  templates: readonly PinnedTemplate[],
): ExtractionInput | null {
  const episode = episodes.get(episodeId)
  const transcript = ladder.stored(episodeId)
  if (!episode || !transcript) return null
  return {
    templates,
    segments: transcript.segments,
    chapters: episode.chapters,
    persons: episode.persons,
    language: transcript.language ?? episode.language,
    episodeTitle: episode.title,
    feedTitle: episode.feedTitle,
    descriptionText: episode.descriptionHtml === null ? null : toText(episode.descriptionHtml),
  }
}

function factsAfter(
  { params, stored }: StageContext,
  fresh: Readonly<Record<string, Json>>,
  problems: readonly TemplateProblem[],
): JobFacts {
  const drafts = params.templates
    .map(({ name }) => (fresh[draftKey(name)] as unknown as NoteDraft) ?? stored<NoteDraft>(draftKey(name)))
    .filter((draft) => draft !== null)
  return {
    doneTemplates: drafts.map(({ templateName }) => templateName),
    failedTemplates: problems.map(({ template }) => template),
    costMicroUsd: drafts.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
  }
}

export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
