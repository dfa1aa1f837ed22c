import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useLocation, useParams } from 'wouter'
import type { Feed } from '#shared/contract/feeds.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { useFocusHeading } from '../../lib/use-focus-heading.ts'
import { Cover, FailureNote, Loading, Page, PageHead, State, VaultLine } from '../../ui/index.ts'
import { EpisodeList } from '../episodes/EpisodeList.tsx'
import { FeedDialogs } from './FeedDialogs.tsx'
import { FeedMenu } from './FeedMenu.tsx'
import { mendFeed } from './FeedRow.tsx'
import { feedStateView, mendWords } from './feed-state.ts'
import css from './feed-view.module.css'
import { type FeedActions, useFeedActions } from './use-feed-actions.ts'
import { type FeedDialogState, useFeedDialog } from './use-feed-dialog.ts'

/** A feed and its episodes. */
export function FeedView() {
  const { feedId = '' } = useParams<{ feedId: string }>()
  const [, go] = useLocation()
  const feed = useLive('feeds', 'get', { feedId })
  const episodes = useLive('episodes', 'list', { feedId })
  const dialog = useFeedDialog()
  const actions = useFeedActions()
  const title = feed.value?.title ?? 'Feed'
  useCrumbs([
    { label: 'Feeds', to: '/feeds' },
    { label: title, lang: feed.value?.language ?? undefined },
  ])

  return (
    <Page fixed>
      {feed.failure && !feed.value && <PageHead title="Feed" />}
      {feed.failure && <FailureNote failure={feed.failure} onRetry={feed.again} />}
      {feed.value && <FeedHead feed={feed.value} dialog={dialog} actions={actions} />}
      {feed.loading && <Loading rows={2} label="Loading the feed" />}
      <VaultLine />
      {episodes.failure && <FailureNote failure={episodes.failure} onRetry={episodes.again} />}
      {episodes.loading && <Loading label="Loading episodes" />}
      {feed.value && episodes.value && <EpisodeList rows={episodes.value} feedTitle={title} />}
      <FeedDialogs dialog={dialog} actions={actions} onRemoved={() => go('/feeds')} />
    </Page>
  )
}

function FeedHead({ feed, dialog, actions }: { feed: Feed; dialog: FeedDialogState; actions: FeedActions }) {
  const heading = useFocusHeading()
  const view = feedStateView(feed)
  const lang = feed.language ?? undefined
  const remote = feed.kind === 'rss' || feed.kind === 'youtube'
  const about = [feed.author, feed.description].filter(Boolean).join('. ').replace(/\s+/g, ' ')
  return (
    <>
      <header className={css.head}>
        <Cover title={feed.title} artworkPath={feed.artworkPath} size={84} className={css.cover!} />
        <div>
          <h1 ref={heading} tabIndex={-1} className="ik-title" lang={lang} dir="auto" title={feed.title}>
            {feed.title}
          </h1>
          {about && (
            <p lang={lang} dir="auto" title={about.length > 140 ? about : undefined}>
              {about}
            </p>
          )}
          <small>
            {plural(feed.episodeCount, 'episode')}
            {feed.notedCount > 0 && `, ${feed.notedCount} with notes`}
            {feed.newCount > 0 && `, ${feed.newCount} new`}.
          </small>
        </div>
        {remote && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} stroke={1.7} />}
            loading={actions.refreshing}
            onClick={() => void actions.refreshOne(feed)}
          >
            Refresh
          </Button>
        )}
        <FeedMenu feed={feed} dialog={dialog} actions={actions} />
      </header>
      {view.kind !== 'ok' && view.mend && (
        <div className={css.state} data-kind={view.kind}>
          <State kind={view.kind}>
            {view.words}
            {view.detail && <small>{view.detail}</small>}
          </State>
          <Button variant="default" size="xs" onClick={() => mendFeed(view.mend!, feed, dialog, actions)}>
            {mendWords[view.mend]}
          </Button>
        </div>
      )}
    </>
  )
}
