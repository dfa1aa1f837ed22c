import type { FeedDeps } from './deps.ts'
import type { Outcome, Refresher } from './refresh.ts'
import { stateOf, titleOf } from './rows.ts'
import { listDue, readFeed } from './store.ts'

export interface RefreshMany {
  /** @param feedIds named ones are asked whatever their state; without them all that are due */
  refresh(feedIds?: readonly string[]): Promise<Outcome[]>
  inBackground(feedIds: readonly string[]): void
  settled(): Promise<void>
}

/** Several feeds at once; the host queue keeps it polite. */
export function createRefreshMany(
  { storage, clock, events, log }: Pick<FeedDeps, 'storage' | 'clock' | 'events' | 'log'>,
  refresher: Refresher,
): RefreshMany {
  const background = new Set<Promise<void>>()

  const one = async (feedId: string): Promise<Outcome | null> => {
    const row = readFeed(storage, feedId)
    if (!row) return null
    if (row.kind === 'local' || row.removed_at_ms !== null)
      return { feedId, title: titleOf(row), outcome: 'skipped', newEpisodes: 0, state: stateOf(row) }
    try {
      return await refresher.refresh(feedId)
    } catch (error) {
      // A defect with one feed must not stop the other 499.
      log.error('feeds.refresh defect', { feedId, error })
      return { feedId, title: titleOf(row), outcome: 'failed', newEpisodes: 0, state: stateOf(row) }
    }
  }
  const refresh = async (feedIds?: readonly string[]): Promise<Outcome[]> => {
    const ids = [...new Set(feedIds ?? listDue(storage, clock.now()).map(({ id }) => id))]
    let done = 0
    const progress = (): void => {
      if (ids.length > 1) events.emit('feeds.progress', { done, total: ids.length })
    }
    progress()
    const outcomes = await Promise.all(
      ids.map(async (id) => {
        const outcome = await one(id)
        done += 1
        progress()
        return outcome
      }),
    )
    return outcomes.filter((outcome) => outcome !== null)
  }

  return {
    refresh,
    inBackground: (feedIds) => {
      if (feedIds.length === 0) return
      const work = refresh(feedIds)
        .then(() => {})
        .catch((error: unknown) => log.error('feeds.background refresh', { error }))
        .finally(() => background.delete(work))
      background.add(work)
    },
    settled: async () => {
      while (background.size > 0) await Promise.all(background)
    },
  }
}
