import type { RungId, RungOffer } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { EpisodeRecord, LadderFailure } from '../services.ts'
import type { RungContext, RungResult, TranscriptRung } from '../services-sound.ts'

export interface Made extends RungResult {
  readonly rung: RungId
}
export interface Climb {
  readonly episode: EpisodeRecord
  readonly rungs: readonly TranscriptRung[]
  /** Of the user, for this episode or for its feed. */
  readonly chosen: RungId | null
  readonly context: Omit<RungContext, 'pieces'>
  readonly piecesOf: (rung: RungId) => RungContext['pieces']
}

const isFree = ({ estimate }: RungOffer): boolean => estimate.highMicroUsd === 0

/** The order of trying: the chosen one, then those that are ready and free. What may cost is never tried unasked. */
export function orderOf(offers: readonly RungOffer[], chosen: RungId | null, approved: boolean): RungOffer[] {
  const first = offers.filter(({ rung }) => rung === chosen)
  const others = offers.filter((offer) => offer.rung !== chosen && offer.ready && (isFree(offer) || approved))
  return [...first, ...others]
}

export const offersOf = (rungs: readonly TranscriptRung[], episode: EpisodeRecord): Promise<RungOffer[]> =>
  Promise.all(rungs.map((rung) => rung.offer(episode)))

/** A person has to say something before it goes on: another rung must not be taken in its place. */
const needsAnswer: ReadonlySet<string> = new Set(['asks-first', 'over-limit', 'cancelled'])

/** Tries rung by rung; one that fails leaves its reason as a warning and the next is tried. */
export async function climb({
  episode,
  rungs,
  chosen,
  context,
  piecesOf,
}: Climb): Promise<Result<Made, LadderFailure>> {
  const offers = await offersOf(rungs, episode)
  const reasons: string[] = []
  let retryable = false
  for (const offer of orderOf(offers, chosen, context.approvedMicroUsd !== null)) {
    const name = rungNames[offer.rung]
    if (!offer.ready) {
      reasons.push(`${name}: ${offer.words}`)
      continue
    }
    const rung = rungs.find(({ id }) => id === offer.rung)!
    const made = await rung.run(episode, { ...context, pieces: piecesOf(rung.id) })
    if (made.ok) return ok({ ...made.value, rung: rung.id, warnings: [...reasons, ...made.value.warnings] })
    if (context.signal.aborted) return fail('cancelled', 'Cancelled. Finished parts of the transcript are kept.')
    if (needsAnswer.has(made.error.code))
      return fail(made.error.code as 'asks-first' | 'over-limit' | 'cancelled', made.error.message)
    retryable ||= made.error.retryable
    reasons.push(`${name}: ${made.error.message}`)
  }
  if (reasons.length > 0) return fail('rung-failed', reasons.join(' '), { retryable })
  return fail('needs-speech-recognition', withoutRung(episode, offers))
}

export const rungNames: Readonly<Record<RungId, string>> = {
  'youtube-captions': 'Captions',
  scan: 'Its pages',
  'this-computer': 'This computer',
  'own-server': 'Your server',
  gemini: 'Gemini',
}

/** Nothing free is ready: what there would be, with its price or its reason. */
function withoutRung(episode: EpisodeRecord, offers: readonly RungOffer[]): string {
  const kept = episode.feedKind === 'local' ? 'The recording is kept.' : 'Nothing is lost: it stays in your list.'
  const ways = offers
    .filter(({ rung }) => rung !== 'youtube-captions' && rung !== 'scan')
    .map(({ rung, words }) => `${rungNames[rung]}: ${words}`)
  const own = 'If you have its words as a file or text, drop or paste them.'
  return `“${episode.title}” comes without a transcript. ${kept} ${[...ways, own].join(' ')}`
}
