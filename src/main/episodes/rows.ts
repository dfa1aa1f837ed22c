import type { Episode, EpisodeRow } from '#shared/contract/episodes.ts'
import { hasPlaceholder, maskPlaceholders } from '../feeds/secret-book.ts'
import { displayUrl } from '../feeds/url-secrets.ts'
import type { EpisodeRecord } from '../services.ts'
import type { EpisodeFacts } from './facts.ts'
import {
  type EpisodeFeed,
  type EpisodeFullRow,
  type EpisodeListRow,
  parseChapters,
  parsePersons,
  parseTranscripts,
} from './store.ts'

export const toRow = (row: EpisodeListRow, feed: EpisodeFeed, facts: EpisodeFacts | undefined): EpisodeRow => ({
  id: row.id,
  feedId: row.feed_id,
  feedTitle: feed.title,
  artworkPath: feed.has_artwork ? `media/artwork/${row.feed_id}` : null,
  title: maskPlaceholders(row.title),
  number: row.number,
  publishedAtMs: row.published_at_ms,
  durationSeconds: row.duration_seconds,
  state: row.state,
  inFeed: row.in_feed === 1,
  transcript: facts?.storedTranscript
    ? 'stored'
    : row.transcript_count > 0
      ? 'publisher'
      : row.is_video === 1
        ? 'captions'
        : 'none',
  noteCount: facts?.noteCount ?? 0,
  failedTemplates: facts?.failedTemplates ?? 0,
  activeJobId: facts?.activeJobId ?? null,
  language: row.language ?? feed.language,
})

export const toEpisode = (row: EpisodeFullRow, feed: EpisodeFeed, facts: EpisodeFacts | undefined): Episode => ({
  ...toRow(row, feed, facts),
  feedKind: feed.kind,
  descriptionHtml: row.description_html === null ? null : maskPlaceholders(row.description_html),
  link: publicLink(row.link),
  mediaUrlDisplay: row.media_url === null ? null : displayUrl(maskPlaceholders(row.media_url)),
  mediaType: row.media_type,
  season: row.season,
  chapters: parseChapters(row),
  persons: parsePersons(row).map((person) => ({ ...person, url: publicLink(person.url) })),
  folderDisplay: facts?.folderDisplay ?? null,
})

export const toRecord = (row: EpisodeFullRow, feed: EpisodeFeed): EpisodeRecord => ({
  id: row.id,
  feedId: row.feed_id,
  feedTitle: feed.title,
  feedKind: feed.kind,
  language: row.language ?? feed.language,
  guid: row.guid === null ? null : maskPlaceholders(row.guid),
  title: maskPlaceholders(row.title),
  number: row.number,
  season: row.season,
  publishedAtMs: row.published_at_ms,
  durationSeconds: row.duration_seconds,
  descriptionHtml: row.description_html === null ? null : maskPlaceholders(row.description_html),
  link: publicLink(row.link),
  mediaUrl: row.media_url,
  mediaType: row.media_type,
  mediaPath: row.media_path,
  transcriptRefs: parseTranscripts(row),
  chaptersUrl: row.chapters_url,
  chapters: parseChapters(row),
  persons: parsePersons(row),
})

/** A link that holds a secret is not shown, written into notes or handed on; `openLink` opens it. */
const publicLink = (link: string | null): string | null => (link === null || hasPlaceholder(link) ? null : link)
