import { sameLanguage } from '../transcripts/languages.ts'

export interface CaptionTrack {
  readonly url: string
  /** As YouTube says, e.g. `pt-BR`. */
  readonly language: string
  readonly title: string
  /** Made by YouTube's own speech recognition. */
  readonly automatic: boolean
}

/**
 * The best track: in the language wanted first, then the one the video speaks (that of the automatic track), then any;
 * written by people before automatic ones. Null when there is none.
 */
export function chooseTrack(tracks: readonly CaptionTrack[], wanted: string | null): CaptionTrack | null {
  const spoken = tracks.find(({ automatic }) => automatic)?.language ?? null
  const rank = (track: CaptionTrack): number => {
    const isWanted = wanted !== null && sameLanguage(track.language, wanted)
    const isSpoken = spoken !== null && sameLanguage(track.language, spoken)
    return (isWanted ? 4 : isSpoken ? 2 : 0) + (track.automatic ? 0 : 1)
  }
  return tracks.toSorted((a, b) => rank(b) - rank(a))[0] ?? null
}

/** YouTube gives out an empty page, without any error, for these unless its own player asks. */
export const needsPlayer = (track: CaptionTrack): boolean =>
  new URL(track.url).searchParams.getAll('exp').some((value) => /\bxp[ev]\b/.test(value))

/** The same track in the format that has times in milliseconds. */
export function trackUrl(track: CaptionTrack): string {
  const url = new URL(track.url)
  url.searchParams.set('fmt', 'json3')
  return url.href
}
