import type { TranscriptRef } from '../services.ts'
import { plainLanguage, sameLanguage } from './languages.ts'
import type { ParsedTranscript } from './parsed.ts'

/** More are not tried: some feeds list one per language. */
export const maxRefs = 8

const kindOf = ({ type, url }: TranscriptRef): string => {
  const declared = type?.toLowerCase() ?? ''
  if (/vtt/.test(declared)) return 'VTT'
  if (/json/.test(declared)) return 'JSON'
  if (/subrip|srt/.test(declared)) return 'SRT'
  if (/html/.test(declared)) return 'HTML'
  const extension = /\.(vtt|json|srt|html?|txt|md)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase()
  if (extension) return extension === 'htm' ? 'HTML' : extension === 'txt' ? 'text' : extension.toUpperCase()
  return /plain/.test(declared) ? 'text' : 'file'
}
const order = ['JSON', 'VTT', 'SRT', 'HTML', 'MD', 'file', 'text']

/** For a sentence, e.g. "VTT". Never the address: it may be private. */
export const nameOfRef = (ref: TranscriptRef): string => kindOf(ref)

const languageRank = (ref: TranscriptRef, wanted: string | null): number => {
  const language = plainLanguage(ref.language)
  if (wanted === null) return 0
  if (language === null) return 1
  return sameLanguage(language, wanted) ? 0 : 2
}

/** Whether the reference says that it is in another language than the show. */
export const isOtherLanguage = (ref: TranscriptRef, wanted: string | null): boolean => languageRank(ref, wanted) === 2

/** Best first: the show's language, then formats that can hold speakers and times (podcast namespace, transcript). */
export const orderRefs = (refs: readonly TranscriptRef[], wanted: string | null): TranscriptRef[] =>
  refs
    .map((ref, index) => ({ ref, index, language: languageRank(ref, wanted), kind: order.indexOf(kindOf(ref)) }))
    .toSorted(
      (left, right) =>
        left.language - right.language ||
        left.kind - right.kind ||
        Number(left.ref.rel === 'captions') - Number(right.ref.rel === 'captions') ||
        left.index - right.index,
    )
    .slice(0, maxRefs)
    .map(({ ref }) => ref)

/** How much a transcript gives: times before speakers before nothing. 3 is all there can be. */
export const richness = (transcript: Pick<ParsedTranscript, 'hasTimes' | 'hasSpeakers'>): number =>
  (transcript.hasTimes ? 2 : 0) + (transcript.hasSpeakers ? 1 : 0)
