import type { ModelChoice } from '#shared/contract/models.ts'
import type { TemplatePreview, TemplateTestRun } from '#shared/contract/templates.ts'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { promptSource } from '../../pipeline/material.ts'
import type { EpisodeRecord, Episodes, TranscriptLadder } from '../../services.ts'
import type { Models } from '../../services-models.ts'
import { parseTemplate, type TemplateFile } from '../../templates/parse.ts'
import { promptOf, titleOf } from '../../templates/service.ts'
import type { Asked } from './ask.ts'
import type { NoteFailure } from './make-note.ts'
import { type Material, planRequests, portionOf, questionFor } from './plan-requests.ts'
import type { ModelNotes } from './service.ts'
import { tokensOf } from './tokens-of.ts'

export type PreviewFailure = NoteFailure | 'no-such-episode' | 'no-transcript' | 'needs-model'
export interface PreviewInput {
  readonly yaml: string
  readonly episodeId: string
  readonly choice?: ModelChoice | undefined
}
export interface TemplatePreviews {
  /** The exact request, on a transcript that is here; sends nothing. */
  preview(input: PreviewInput): Result<TemplatePreview, PreviewFailure>
  /** One note for real, priced and in the ledger, written nowhere. */
  testRun(
    input: PreviewInput & { readonly choice: ModelChoice; readonly approvedMicroUsd?: number | undefined },
  ): Promise<Result<TemplateTestRun, PreviewFailure>>
}
interface Deps {
  readonly episodes: Pick<Episodes, 'get'>
  readonly ladder: Pick<TranscriptLadder, 'stored'>
  readonly models: Pick<Models, 'choiceFor' | 'contextLength'>
  readonly modelNotes: Pick<ModelNotes, 'make' | 'estimate'>
  readonly toText: (html: string) => string
}
interface Tried {
  readonly file: TemplateFile
  readonly episode: EpisodeRecord
  readonly transcript: Transcript
  readonly material: Material
}

/** What a page waits at most; the answers that came are kept. */
const longestRunMs = 10 * 60_000

export function createTemplatePreviews(deps: Deps): TemplatePreviews {
  const read = ({ yaml, episodeId }: PreviewInput): Result<Tried, PreviewFailure> => {
    const parsed = parseTemplate(yaml)
    if (!parsed.ok) return parsed
    const episode = deps.episodes.get(episodeId)
    if (!episode) return fail('no-such-episode', 'This episode is not in the list any more.')
    const transcript = deps.ladder.stored(episodeId)
    if (!transcript)
      return fail(
        'no-transcript',
        'This episode has no transcript yet. Choose one that has, or make notes of it first.',
      )
    const { segments, language } = transcript
    const source = promptSource(episode, language, deps.toText)
    const material = { prompt: promptOf(parsed.value), source, segments, chapters: episode.chapters }
    return ok({ file: parsed.value, episode, transcript, material })
  }
  return {
    preview(input) {
      const tried = read(input)
      if (!tried.ok) return tried
      const { file, material } = tried.value
      const choice = input.choice ?? deps.models.choiceFor('extraction', file.name).choice
      const plan = planRequests(material, choice, deps.models.contextLength(choice))
      if (!plan.ok) return plan
      const first = plan.value.parts[0]
      const question = questionFor(material, first ? portionOf(first) : { text: '', remark: null })
      if (!question.ok) return question
      const { system, user } = question.value.sent
      const isFree = choice.providerId === 'offline'
      const guessed = isFree ? null : deps.modelNotes.estimate(material, choice)
      if (guessed && !guessed.ok) return guessed
      return ok({
        system,
        user,
        choice,
        tokens: tokensOf(`${system}\n${user}`),
        requests: guessed?.value.requests ?? 0,
        estimate: guessed?.value.estimate ?? {
          lowMicroUsd: 0,
          highMicroUsd: 0,
          reason: 'Made on this computer: no request is sent.',
        },
        warnings: [...plan.value.warnings],
      })
    },
    async testRun(input) {
      const tried = read(input)
      if (!tried.ok) return tried
      if (input.choice.providerId === 'offline')
        return fail('needs-model', 'A test run asks a model. Choose one; notes made on this computer have no prompt.')
      const { file, episode, material } = tried.value
      const answers: Asked[] = []
      const made = await deps.modelNotes.make(
        {
          ...material,
          template: { name: file.name, title: titleOf(file.name), version: file.version },
          showNotes: [episode.descriptionHtml ?? '', episode.link ?? ''],
          purpose: {
            operation: 'test',
            jobId: null,
            feedId: episode.feedId,
            episodeId: episode.id,
            templateName: file.name,
          },
          approvedMicroUsd: input.approvedMicroUsd ?? null,
          capMicroUsd: null,
          salt: '',
          signal: AbortSignal.timeout(longestRunMs),
          onProgress: () => {},
          onAnswer: (answer) => answers.push(answer),
        },
        input.choice,
      )
      if (!made.ok) return made
      const { draft, quotes, requests, keptAnswers } = made.value
      return ok({
        markdown: draft.markdown,
        costMicroUsd: answers.some(({ costMicroUsd }) => costMicroUsd === null)
          ? null
          : answers.reduce((sum, { costMicroUsd }) => sum + costMicroUsd!, 0),
        requests,
        keptAnswers,
        coveredSpans: [...(draft.coveredSpans ?? [])],
        quotes: quotes.map(({ words, found }) => ({ words, found })),
      })
    },
  }
}
