import { Link } from 'wouter'
import type { CostOverview } from '#shared/contract/costs.ts'
import { useLive } from '../../lib/live.ts'
import { useFocusHeading } from '../../lib/use-focus-heading.ts'
import { dollarsField, formatSum } from './cost-words.ts'
import css from './costs.module.css'
import { ExportLedger } from './ExportLedger.tsx'
import { PeriodTabs } from './PeriodTabs.tsx'
import { monthNow } from './period.ts'
import type { CostsQuery } from './use-costs-query.ts'

/** The sum of the period as the heading; for the month that is now also its budget and pace. */
export function CostsHead({ query, overview }: { query: CostsQuery; overview: CostOverview }) {
  const heading = useFocusHeading()
  const month = useLive('costs', 'month', {}).value
  const isFiltered = Object.keys(query.chosen).length > 0
  const isNow = query.period.kind === 'month' && query.back === 0 && !isFiltered
  return (
    <header className={css.head}>
      <h1 ref={heading} tabIndex={-1}>
        <span className="ik-hidden">Costs {query.period.words}: </span>
        {formatSum(overview.costMicroUsd)}
      </h1>
      <p>
        {query.period.words}
        {isFiltered && ', of what is chosen below'}
        {isNow ? paceWords(overview.costMicroUsd, month?.limit?.limitMicroUsd ?? null) : '.'}
      </p>
      <div className={css.acts}>
        <PeriodTabs query={query} />
        <ExportLedger filter={query.filter} entries={overview.entries} />
        <nav className={css.links} aria-label="Costs">
          <Link href="/costs/limits" className="ik-link">
            Limits
          </Link>
          <Link href="/costs/prices" className="ik-link">
            Prices
          </Link>
        </nav>
      </div>
    </header>
  )
}

/** ", of $15.00. At this pace $8.37 by the 30th." No pace is told of the first two days: it would be a guess. */
export function paceWords(spentMicroUsd: number, limitMicroUsd: number | null, nowMs = Date.now()): string {
  const { day, days, fraction } = monthNow(nowMs)
  const of = limitMicroUsd === null ? '.' : `, of $${dollarsField(limitMicroUsd)}.`
  if (day < 3 || day === days || spentMicroUsd === 0) return of
  return `${of} At this pace ${formatSum(spentMicroUsd / fraction)} by the ${ordinal(days)}.`
}
const ordinal = (day: number): string => `${day}${day === 31 ? 'st' : 'th'}`
