import type { Chapter, Person } from '#shared/contract/episodes.ts'
import type { Result } from '#shared/result.ts'
import type { TranscriptRef } from '../../services.ts'

export interface ParseOptions {
  /** Content-Type header as sent; it lies. */
  readonly contentType: string | null
  /** Where the bytes came from, after redirects: relative addresses are read against it. */
  readonly url: string | null
  /** For dates that cannot be true. The clock of this computer by default. */
  readonly nowMs?: number
}

export interface ParsedMedia {
  /** Absolute. */
  readonly url: string
  /** As declared, else from the extension; `video/youtube` for a video page. Null when nobody knows. */
  readonly type: string | null
  /** As declared; null when it cannot be true. */
  readonly bytes: number | null
}

export interface ParsedItem {
  /** Trimmed; longer than 2 KB: `sha256:…` of it. */
  readonly guid: string | null
  /** Other items of this feed have the same guid (ignoring case): it says nothing alone. */
  readonly guidShared: boolean
  /** Other items of this feed have the same title, day and duration. */
  readonly titleShared: boolean
  /** Plain text without markup, at most 500 graphemes. */
  readonly title: string | null
  readonly publishedAtMs: number | null
  readonly durationSeconds: number | null
  readonly media: ParsedMedia | null
  readonly link: string | null
  /** As the feed has it, not made safe; at most 200 KB. */
  readonly descriptionHtml: string | null
  readonly imageUrl: string | null
  /** As displayed. */
  readonly season: string | null
  readonly number: string | null
  readonly episodeType: 'full' | 'trailer' | 'bonus' | null
  readonly explicit: boolean | null
  /** In the order of the feed; best is for the reader to choose. */
  readonly transcripts: readonly TranscriptRef[]
  /** `podcast:chapters`, to be fetched. */
  readonly chaptersUrl: string | null
  /** Podlove Simple Chapters, inline. */
  readonly chapters: readonly Chapter[]
  /** The item's own; the channel's where it has none. */
  readonly persons: readonly Person[]
}

export interface ParsedFeed {
  readonly kind: 'rss' | 'youtube'
  readonly title: string | null
  /** Plain text. */
  readonly description: string | null
  readonly author: string | null
  /** BCP 47. */
  readonly language: string | null
  readonly siteUrl: string | null
  readonly imageUrl: string | null
  readonly podcastGuid: string | null
  /** `itunes:new-feed-url`, unless it names this address: a hint to ask about, never to follow. */
  readonly newFeedUrl: string | null
  readonly ttlMinutes: number | null
  /** The show has ended. */
  readonly complete: boolean
  readonly persons: readonly Person[]
  /** Older items, RFC 5005. */
  readonly nextPageUrl: string | null
  /** `itunes:block`: the publisher wants no directory to list it. */
  readonly isPrivateHint: boolean
  /** Whole sentences for the log of a refresh. */
  readonly warnings: readonly string[]
  /** Its XML was repaired or cut to be read. */
  readonly mended: boolean
  /** It does not hold all its items: the file was cut, or there are more than the limit. */
  readonly partial: boolean
  /** In the order of the feed. */
  readonly items: readonly ParsedItem[]
}

export type ParseFailureCode = 'not-a-feed' | 'broken' | 'refused' | 'empty-body'
export type ParseResult = Result<ParsedFeed, ParseFailureCode>

export interface FeedLink {
  readonly url: string
  readonly title: string | null
}

export const limits = {
  feedBytes: 20_000_000,
  items: 10_000,
  depth: 64,
  attributes: 256,
  titleGraphemes: 500,
  descriptionBytes: 200_000,
  guidBytes: 2_048,
  urlCharacters: 4_096,
} as const
