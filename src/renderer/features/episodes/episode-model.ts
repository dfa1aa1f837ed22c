import type { Episode, Person } from '#shared/contract/episodes.ts'
import type { Job } from '#shared/contract/jobs.ts'
import type { Note } from '#shared/contract/notes.ts'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { formatClock, listOf, plural } from '../../lib/format.ts'

/** "Maren Oyelaran with Ines Halvorsen": those who are always there, then the guests. */
export function personsLine(persons: readonly Person[]): string {
  const isGuest = (person: Person) => /guest|interview/i.test(person.role)
  const hosts = [...new Set(persons.filter((one) => !isGuest(one)).map((one) => one.name))].slice(0, 4)
  const guests = [...new Set(persons.filter(isGuest).map((one) => one.name))].slice(0, 6)
  if (hosts.length === 0) return guests.length > 0 ? `With ${listOf(guests)}` : ''
  return guests.length > 0 ? `${listOf(hosts)} with ${listOf(guests)}` : listOf(hosts)
}

/** The job to show: the one under way, else the last one if it stopped and needs the user. */
export function jobToShow(jobs: readonly Job[], episode: Pick<Episode, 'id' | 'activeJobId'>): Job | null {
  const ofEpisode = jobs.filter((job) => job.episodeId === episode.id)
  const active = ofEpisode.find((job) => job.state === 'running' || job.state === 'queued')
  if (active) return active
  const last = [...ofEpisode].sort((a, b) => b.createdAtMs - a.createdAtMs)[0]
  return last?.state === 'failed' ? last : null
}

const providers: Record<string, string> = { claude: 'Claude', gemini: 'Gemini' }

/** Who made a note, by which version of its template, when: the line above its text. */
export const provenance = (note: Note, dayOf: (ms: number) => string): string[] => [
  note.provider === 'offline' ? 'Made on this computer' : `${providers[note.provider] ?? note.provider} ${note.model}`,
  `${note.title} ${/^\d/.test(note.templateVersion) ? 'v' : ''}${note.templateVersion}`,
  dayOf(note.writtenAtMs),
]

/** How many of a note's quotations stand in the transcript word for word; null where none were looked up. */
export function quotesChecked({
  quotesFound,
  quotesChecked,
}: Pick<Note, 'quotesFound' | 'quotesChecked'>): { words: string; isMissing: boolean } | null {
  if (quotesFound === null || quotesChecked === null || quotesChecked === 0) return null
  const quotes = plural(quotesChecked, 'quote')
  return quotesFound === quotesChecked
    ? {
        words: quotesChecked === 1 ? '1 quote, found word for word' : `${quotes}, all found word for word`,
        isMissing: false,
      }
    : { words: `${quotesFound} of ${quotes} found word for word`, isMissing: true }
}

/**
 * Seconds there are to read: to the last word of the transcript, unless so much of the recording has none that it must
 * be a part of it. Advertisements that come and go make recordings longer than what was transcribed.
 */
export function readableSeconds(
  episode: Pick<Episode, 'durationSeconds'>,
  transcript: Transcript | null,
): number | null {
  const last = transcript?.segments.at(-1)
  const toSeconds = last?.endSeconds ?? last?.startSeconds ?? null
  if (toSeconds === null || episode.durationSeconds === null) return toSeconds ?? episode.durationSeconds
  return toSeconds >= episode.durationSeconds * 0.75 ? toSeconds : episode.durationSeconds
}

/** Of a recording, seconds; a transcript ends a little before its music does. */
const notMissed = (totalSeconds: number): number => Math.max(60, totalSeconds * 0.05)

interface Span {
  readonly fromSeconds: number
  readonly toSeconds: number
}
export interface Coverage {
  readonly words: string
  readonly isPartial: boolean
  /** In order, without the short silences between them. */
  readonly spans: readonly Span[]
}

/** Spans in order; those that touch, or lie nearer than `apart` seconds, are one. */
function joined(spans: readonly Span[], apart: number): Span[] {
  const result: { fromSeconds: number; toSeconds: number }[] = []
  for (const span of [...spans].sort((a, b) => a.fromSeconds - b.fromSeconds)) {
    const last = result.at(-1)
    if (last && span.fromSeconds - last.toSeconds < apart) last.toSeconds = Math.max(last.toSeconds, span.toSeconds)
    else result.push({ ...span })
  }
  return result
}

/** Which minutes a note saw; null where its words have no times. */
export function coverage(
  note: Pick<Note, 'coveredFromSeconds' | 'coveredToSeconds' | 'coveredSpans'>,
  totalSeconds: number | null,
): Coverage | null {
  const { coveredFromSeconds: from, coveredToSeconds: to, coveredSpans } = note
  if (coveredSpans) return coverageOf(coveredSpans, totalSeconds)
  return from === null || to === null ? null : coverageOf([{ fromSeconds: from, toSeconds: to }], totalSeconds)
}

export function coverageOf(seen: readonly Span[], totalSeconds: number | null): Coverage | null {
  const spans = joined(seen, totalSeconds === null ? 60 : notMissed(totalSeconds))
  const first = spans[0]
  if (!first) return null
  const isTold = spans.length <= 3
  const parts = spans.map(({ fromSeconds, toSeconds }) => `${formatClock(fromSeconds)} to ${formatClock(toSeconds)}`)
  const seconds = spans.reduce((sum, span) => sum + span.toSeconds - span.fromSeconds, 0)
  const words = `covers ${isTold ? listOf(parts) : `${formatClock(seconds)} in ${spans.length} parts`}`
  if (totalSeconds === null) return { words, isPartial: spans.length > 1, spans }
  const slack = notMissed(totalSeconds)
  return spans.length === 1 && first.fromSeconds <= slack && first.toSeconds >= totalSeconds - slack
    ? { words: `${words}, all of it`, isPartial: false, spans }
    : { words: `${words} of ${formatClock(totalSeconds)}, not all of it`, isPartial: true, spans }
}

export const sources: Record<Transcript['source'], string> = {
  publisher: 'Publisher’s transcript, free.',
  sidecar: 'Transcript from the file beside the recording, free.',
  file: 'Transcript from your file, free.',
  text: 'Your text.',
  'youtube-captions': 'Captions of the video, free.',
  scan: 'Read from the pages on this computer, free.',
  'this-computer': 'Made on this computer, free.',
  'own-server': 'Made by your server.',
  gemini: 'Made by Gemini.',
}
export const transcriptSource = (transcript: Transcript): string => {
  const speakers =
    transcript.hasSpeakers && transcript.source === 'publisher' ? ' Speakers named by the publisher.' : ''
  const model = transcript.model === null ? '' : ` By ${transcript.model}.`
  return `${sources[transcript.source]}${model}${speakers}`
}

/** Where an episode's words will come from, before they are read. */
export const availabilityWords: Record<Episode['transcript'], string> = {
  stored: 'from its transcript',
  publisher: 'from the publisher’s transcript, which is free',
  sidecar: 'from the transcript file beside the recording',
  text: 'from its text',
  captions: 'from the captions of the video, which are free',
  none: '',
}
