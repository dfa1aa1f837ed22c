import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { CostEntry, CostsService } from '../costs/service.ts'
import type { JobFacts, PinnedTemplate, Stage, StageContext } from '../jobs/stage.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Episodes, Extraction, NoteDraft, TranscriptLadder } from '../services.ts'
import { extractionInput, isOffline } from './material.ts'
import { type ModelNoteDeps, noteByModel, sumToApprove, type WorkedOn } from './model-notes.ts'
import { episodeMissing } from './source.ts'

/** Why a template could not be made, kept so that the last stage can say it. */
export interface TemplateProblem {
  readonly template: string
  readonly title: string
  readonly code: string
  readonly message: string
  readonly retryable: boolean
  /** The yes that would let it go on; null when nobody knows the price. */
  readonly approveMicroUsd?: number | null
}

export const draftKey = (template: string): string => `draft:${template}`
export const problemsKey = (run: number): string => `problems:${run}`

interface ExtractionDeps {
  readonly episodes: Pick<Episodes, 'get'>
  readonly ladder: Pick<TranscriptLadder, 'stored'>
  readonly extraction: Extraction
  readonly modelNotes: ModelNoteDeps['notes']
  readonly costs: Pick<CostsService, 'appendIn'>
  readonly clock: Clock
  readonly ids: Ids
  /** Show notes as plain text. */
  readonly toText: (html: string) => string
}
/** What this run has made and missed so far. */
interface Bag {
  readonly made: Map<string, NoteDraft>
  readonly problems: TemplateProblem[]
}

/** Makes the drafts that are not there yet. One failed template stops no other. */
export const extractionStage = (deps: ExtractionDeps): Stage => ({
  id: 'extraction',
  words: 'Reading the transcript.',
  async run(context) {
    const { params, signal, progress, stored, store, run } = context
    const missing = params.templates.filter(({ name }) => stored<NoteDraft>(draftKey(name)) === null)
    if (missing.length === 0) return ok(null)
    const episode = deps.episodes.get(params.episodeId)
    const transcript = deps.ladder.stored(params.episodeId)
    if (!episode || !transcript) return episodeMissing()
    const work: WorkedOn = { episode, transcript }
    const bag: Bag = { made: new Map(), problems: [] }
    progress(0.1, `Making ${countOf(missing.length, 'note')} from ${transcript.segments.length} passages.`)
    const left = await makeWithModels(
      deps,
      context,
      work,
      missing.filter((one) => !isOffline(one)),
      bag,
    )
    if (!left.ok) return left
    // Free ones last: what takes over for a model is made along with them.
    const offline = missing.filter((template) => isOffline(template) || left.value.includes(template))
    const done = await makeOffline(deps, context, work, offline, bag)
    if (!done.ok) return done
    const kept = store({ [problemsKey(run)]: bag.problems as unknown as Json }, factsAfter(deps, context, bag))
    if (!kept.ok) return kept
    if (signal.aborted) return fail('cancelled', 'Cancelled. What was finished is kept.')
    progress(1, `${countOf(bag.made.size, 'note')} made.`)
    return ok(null)
  },
})

/** One after another; each is kept as soon as it is made. Answers the ones that this computer is to make instead. */
async function makeWithModels(
  deps: ExtractionDeps,
  context: StageContext,
  work: WorkedOn,
  templates: readonly PinnedTemplate[],
  bag: Bag,
): Promise<Result<PinnedTemplate[], 'cancelled'>> {
  const modelDeps: ModelNoteDeps = { notes: deps.modelNotes, toText: deps.toText }
  const instead: PinnedTemplate[] = []
  const unpaid: PinnedTemplate[] = []
  for (const [at, template] of templates.entries()) {
    if (context.signal.aborted) return fail('cancelled', 'Cancelled. What was finished is kept.')
    const made = await noteByModel(modelDeps, context, work, template, (fraction, words) =>
      context.progress(0.1 + (0.8 * (at + fraction)) / templates.length, words),
    )
    if (made.ok && made.value === 'make-offline') instead.push(template)
    else if (made.ok && made.value !== 'make-offline') {
      bag.made.set(template.name, made.value)
      const kept = context.store(
        { [draftKey(template.name)]: made.value as unknown as Json },
        factsAfter(deps, context, bag),
      )
      if (!kept.ok) return kept
    } else if (!made.ok) {
      if (made.error.code === 'cancelled') return fail('cancelled', made.error.message)
      if (made.error.code === 'asks-first') unpaid.push(template)
      missed(context, bag, template, made.error)
    }
  }
  if (unpaid.length > 0) {
    const approveMicroUsd = sumToApprove(modelDeps, context, work, unpaid)
    for (const [at, problem] of bag.problems.entries())
      if (problem.code === 'asks-first') bag.problems[at] = { ...problem, approveMicroUsd }
  }
  return ok(instead)
}

async function makeOffline(
  deps: ExtractionDeps,
  context: StageContext,
  { episode, transcript }: WorkedOn,
  templates: readonly PinnedTemplate[],
  bag: Bag,
): Promise<Result<null, string>> {
  if (templates.length === 0) return ok(null)
  const input = extractionInput(episode, transcript, templates, deps.toText)
  const extracted = await deps.extraction.extract(input, { signal: context.signal })
  if (!extracted.ok) return extracted
  const drafts: Record<string, Json> = {}
  const charges: CostEntry[] = []
  for (const { template, result } of extracted.value) {
    if (result.ok) {
      bag.made.set(template, result.value)
      drafts[draftKey(template)] = result.value as unknown as Json
      charges.push(chargeFor(deps, context, result.value))
    } else
      missed(
        context,
        bag,
        templates.find(({ name }) => name === template) ?? { name: template, title: template },
        result.error,
      )
  }
  return context.store(
    drafts,
    factsAfter(deps, context, bag),
    charges.length === 0
      ? undefined
      : {
          action: 'costs.append',
          change: (tx) => {
            for (const charge of charges) deps.costs.appendIn(tx, charge)
          },
        },
  )
}

function missed(
  { log }: StageContext,
  { problems }: Bag,
  { name, title }: Pick<PinnedTemplate, 'name' | 'title'>,
  { code, message, retryable }: { code: string; message: string; retryable: boolean },
): void {
  problems.push({ template: name, title, code, message, retryable })
  log(`${title}: ${message}`, 'error')
}

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

function factsAfter({ modelNotes }: ExtractionDeps, { jobId, params, stored }: StageContext, bag: Bag): JobFacts {
  const drafts = params.templates
    .map(({ name }) => bag.made.get(name) ?? stored<NoteDraft>(draftKey(name)))
    .filter((draft) => draft !== null)
  return {
    doneTemplates: drafts.map(({ templateName }) => templateName),
    failedTemplates: bag.problems.map(({ template }) => template),
    // Also what was charged for a try that failed.
    costMicroUsd: modelNotes.spentOn(jobId).costMicroUsd,
  }
}

export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
