import type { IntakeItem } from '#shared/contract/intake.ts'
import type { TranscriptSource } from '#shared/contract/transcripts.ts'
import type { PlaylistEntry } from '../youtube/client.ts'

export interface Words {
  readonly bytes: Buffer
  readonly fileName: string | null
  readonly declaredType: string | null
  readonly source: TranscriptSource
}
export interface Media {
  readonly path: string
  readonly extension: string
  readonly mime: string
}

/** What something offered turned out to be, with all that is needed to take it. */
export type Recognised =
  | { readonly item: IntakeItem & { action: 'add-feed' }; readonly url: string }
  | { readonly item: IntakeItem & { action: 'import-opml' }; readonly opml: Buffer }
  | {
      readonly item: IntakeItem & { action: 'make-notes' | 'store' }
      /** Null when only speech recognition could give any. */
      readonly words: Words | null
      readonly media: Media | null
      readonly publishedAtMs: number | null
      readonly durationSeconds: number | null
      readonly language: string | null
      readonly link: string | null
    }
  | {
      readonly item: IntakeItem & { action: 'make-notes' }
      /** On YouTube; their captions are read when the notes are made. */
      readonly videos: readonly PlaylistEntry[]
    }
  | { readonly item: IntakeItem & { action: 'none' } }

export const unsupported = (title: string, sentence: string): Recognised => ({
  item: { kind: 'unsupported', title, sentence, action: 'none', costMicroUsd: 0 },
})

export const feedList = (title: string, opml: Buffer): Recognised => ({
  item: {
    kind: 'opml',
    title,
    sentence: 'A list of feeds (OPML): each feed in it is followed, and a report says what became of every line.',
    action: 'import-opml',
    costMicroUsd: 0,
  },
  opml,
})

export const isTakeable = (found: Recognised): found is Extract<Recognised, { words: Words | null }> => 'words' in found

/** Fewer are no text one would keep notes of. */
export const fewestWords = 40

const number = (value: number): string => value.toLocaleString('en')
export const wordsInWords = (count: number): string => `${number(count)} ${count === 1 ? 'word' : 'words'}`

/** `1 h 12 min`, `41 min`, `35 s`. */
export function durationInWords(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (seconds < 90) return `${Math.round(seconds)} s`
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
export const sizeInWords = (bytes: number): string =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : bytes >= 1e6
      ? `${Math.round(bytes / 1e6)} MB`
      : `${Math.max(1, Math.round(bytes / 1e3))} kB`
