import type { EpisodeRecord, Episodes, FeedFetcher } from '../services.ts'
import { parseChapters } from './chapters.ts'
import { maxChaptersBytes } from './limits.ts'

/** Answers warnings: notes are fine without chapters. */
export async function fetchChapters(
  { fetcher, episodes }: { fetcher: FeedFetcher; episodes: Pick<Episodes, 'setChapters'> },
  episode: EpisodeRecord,
  signal: AbortSignal,
): Promise<string[]> {
  if (episode.chaptersUrl === null || episode.chapters.length > 0) return []
  const answer = await fetcher.fetch(episode.feedId, episode.chaptersUrl, { maxBytes: maxChaptersBytes, signal })
  if (!answer.ok) return [`The chapters could not be fetched: ${answer.error.message}`]
  if (answer.value.status < 200 || answer.value.status > 299)
    return [`The chapters could not be fetched (the server says ${answer.value.status}).`]
  const chapters = parseChapters(answer.value.body)
  if (!chapters.ok) return [chapters.error.message]
  if (chapters.value.length > 0) episodes.setChapters(episode.id, chapters.value)
  return []
}
