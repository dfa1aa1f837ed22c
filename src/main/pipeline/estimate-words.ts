import type { JobEstimate } from '#shared/contract/jobs.ts'
import { dollars } from '../extraction/with-models/ask.ts'
import { countOf } from './extraction.ts'

/** "2 notes each of 3 episodes, by claude claude-sonnet-4-5: about $0.06 to $0.11." */
export function estimateWords({
  episodes,
  lowMicroUsd,
  highMicroUsd,
  unknownCount,
}: Omit<JobEstimate, 'words'>): string {
  const templates = episodes[0]?.templates ?? []
  const makers = [
    ...new Set(
      templates.map(({ choice }) =>
        choice.providerId === 'offline' ? 'this computer' : `${choice.providerId} ${choice.model}`,
      ),
    ),
  ]
  const what = `${countOf(templates.length, 'note')}${episodes.length > 1 ? ` each of ${episodes.length} episodes` : ''}, by ${makers.join(' and ')}`
  return `${what}: ${sumWords(lowMicroUsd, highMicroUsd, unknownCount)}.`
}

export function sumWords(lowMicroUsd: number | null, highMicroUsd: number | null, unknownCount: number): string {
  if (highMicroUsd === null) return 'the price is unknown'
  const more = unknownCount === 0 ? '' : `, and ${unknownCount} whose price is unknown`
  if (highMicroUsd === 0) return unknownCount === 0 ? 'free' : 'the price is unknown'
  const [low, high] = [dollars(lowMicroUsd ?? 0), dollars(highMicroUsd)]
  return `about ${low === high ? high : `${low} to ${high}`}${more}`
}
