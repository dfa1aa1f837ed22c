import { Select } from '@mantine/core'
import { useState } from 'react'
import type { Limit } from '#shared/contract/costs.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, Page, PageHead, SectionHead } from '../../ui/index.ts'
import { LimitRow } from './LimitRow.tsx'
import { scopeWords, spentWords } from './limit-words.ts'
import css from './limits.module.css'

const whole = ['job', 'day', 'month'] as const

/** What Inkwell may spend before it asks, and where it stops whatever is said. */
export function LimitsPage() {
  useCrumbs([{ label: 'Costs', to: '/costs' }, { label: 'Limits' }])
  const limits = useLive('costs', 'limits', {})
  return (
    <Page className={css.page}>
      <PageHead title="Limits" sentence="Held against each request before it is sent." />
      <dl className={css.words}>
        <div>
          <dt>Asks</dt>
          <dd>
            A job that would go over waits in Activity and asks you. Your yes, to the sum it names, passes the limit
            once.
          </dd>
        </div>
        <div>
          <dt>Stops</dt>
          <dd>Nothing passes it. A job that would go over stops and keeps what is done, until you raise the limit.</dd>
        </div>
      </dl>
      <p className={css.note}>
        Free work is never held back. A model without a price always asks. An empty field is no limit.
      </p>
      {limits.failure && <FailureNote failure={limits.failure} onRetry={limits.again} />}
      {limits.loading && <Loading rows={4} />}
      {limits.value && (
        <>
          <section aria-labelledby="limits-all">
            <SectionHead id="limits-all" title="For everything" />
            <ul>
              {whole.map((scope) => {
                const ofScope = limits.value!.filter((limit) => limit.scope === scope)
                return (
                  <LimitRow
                    key={scope}
                    scope={scope}
                    title={scopeWords[scope].title}
                    words={`${scopeWords[scope].words} ${spentWords(scope, ofScope[0])}`}
                    limits={ofScope}
                  />
                )
              })}
            </ul>
          </section>
          <FeedLimits limits={limits.value.filter(({ scope }) => scope === 'feed-month')} />
        </>
      )}
    </Page>
  )
}

function FeedLimits({ limits }: { limits: readonly Limit[] }) {
  const feeds = useLive('feeds', 'list', {}).value
  const [added, setAdded] = useState<readonly string[]>([])
  const ids = [...new Set([...limits.map(({ feedId }) => feedId!), ...added])]
  const titleOf = (id: string): string =>
    limits.find(({ feedId }) => feedId === id)?.feedTitle ??
    feeds?.find((feed) => feed.id === id)?.title ??
    'A removed feed'
  const left = feeds?.filter(({ id, removedAtMs }) => removedAtMs === null && !ids.includes(id)) ?? []
  return (
    <section aria-labelledby="limits-feeds" className={css.feeds}>
      <SectionHead id="limits-feeds" title="For one feed, each month" />
      <ul>
        {ids.map((id) => {
          const ofFeed = limits.filter(({ feedId }) => feedId === id)
          return (
            <LimitRow
              key={id}
              scope="feed-month"
              feedId={id}
              title={titleOf(id)}
              words={spentWords('feed-month', ofFeed[0])}
              limits={ofFeed}
            />
          )
        })}
      </ul>
      {left.length > 0 ? (
        <Select
          className={css.addFeed}
          label="Limit another feed"
          placeholder="Choose a feed"
          searchable
          value={null}
          data={left.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(id) => id && setAdded([...added, id])}
          comboboxProps={{ withinPortal: false }}
        />
      ) : (
        ids.length === 0 && <p className={css.note}>Feeds that you follow can have a limit of their own.</p>
      )}
    </section>
  )
}
