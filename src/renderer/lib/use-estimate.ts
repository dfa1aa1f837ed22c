import type { EpisodeEstimate, JobEstimate } from '#shared/contract/jobs.ts'
import type { RungId } from '#shared/contract/transcripts.ts'
import { useLive } from './live.ts'

/** What notes of these episodes would cost, from where to where. Asks no provider and costs nothing. */
export interface Priced {
  readonly estimate: JobEstimate | undefined
  /** For `Money`: the high end; null while or where it is not known. */
  readonly microUsd: number | null
  /** The yes that a press of a button with this price on it is, for each of its jobs; undefined where all is free. */
  readonly approvedMicroUsd: number | undefined
}

/** @param episodeIds empty: nothing is asked */
export function useEstimate(
  episodeIds: readonly string[],
  templates: readonly string[] | null,
  rung: RungId | null = null,
): Priced {
  const estimate = useLive(
    'jobs',
    'estimate',
    episodeIds.length === 0
      ? null
      : {
          episodeIds: [...episodeIds],
          ...(templates ? { templates: [...templates] } : {}),
          ...(rung ? { rung } : {}),
        },
  ).value
  return pricedFrom(estimate)
}

export type EpisodePrice = Pick<Priced, 'microUsd' | 'approvedMicroUsd'>

/** Of one episode: null when a part of it has no known price. */
export function priceOfEpisode({ transcript, templates }: EpisodeEstimate): EpisodePrice {
  const parts = [transcript.estimate, ...templates.map((one) => one.estimate)].map((one) => one.highMicroUsd)
  const high = parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
  const unknown = parts.includes(null)
  return { microUsd: unknown ? null : high, approvedMicroUsd: unknown || high > 0 ? high : undefined }
}

export function pricedFrom(estimate: JobEstimate | undefined): Priced {
  if (!estimate) return { estimate, microUsd: null, approvedMicroUsd: undefined }
  const unknown = estimate.unknownCount > 0
  const high = estimate.highMicroUsd ?? 0
  const dearest = Math.max(0, ...estimate.episodes.map((one) => priceOfEpisode(one).approvedMicroUsd ?? 0))
  return { estimate, microUsd: unknown ? null : high, approvedMicroUsd: unknown || high > 0 ? dearest : undefined }
}
