import type { Estimate } from '#shared/contract/costs.ts'
import type { EpisodeEstimate, JobEstimate } from '#shared/contract/jobs.ts'
import type { RungId, RungOffer, Transcript } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { ModelNotes } from '../extraction/with-models/service.ts'
import { pinTemplates, type ToPin } from '../jobs/pin.ts'
import type { JobEstimator } from '../jobs/service.ts'
import { choiceOf } from '../jobs/stage.ts'
import type { EpisodeRecord, Episodes, Templates, TranscriptLadder } from '../services.ts'
import type { Models } from '../services-models.ts'
import { estimateWords } from './estimate-words.ts'
import { isOffline, promptSource } from './material.ts'

interface Rungs {
  readonly published: boolean
  readonly offers: readonly RungOffer[]
  readonly next: RungId | null
}
export interface EstimatorDeps {
  readonly episodes: Pick<Episodes, 'get'>
  readonly ladder: Pick<TranscriptLadder, 'stored'>
  /** Where words could come from, with prices; asks nobody who charges for the question. */
  readonly rungs?: (episodeId: string) => Result<Rungs> | Promise<Result<Rungs>>
  readonly templates: Templates
  readonly models: Pick<Models, 'choiceFor'>
  readonly modelNotes: Pick<ModelNotes, 'estimate' | 'estimateByLength'>
  readonly toText: (html: string) => string
}

const free = (reason: string): Estimate => ({ lowMicroUsd: 0, highMicroUsd: 0, reason })
const unknown = (reason: string): Estimate => ({ lowMicroUsd: null, highMicroUsd: null, reason })
/** Beyond this many, transcripts are not read and rungs not asked: lengths alone give the price. */
const readClosely = 50

/** What jobs would cost. Sends nothing to anybody who could charge for it. */
export function createJobEstimator(deps: EstimatorDeps): JobEstimator {
  const { episodes, ladder } = deps
  const ofTemplates = (episode: EpisodeRecord, transcript: Transcript | null, templates: readonly ToPin[]) =>
    templates.map((template) => ofTemplate(deps, episode, transcript, template))

  return {
    async estimate(input) {
      const pinned = pinTemplates(deps, input)
      if (!pinned.ok) return pinned
      const wanted = [...new Set(input.episodeIds)]
      const close = wanted.length <= readClosely
      const found: EpisodeEstimate[] = []
      for (const [at, episodeId] of wanted.entries()) {
        // Thousands of episodes must not hold the window up.
        if (at % 20 === 19) await new Promise(setImmediate)
        const episode = episodes.get(episodeId)
        if (!episode) return fail('no-such-episode', 'This episode is not in the list any more. Nothing was started.')
        const transcript = close ? ladder.stored(episodeId) : null
        found.push({
          episodeId,
          title: episode.title,
          transcript: await ofTranscript(deps, episodeId, transcript, close, input.rung),
          templates: ofTemplates(episode, transcript, pinned.value),
        })
      }
      return ok(summed(found))
    },
    unseen({ title, durationSeconds }) {
      const pinned = pinTemplates(deps, {})
      if (!pinned.ok) return unknown(pinned.error.message)
      return joined(
        ofTemplates(notYetTaken(title, durationSeconds), null, pinned.value).map(({ estimate }) => estimate),
      )
    },
    now(input) {
      const pinned = pinTemplates(deps, input)
      const episode = episodes.get(input.episodeId)
      if (!pinned.ok || !episode) return null
      return joined(ofTemplates(episode, ladder.stored(episode.id), pinned.value).map(({ estimate }) => estimate))
    },
  }
}

const notYetTaken = (title: string, durationSeconds: number | null): EpisodeRecord => ({
  id: '',
  feedId: '',
  feedTitle: '',
  feedKind: 'local',
  language: null,
  guid: null,
  title,
  number: null,
  season: null,
  publishedAtMs: null,
  durationSeconds,
  descriptionHtml: null,
  link: null,
  mediaUrl: null,
  mediaType: null,
  mediaPath: null,
  transcriptRefs: [],
  chaptersUrl: null,
  chapters: [],
  persons: [],
})

