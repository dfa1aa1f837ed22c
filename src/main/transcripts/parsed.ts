import type { Segment, TranscriptFormat } from '#shared/contract/transcripts.ts'

/** What one parser makes of a text. */
export interface Parsed {
  readonly segments: Segment[]
  /** What was left out or mended, in words. */
  readonly warnings: string[]
  /** As the file says, e.g. `en`; null when it says nothing. */
  readonly language: string | null
  /** First heading or title; null when it has none. */
  readonly title: string | null
}

export interface ParsedTranscript extends Parsed {
  readonly format: TranscriptFormat
  readonly wordCount: number
  readonly hasTimes: boolean
  readonly hasSpeakers: boolean
}

export const parsed = (segments: Segment[], more: Partial<Parsed> = {}): Parsed => ({
  segments,
  warnings: more.warnings ?? [],
  language: more.language ?? null,
  title: more.title ?? null,
})

/** `1 cue was`, `3 cues were`. */
export const counted = (count: number, one: string, many: string): string =>
  count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${many}`
