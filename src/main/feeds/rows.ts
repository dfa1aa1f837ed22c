import type { Feed, FeedState } from '#shared/contract/feeds.ts'
import type { MoveRow } from './move-store.ts'
import { maskPlaceholders } from './secret-book.ts'
import type { FeedCounts, FeedRow } from './store.ts'

export const titleOf = (row: FeedRow): string => maskPlaceholders(row.user_title ?? row.own_title)

export const stateOf = (row: FeedRow): FeedState =>
  row.paused
    ? { kind: 'paused', message: 'Paused', detail: 'It is not asked until you resume it.', sinceMs: null }
    : { kind: row.state_kind, message: row.state_message, detail: row.state_detail, sinceMs: row.state_since_ms }

export function toFeed(
  row: FeedRow,
  about: {
    counts: FeedCounts | undefined
    noted: number
    move: MoveRow | undefined
    canUndoMove: boolean
  },
): Feed {
  const { counts, noted, move, canUndoMove } = about
  return {
    id: row.id,
    kind: row.kind,
    title: titleOf(row),
    ownTitle: maskPlaceholders(row.own_title),
    author: row.author,
    description: row.description === null ? null : maskPlaceholders(row.description),
    language: row.language,
    siteUrl: row.site_url === null || row.site_url.includes('{secret:') ? null : row.site_url,
    urlDisplay: row.kind === 'sample' ? null : row.url_display,
    isPrivate: row.is_private === 1,
    category: row.category,
    paused: row.paused === 1,
    artworkPath: row.artwork_sha256 === null ? null : `media/artwork/${row.id}`,
    episodeCount: counts?.episodes ?? 0,
    newCount: counts?.new_episodes ?? 0,
    notedCount: noted,
    latestPublishedAtMs: counts?.latest_ms ?? null,
    addedAtMs: row.added_at_ms,
    lastCheckedAtMs: row.last_checked_at_ms,
    nextCheckAtMs: row.next_check_at_ms,
    state: stateOf(row),
    proposedMove: move
      ? {
          urlDisplay: move.to_display,
          reason: move.reason,
          matchingEpisodes: move.matching_episodes,
          knownEpisodes: move.known_episodes,
        }
      : null,
    canUndoMove,
    removedAtMs: row.removed_at_ms,
  }
}
