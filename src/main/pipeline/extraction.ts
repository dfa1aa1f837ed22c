import { fail, type Json, ok } from '#shared/result.ts'
import type { JobFacts, PinnedTemplate, Stage, StageContext } from '../jobs/stage.ts'
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
    const problems: TemplateProblem[] = []
    for (const { template, result } of extracted.value) {
      if (result.ok) drafts[draftKey(template)] = result.value as unknown as Json
      else {
        const title = missing.find(({ name }) => name === template)?.title ?? template
        problems.push({ template, title, ...result.error })
        log(`${title}: ${result.error.message}`, 'error')
      }
    }
    const kept = store(
      { ...drafts, [problemsKey(run)]: problems as unknown as Json },
      factsAfter(context, drafts, problems),
    )
    if (!kept.ok) return kept
    if (signal.aborted) return fail('cancelled', 'Cancelled. What was finished is kept.')
    progress(1, `${countOf(Object.keys(drafts).length, 'note')} made.`)
    return ok(null)
  },
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
