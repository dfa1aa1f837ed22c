import { Button } from '@mantine/core'
import { Link } from 'wouter'
import type { Feed } from '#shared/contract/feeds.ts'
import { formatCount, formatDate } from '../../lib/format.ts'
import { Cover, State } from '../../ui/index.ts'
import { FeedMenu } from './FeedMenu.tsx'
import { feedStateView, type Mend, mendWords } from './feed-state.ts'
import css from './feeds.module.css'
import type { FeedActions } from './use-feed-actions.ts'
import type { FeedDialogState } from './use-feed-dialog.ts'

/** Does what the mend button says: some at once, some in a dialog. */
export function mendFeed(mend: Mend, feed: Feed, dialog: FeedDialogState, actions: FeedActions): void {
  if (mend === 'again') void actions.refreshOne(feed)
  else if (mend === 'resume') void actions.setPaused(feed, false)
  else dialog.show(mend, feed)
}

export function FeedRow(props: { feed: Feed; dialog: FeedDialogState; actions: FeedActions }) {
  const { feed, dialog, actions } = props
  const view = feedStateView(feed)
  return (
    <tr>
      <td>
        <div className={css.name}>
          <Cover title={feed.title} artworkPath={feed.artworkPath} size={36} />
          <span lang={feed.language ?? undefined}>
            <Link href={`/feeds/${feed.id}`} data-row={feed.id} dir="auto" title={feed.title}>
              {feed.title}
            </Link>
            <small dir="auto">{feed.author ?? (feed.kind === 'local' ? 'On this computer' : '')}</small>
          </span>
        </div>
      </td>
      <td className={css.number}>{formatCount(feed.episodeCount)}</td>
      <td className={css.latest}>{feed.latestPublishedAtMs === null ? '–' : formatDate(feed.latestPublishedAtMs)}</td>
      <td className={css.state}>
        <State kind={view.kind}>
          {view.words}
          {view.detail && <small>{view.detail}</small>}
        </State>
      </td>
      <td>
        <div className={css.rowActions}>
          {view.mend && (
            <Button
              variant="default"
              size="xs"
              aria-label={`${mendWords[view.mend]}: ${feed.title}`}
              onClick={() => mendFeed(view.mend!, feed, dialog, actions)}
            >
              {mendWords[view.mend]}
            </Button>
          )}
          <FeedMenu feed={feed} dialog={dialog} actions={actions} inList />
        </div>
      </td>
    </tr>
  )
}
