import type { Feed } from '#shared/contract/feeds.ts'
import type { Failure } from '#shared/result.ts'
import { plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'

/** Shown once where the act was; the view itself shows the feed's new state. */
export const sayFailure = (failure: Failure): void => say(failure.message, { tone: 'warn' })

/** The acts that need no dialog. */
export function useFeedActions() {
  const refresh = useCommand('feeds', 'refresh')
  const setPaused = useCommand('feeds', 'setPaused')
  const undoMove = useCommand('feeds', 'undoMove')
  const remove = useCommand('feeds', 'remove')
  const undoRemove = useCommand('feeds', 'undoRemove')

  return {
    refreshing: refresh.running,
    refreshOne: async (feed: Feed) => {
      const done = await refresh.run({ feedIds: [feed.id] })
      if (!done.ok) return sayFailure(done.error)
      const outcome = done.value.outcomes[0]
      if (!outcome || outcome.outcome === 'skipped') return say(`${feed.title} was checked a moment ago.`)
      if (outcome.outcome === 'failed') return say(`${feed.title}: ${outcome.state.message}`, { tone: 'warn' })
      say(
        outcome.newEpisodes > 0
          ? `${feed.title}: ${plural(outcome.newEpisodes, 'new episode')}.`
          : `${feed.title} has nothing new.`,
      )
    },
    setPaused: async (feed: Feed, paused: boolean) => {
      const done = await setPaused.run({ feedId: feed.id, paused })
      if (!done.ok) return sayFailure(done.error)
      say(paused ? `${feed.title} is paused. Its episodes stay readable.` : `${feed.title} is checked again.`)
    },
    undoMove: async (feed: Feed) => {
      const done = await undoMove.run({ feedId: feed.id })
      if (!done.ok) return sayFailure(done.error)
      say(`${feed.title} is read from its old address again.`)
    },
    removing: remove.running,
    remove: async (feed: Feed): Promise<boolean> => {
      const done = await remove.run({ feedId: feed.id })
      if (!done.ok) {
        sayFailure(done.error)
        return false
      }
      say(`${feed.title} removed.`, {
        undo: async () => {
          const back = await undoRemove.run({ feedId: feed.id })
          if (back.ok) say(`${feed.title} is back.`)
          else sayFailure(back.error)
        },
      })
      return true
    },
    copyAddress: async (feed: Feed) => {
      if (!feed.urlDisplay) return
      await navigator.clipboard.writeText(feed.urlDisplay)
      say(feed.isPrivate ? 'Address copied, without its secret.' : 'Address copied.')
    },
  }
}
export type FeedActions = ReturnType<typeof useFeedActions>
