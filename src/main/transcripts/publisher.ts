import { fail, ok, type Result } from '#shared/result.ts'
import type { EpisodeRecord, FeedFetcher, LadderFailure, TranscriptRef } from '../services.ts'
import { plainLanguage } from './languages.ts'
import { maxTranscriptBytes } from './limits.ts'
import type { ParsedTranscript } from './parsed.ts'
import { isOtherLanguage, nameOfRef, orderRefs, richness } from './publisher-refs.ts'
import type { TranscriptReader } from './reader.ts'

export type RungFailure = Extract<
  LadderFailure,
  'transcript-unreadable' | 'transcript-unreachable' | 'needs-password' | 'cancelled'
>
interface Found {
  readonly parsed: ParsedTranscript
  readonly ref: TranscriptRef
}

/** The last part of the path, for hints only. */
const fileNameOf = (url: string): string | null => /\/([^/?#]{1,200})(?:[?#]|$)/.exec(url)?.[1] ?? null

interface Sources {
  readonly fetcher: FeedFetcher
  readonly read: TranscriptReader
}

async function fetchOne(
  { fetcher, read }: Sources,
  feedId: string,
  ref: TranscriptRef,
  signal: AbortSignal,
): Promise<Result<ParsedTranscript, RungFailure>> {
  const name = nameOfRef(ref)
  const answer = await fetcher.fetch(feedId, ref.url, { maxBytes: maxTranscriptBytes, signal })
  if (!answer.ok) {
    const { code, message } = answer.error
    if (code === 'cancelled' || signal.aborted) return fail('cancelled', 'Cancelled.')
    if (code === 'needs-password') return fail('needs-password', message)
    return fail('transcript-unreachable', `The publisher's transcript (${name}) could not be fetched: ${message}`, {
      retryable: answer.error.retryable,
    })
  }
  const { status, body, headers } = answer.value
  if (status === 401 || status === 403)
    return fail('needs-password', `The publisher's transcript (${name}) asks for a password (${status}).`)
  if (status < 200 || status > 299)
    return fail(
      'transcript-unreachable',
      `The publisher's transcript (${name}) is not there (the server says ${status}).`,
      {
        retryable: status >= 500 || status === 429,
      },
    )
  const declaredType = ref.type ?? headers['content-type'] ?? null
  const parsed = await read(body, { fileName: fileNameOf(ref.url), declaredType }, signal)
  if (parsed.ok) return parsed
  return parsed.error.code === 'cancelled'
    ? fail('cancelled', 'Cancelled.')
    : fail('transcript-unreadable', `The publisher's transcript (${name}) cannot be read. ${parsed.error.message}`)
}

/** Of several reasons the one that the user can do something about. */
function worst(failures: readonly Result<never, RungFailure>[]): Result<never, RungFailure> {
  for (const code of ['needs-password', 'transcript-unreachable', 'transcript-unreadable'] as const) {
    const found = failures.find((failure) => !failure.ok && failure.error.code === code)
    if (found) return found
  }
  return failures[0]!
}

/**
 * The publisher's transcript: references in order of what they can hold. One with times and speakers is taken at once; else the
 * richest. One that fails leaves its reason as a warning.
 */
export async function fetchPublished(
  sources: Sources,
  episode: EpisodeRecord,
  options: { signal: AbortSignal; onProgress: (fraction: number, words: string) => void },
): Promise<Result<ParsedTranscript, RungFailure>> {
  const wanted = plainLanguage(episode.language)
  const refs = orderRefs(episode.transcriptRefs, wanted)
  const failures: Extract<Result<never, RungFailure>, { ok: false }>[] = []
  let best: Found | null = null
  for (const [index, ref] of refs.entries()) {
    // One in another language only when there is none in the show's own.
    if (best && isOtherLanguage(ref, wanted) && !isOtherLanguage(best.ref, wanted)) break
    options.onProgress(index / refs.length, `Fetching the publisher's transcript (${nameOfRef(ref)})`)
    const result = await fetchOne(sources, episode.feedId, ref, options.signal)
    if (!result.ok && result.error.code === 'cancelled') return result
    if (!result.ok) {
      failures.push(result)
      continue
    }
    if (best === null || richness(result.value) > richness(best.parsed)) best = { parsed: result.value, ref }
    if (richness(best.parsed) === 3) break
  }
  if (best === null) return worst(failures)
  const warnings = [...failures.map(({ error }) => error.message), ...best.parsed.warnings]
  if (isOtherLanguage(best.ref, wanted))
    warnings.push(`The transcript is in another language (${best.ref.language}) than the show (${wanted}).`)
  const language = plainLanguage(best.ref.language) ?? best.parsed.language ?? wanted
  return ok({ ...best.parsed, warnings, language })
}
