import { useEffect, useState } from 'react'
import type { Feed, RefreshOutcome } from '#shared/contract/feeds.ts'
import { announce } from '../../lib/announce.ts'
import { plural } from '../../lib/format.ts'
import { inkwell } from '../../lib/inkwell.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import { sayFailure } from './use-feed-actions.ts'

const summaryOf = (outcomes: readonly RefreshOutcome[]): string => {
  const found = outcomes.reduce((sum, one) => sum + one.newEpisodes, 0)
  const failed = outcomes.filter((one) => one.outcome === 'failed').length
  const news = found > 0 ? plural(found, 'new episode') : 'nothing new'
  const trouble = failed > 0 ? ` ${plural(failed, 'feed')} could not be read.` : ''
  return `${plural(outcomes.length - failed, 'feed')} checked, ${news}.${trouble}`
}

/** Refreshes every feed that is not paused; `progress` counts while it runs, whoever started it. */
export function useRefreshAll() {
  const refresh = useCommand('feeds', 'refresh')
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)
  useEffect(
    () =>
      inkwell.on('feeds.progress', (now) => {
        setProgress(now.done < now.total ? now : null)
        // Every quarter, so that a screen reader is not flooded.
        const quarter = Math.max(1, Math.ceil(now.total / 4))
        if (now.total > 3 && now.done > 0 && now.done < now.total && now.done % quarter === 0)
          announce(`${now.done} of ${now.total} feeds checked`)
      }),
    [],
  )
  return {
    progress,
    running: refresh.running,
    refreshAll: async (feeds: readonly Feed[]) => {
      const feedIds = feeds.filter((feed) => !feed.paused && feed.kind !== 'local').map((feed) => feed.id)
      const done = await refresh.run({ feedIds })
      setProgress(null)
      if (done.ok) say(summaryOf(done.value.outcomes))
      else sayFailure(done.error)
    },
  }
}
