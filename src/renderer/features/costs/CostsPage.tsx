import { useState } from 'react'
import { Link } from 'wouter'
import type { CostOverview } from '#shared/contract/costs.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, Page, PageHead, SectionHead } from '../../ui/index.ts'
import { CostsHead } from './CostsHead.tsx'
import css from './costs.module.css'
import { Facts } from './Facts.tsx'
import { Ledger } from './Ledger.tsx'
import { LedgerFilters } from './LedgerFilters.tsx'
import { Shares } from './Shares.tsx'
import { SpendFigure } from './SpendFigure.tsx'
import { type CostsQuery, useCostsQuery } from './use-costs-query.ts'
import { useNames } from './use-names.ts'

/** Every cent: the sum of a period, where it went, and each charge. */
export function CostsPage() {
  useCrumbs([{ label: 'Costs' }])
  const query = useCostsQuery()
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const ever = useLive('costs', 'entries', { limit: 1 })
  const overview = useLive('costs', 'overview', query.filter)
  if (ever.value?.rows.length === 0)
    return (
      <Page>
        <PageHead title="Costs" sentence="Every request that can cost is written down here." />
        <NothingYet />
      </Page>
    )
  return (
    <Page ref={setScroller}>
      {overview.value ? <CostsHead query={query} overview={overview.value} /> : <PageHead title="Costs" />}
      {overview.failure && <FailureNote failure={overview.failure} onRetry={overview.again} />}
      {overview.loading && <Loading rows={6} label="Adding up" />}
      {overview.value && <Book query={query} overview={overview.value} scroller={scroller} />}
    </Page>
  )
}

function NothingYet() {
  return (
    <EmptyState
      title="Nothing has been charged yet."
      action={
        <span className={css.links}>
          <Link href="/costs/limits" className="ik-link">
            Limits
          </Link>
          <Link href="/costs/prices" className="ik-link">
            Prices
          </Link>
        </span>
      }
    >
      Notes and transcripts made on this computer are free. When a model or a server is asked, each request appears here
      with its price, and what was estimated before it ran.
    </EmptyState>
  )
}

function Book(props: { query: CostsQuery; overview: CostOverview; scroller: HTMLDivElement | null }) {
  const { query, overview } = props
  const names = useNames()
  const { fromMs, toMs } = query.filter
  const whole = useLive('costs', 'overview', {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  }).value
  return (
    <>
      {overview.unknownEntries > 0 && (
        <p className={css.unknownLine}>
          {plural(overview.unknownEntries, 'entry', 'entries')} without a known price{' '}
          {overview.unknownEntries === 1 ? 'is' : 'are'} in no sum.{' '}
          <Link href="/costs/prices" className="ik-link">
            Give a model a price
          </Link>
        </p>
      )}
      <div className={css.top}>
        <SpendFigure overview={overview} period={query.period} titles={names.providers} />
        <Facts overview={overview} />
      </div>
      <div className={css.by}>
        <Shares
          title="By feed"
          shares={overview.byFeed}
          chosen={query.chosen.feedId}
          onChoose={(feedId) => query.choose({ feedId })}
        />
        <Shares
          title="By model"
          shares={overview.byModel}
          titleOf={({ key }) => key || 'No model'}
          chosen={query.chosen.model}
          onChoose={(model) => query.choose({ model })}
        />
        <Shares
          title="By template"
          shares={overview.byTemplate}
          titleOf={({ key, title }) => names.templates.get(key) ?? (key === '' ? 'Everything but notes' : title)}
          chosen={query.chosen.template}
          onChoose={(template) => query.choose({ template })}
        />
      </div>
      <section className={css.ledger} aria-labelledby="costs-ledger">
        <SectionHead
          id="costs-ledger"
          title="Ledger"
          aside={<small role="status">{plural(overview.entries, 'entry', 'entries')}</small>}
        />
        {whole && <LedgerFilters query={query} whole={whole} providers={names.providers} templates={names.templates} />}
        {overview.entries === 0 ? (
          <EmptyState
            title={
              Object.keys(query.chosen).length > 0 ? 'No entry matches.' : `Nothing was charged ${query.period.words}.`
            }
          />
        ) : (
          <Ledger
            key={JSON.stringify(query.filter)}
            filter={query.filter}
            entries={overview.entries}
            scroller={props.scroller}
            providers={names.providers}
            templates={names.templates}
          />
        )}
      </section>
    </>
  )
}
