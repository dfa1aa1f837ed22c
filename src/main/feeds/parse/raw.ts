/** What the three kinds of feeds have in common, as written: the normaliser makes sense of it. */
export interface RawEnclosure {
  readonly url?: string | undefined
  readonly type?: string | undefined
  readonly length?: number | undefined
  /** Another edition of what `enclosure` names. */
  readonly alternate?: boolean
}
export interface RawPerson {
  readonly name?: string | undefined
  readonly role?: string | undefined
  readonly group?: string | undefined
  readonly url?: string | undefined
}
export interface RawChapter {
  readonly start?: string | undefined
  readonly title?: string | undefined
  readonly url?: string | undefined
}
export interface RawTranscript {
  readonly url?: string | undefined
  readonly type?: string | undefined
  readonly language?: string | undefined
  readonly rel?: string | undefined
}
/** Lists are in order of preference: the first that says something counts. */
export interface RawItem {
  readonly guid?: string | undefined
  readonly titles: readonly (string | undefined)[]
  readonly dates: readonly (string | undefined)[]
  readonly durations: readonly (number | string | undefined)[]
  readonly enclosures: readonly RawEnclosure[]
  readonly links: readonly (string | undefined)[]
  readonly descriptions: readonly (string | undefined)[]
  readonly images: readonly (string | undefined)[]
  readonly season?: string | undefined
  readonly number?: string | undefined
  readonly episodeType?: string | undefined
  readonly explicit?: boolean | undefined
  readonly transcripts: readonly RawTranscript[]
  readonly chaptersUrl?: string | undefined
  readonly chapters: readonly RawChapter[]
  readonly persons: readonly RawPerson[]
  readonly videoId?: string | undefined
}
export interface RawFeed {
  readonly titles: readonly (string | undefined)[]
  readonly descriptions: readonly (string | undefined)[]
  readonly authors: readonly (string | undefined)[]
  readonly languages: readonly (string | undefined)[]
  readonly links: readonly (string | undefined)[]
  readonly images: readonly (string | undefined)[]
  readonly podcastGuid?: string | undefined
  readonly newFeedUrl?: string | undefined
  readonly ttl?: number | undefined
  readonly complete?: boolean | undefined
  readonly block?: boolean | undefined
  readonly nextPages: readonly (string | undefined)[]
  /** `xml:base` of the root. */
  readonly base?: string | undefined
  readonly persons: readonly RawPerson[]
  readonly items: readonly RawItem[]
}
