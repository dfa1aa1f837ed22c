import { ActionIcon, Button, Menu, Select } from '@mantine/core'
import { IconDots, IconFileExport, IconFileImport, IconPlus, IconRefresh } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { OpmlReport } from '#shared/contract/feeds.ts'
import { clearAddFeedRequest, useAddFeedRequest } from '../../lib/add-feed-request.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { formatLength, plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { Bar, EmptyState, FailureNote, Loading, Page, PageHead } from '../../ui/index.ts'
import { AddFeedDialog } from './AddFeedDialog.tsx'
import { FeedDialogs } from './FeedDialogs.tsx'
import { FeedTable } from './FeedTable.tsx'
import { byTitle, categoriesOf, inCategory } from './feed-groups.ts'
import { needsUser } from './feed-state.ts'
import css from './feeds.module.css'
import { ExportOpmlDialog, OpmlReportDialog } from './OpmlDialogs.tsx'
import { sayFailure, useFeedActions } from './use-feed-actions.ts'
import { useFeedDialog } from './use-feed-dialog.ts'
import { useRefreshAll } from './use-refresh-all.ts'

const everyCategory = 'all'
const noCategory = 'none'

const checkedAgo = (lastCheckedAtMs: number): string => {
  const seconds = (Date.now() - lastCheckedAtMs) / 1000
  return seconds < 60 ? 'checked just now' : `checked ${formatLength(seconds)} ago`
}

export function FeedsView() {
  useCrumbs([{ label: 'Feeds' }])
  const list = useLive('feeds', 'list', {})
  const importOpml = useCommand('feeds', 'importOpml')
  const request = useAddFeedRequest()
  const [adding, setAdding] = useState<{ url: string } | null>(null)
  const [exporting, setExporting] = useState(false)
  const [report, setReport] = useState<OpmlReport | null>(null)
  const [category, setCategory] = useState<string>(everyCategory)
  const dialog = useFeedDialog()
  const actions = useFeedActions()
  const all = useRefreshAll()

  useEffect(() => {
    if (!request.asked) return
    setAdding({ url: request.url })
    clearAddFeedRequest()
  }, [request])

  const feeds = list.value ?? []
  const categories = categoriesOf(feeds)
  const choice = category === everyCategory ? null : category === noCategory ? '' : category
  const shown = byTitle(inCategory(feeds, choice))
  const waiting = feeds.filter(needsUser).length
  const lastChecked = Math.max(0, ...feeds.map((feed) => feed.lastCheckedAtMs ?? 0))
  const readOpml = async () => {
    const done = await importOpml.run({})
    if (!done.ok) sayFailure(done.error)
    else if (done.value) setReport(done.value)
  }
  const addButton = (
    <Button leftSection={<IconPlus size={15} stroke={2} />} onClick={() => setAdding({ url: '' })}>
      Add feed
    </Button>
  )
  const importButton = (
    <Button
      variant="default"
      leftSection={<IconFileImport size={15} stroke={1.7} />}
      loading={importOpml.running}
      onClick={() => void readOpml()}
    >
      Import OPML
    </Button>
  )

  return (
    <Page>
      <PageHead
        title="Feeds"
        sentence={
          feeds.length > 0 && (
            <>
              {plural(feeds.length, 'feed')}
              {lastChecked > 0 && `, ${checkedAgo(lastChecked)}`}.{' '}
              {waiting > 0 && <b className={css.waiting}>{waiting === 1 ? '1 needs you.' : `${waiting} need you.`}</b>}
            </>
          )
        }
        actions={
          feeds.length > 0 && (
            <>
              <Button
                variant="default"
                leftSection={<IconRefresh size={15} stroke={1.7} />}
                loading={all.running}
                onClick={() => void all.refreshAll(feeds)}
              >
                Refresh all
              </Button>
              {addButton}
              <Menu withInitialFocusPlaceholder={false} position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="default" size={32} aria-label="More for all feeds">
                    <IconDots size={17} stroke={1.6} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<IconFileImport size={15} stroke={1.7} />} onClick={() => void readOpml()}>
                    Import OPML…
                  </Menu.Item>
                  <Menu.Item leftSection={<IconFileExport size={15} stroke={1.7} />} onClick={() => setExporting(true)}>
                    Export OPML…
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </>
          )
        }
      />
      {all.progress && (
        <div className={css.progress}>
          <Bar
            fraction={all.progress.done / Math.max(1, all.progress.total)}
            label="Refreshing feeds"
            text={`${all.progress.done} of ${all.progress.total} feeds`}
          />
          <small>
            {all.progress.done} of {all.progress.total} feeds checked
          </small>
        </div>
      )}
      {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
      {list.loading && <Loading label="Loading feeds" />}
      {list.value?.length === 0 && (
        <EmptyState
          title="No feeds yet."
          action={
            <div className={css.emptyActions}>
              {addButton}
              {importButton}
            </div>
          }
        >
          Add a podcast’s feed, its web page or a YouTube channel, or bring the list of another podcast program.
        </EmptyState>
      )}
      {categories.length > 0 && (
        <Select
          className={css.categories}
          size="xs"
          aria-label="Category"
          allowDeselect={false}
          value={category}
          onChange={(value) => setCategory(value ?? everyCategory)}
          data={[
            { value: everyCategory, label: 'All categories' },
            ...categories,
            { value: noCategory, label: 'Without a category' },
          ]}
        />
      )}
      {feeds.length > 0 && <FeedTable feeds={shown} dialog={dialog} actions={actions} />}
      <FeedDialogs dialog={dialog} actions={actions} />
      {adding && <AddFeedDialog initialUrl={adding.url} onClose={() => setAdding(null)} />}
      {exporting && (
        <ExportOpmlDialog
          privateCount={feeds.filter((feed) => feed.isPrivate).length}
          onClose={() => setExporting(false)}
        />
      )}
      {report && <OpmlReportDialog report={report} onClose={() => setReport(null)} />}
    </Page>
  )
}