function ofTemplate(
  { modelNotes, toText }: EstimatorDeps,
  episode: EpisodeRecord,
  transcript: Transcript | null,
  template: ToPin,
): EpisodeEstimate['templates'][number] {
  const choice = choiceOf(template)
  const base = { template: template.name, title: template.title, choice, requests: 0, kept: 0, problem: null }
  if (isOffline(template)) {
    const needsModel = template.offlineRecipe === null
    return {
      ...base,
      estimate: free('Made on this computer.'),
      problem: needsModel ? `“${template.title}” needs a language model, and none is assigned.` : null,
    }
  }
  const source = promptSource(episode, transcript?.language ?? null, toText)
  const guessed = transcript
    ? modelNotes.estimate(
        { prompt: template.prompt, source, segments: transcript.segments, chapters: episode.chapters },
        choice,
      )
    : modelNotes.estimateByLength({ prompt: template.prompt, source }, choice, episode.durationSeconds)
  return guessed.ok
    ? { ...base, ...guessed.value }
    : { ...base, estimate: free('Nothing is sent.'), problem: guessed.error.message }
}

async function ofTranscript(
  { rungs }: EstimatorDeps,
  episodeId: string,
  stored: Transcript | null,
  close: boolean,
  wanted: RungId | undefined,
): Promise<EpisodeEstimate['transcript']> {
  if (stored) return { rung: 'stored', words: 'The transcript is here.', estimate: free('The transcript is here.') }
  const offers = close && rungs ? await rungs(episodeId) : null
  if (!offers?.ok) {
    const words = 'Where the transcript comes from is seen when the job looks for it; only free ways are tried unasked.'
    return { rung: null, words, estimate: wanted ? unknown('The price of the transcript is not known.') : free(words) }
  }
  if (offers.value.published && wanted === undefined)
    return { rung: 'publisher', words: 'The publisher’s transcript.', estimate: free('The publisher gives it.') }
  const offer = offers.value.offers.find(({ rung }) => rung === (wanted ?? offers.value.next))
  if (!offer) {
    const words = 'No way to a transcript is ready: the job will say what it needs.'
    return { rung: null, words, estimate: free(words) }
  }
  return { rung: offer.rung, words: offer.words, estimate: offer.estimate }
}

/** The sum of what is known; null when something in it is not. */
function joined(estimates: readonly Estimate[]): Estimate {
  const known = estimates.filter(({ lowMicroUsd, highMicroUsd }) => lowMicroUsd !== null && highMicroUsd !== null)
  const reason = [...new Set(estimates.map((one) => one.reason))].slice(0, 3).join(' ')
  if (known.length < estimates.length) return unknown(reason)
  return {
    lowMicroUsd: known.reduce((sum, { lowMicroUsd }) => sum + lowMicroUsd!, 0),
    highMicroUsd: known.reduce((sum, { highMicroUsd }) => sum + highMicroUsd!, 0),
    reason,
  }
}

function summed(episodes: readonly EpisodeEstimate[]): JobEstimate {
  const parts = episodes.flatMap(({ transcript, templates }) => [
    transcript.estimate,
    ...templates.map(({ estimate }) => estimate),
  ])
  const known = parts.filter(({ highMicroUsd }) => highMicroUsd !== null)
  const unknownCount = parts.length - known.length
  const sums =
    known.length === 0
      ? { lowMicroUsd: null, highMicroUsd: null }
      : {
          lowMicroUsd: known.reduce((sum, { lowMicroUsd }) => sum + (lowMicroUsd ?? 0), 0),
          highMicroUsd: known.reduce((sum, { highMicroUsd }) => sum + highMicroUsd!, 0),
        }
  const estimate = { episodes: [...episodes], ...sums, unknownCount }
  return { ...estimate, words: estimateWords(estimate) }
}
