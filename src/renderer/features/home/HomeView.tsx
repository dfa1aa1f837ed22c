import { useCrumbs } from '../../lib/crumbs.ts'
import { formatLongDay } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, Page, PageHead, VaultLine } from '../../ui/index.ts'
import { FirstRun } from './FirstRun.tsx'
import css from './home.module.css'
import { NewEpisodes } from './NewEpisodes.tsx'
import { PasteBox } from './PasteBox.tsx'
import { ReadyToRead } from './ReadyToRead.tsx'
import { Running, useActiveJobs } from './Running.tsx'

export function HomeView() {
  useCrumbs([{ label: 'Home' }])
  const feeds = useLive('feeds', 'list', {})
  const noted = useLive('notes', 'recent', { limit: 9 })
  const { active, stopped } = useActiveJobs()
  const failure = feeds.failure ?? noted.failure

  if (feeds.loading || noted.loading)
    return (
      <Page>
        <PageHead title={formatLongDay(Date.now())} focus={false} />
        <Loading rows={4} />
      </Page>
    )
  const isFirstRun = feeds.value?.length === 0 && noted.value?.length === 0 && active.length + stopped.length === 0
  if (isFirstRun && !failure) return <FirstRun />
  return (
    <Page>
      <PageHead title={formatLongDay(Date.now())} focus={false} />
      {failure && (
        <FailureNote
          failure={failure}
          onRetry={() => {
            feeds.again()
            noted.again()
          }}
        />
      )}
      <PasteBox />
      <VaultLine />
      <div className={css.columns} data-one={active.length + stopped.length === 0 || undefined}>
        <div>
          <NewEpisodes />
          <ReadyToRead episodes={noted.value ?? []} />
        </div>
        <Running active={active} stopped={stopped} />
      </div>
    </Page>
  )
}
