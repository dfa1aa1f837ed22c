import { fail, ok, type Result } from '#shared/result.ts'
import type { FeedDeps } from './deps.ts'
import { countEpisodesOf, type FeedColumns, type FeedRow, readFeed, updateFeed } from './store.ts'

export interface FeedEdits {
  /** Null goes back to the feed's own title. */
  rename(feedId: string, title: string | null): Result<null, 'feed-missing'>
  setCategory(feedId: string, category: string | null): Result<null, 'feed-missing'>
  setPaused(feedId: string, paused: boolean): Result<null, 'feed-missing'>
  remove(feedId: string): Result<{ feedId: string; keptNotes: number }, 'feed-missing'>
  undoRemove(feedId: string): Result<null, 'feed-missing'>
}

/** What a user changes of a feed, each with its trail. */
export function createFeedEdits({ storage, clock, facts }: Pick<FeedDeps, 'storage' | 'clock' | 'facts'>): FeedEdits {
  const change = (
    action: string,
    feedId: string,
    columns: FeedColumns,
    shown: (row: FeedRow) => { [key: string]: string | number | boolean | null },
  ): Result<null, 'feed-missing'> =>
    storage.write(action, (tx) => {
      const before = readFeed(tx, feedId)
      if (!before) return fail('feed-missing', 'This feed is not here any more.')
      updateFeed(tx, feedId, columns)
      tx.audit(`feed:${feedId}`, shown(before), shown({ ...before, ...columns } as FeedRow))
      return ok(null)
    })
  const clean = (text: string | null): string | null => text?.replace(/\s+/g, ' ').trim() || null

  return {
    rename: (feedId, title) =>
      change('feeds.rename', feedId, { user_title: clean(title) }, (row) => ({ title: row.user_title })),
    setCategory: (feedId, category) =>
      change('feeds.setCategory', feedId, { category: clean(category) }, (row) => ({ category: row.category })),
    setPaused: (feedId, paused) =>
      change('feeds.setPaused', feedId, { paused: Number(paused) }, (row) => ({ paused: row.paused === 1 })),
    remove: (feedId) => {
      const result = change('feeds.remove', feedId, { removed_at_ms: clock.now() }, (row) => ({
        removedAtMs: row.removed_at_ms,
        episodes: countEpisodesOf(storage, feedId).episodes,
      }))
      if (!result.ok) return result
      let keptNotes = 0
      for (const { noteCount } of facts?.({ feedId }).values() ?? []) keptNotes += noteCount
      return ok({ feedId, keptNotes })
    },
    undoRemove: (feedId) =>
      change('feeds.undoRemove', feedId, { removed_at_ms: null }, (row) => ({ removedAtMs: row.removed_at_ms })),
  }
}
