import { Link } from 'wouter'
import type { CostOverview, Limit } from '#shared/contract/costs.ts'
import { formatCount, plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { BudgetBar } from './BudgetBar.tsx'
import { formatSum, formatUnit, offBy } from './cost-words.ts'
import css from './costs.module.css'
import { limitSums } from './limit-words.ts'
import { monthNow } from './period.ts'

/** What a note and an hour come to, how good the estimates are, and what is left of the month. */
export function Facts({ overview }: { overview: CostOverview }) {
  const { estimates, finishedNotes, listenedSeconds, microUsdPerNote, microUsdPerHour, savedMicroUsd } = overview
  const hours = listenedSeconds / 3600
  return (
    <section className={css.facts} aria-label="In short">
      <dl>
        <div>
          <dt>A finished note</dt>
          <dd>{microUsdPerNote === null ? '–' : formatUnit(microUsdPerNote)}</dd>
          <dd>{plural(finishedNotes, 'note')}</dd>
        </div>
        <div>
          <dt>A listened hour</dt>
          <dd>{microUsdPerHour === null ? '–' : formatUnit(microUsdPerHour)}</dd>
          <dd>
            {hours >= 0.05 ? `${hours < 100 ? hours.toFixed(1) : formatCount(Math.round(hours))} hours` : 'none yet'}
          </dd>
        </div>
        <div className={css.line}>
          <dt>Estimate against actual</dt>
          <dd>
            {estimates.entries === 0 ? '–' : offBy(estimates.estimateMicroUsd, estimates.actualMicroUsd, 1) || '0 %'}
          </dd>
          <dd>
            {estimates.entries === 0
              ? 'no estimates yet'
              : `${formatCount(estimates.closeEntries)} of ${formatCount(estimates.entries)} within 10 %`}
          </dd>
        </div>
        {savedMicroUsd > 0 && (
          <div className={css.line}>
            <dt>Saved by caches</dt>
            <dd>{formatSum(savedMicroUsd)}</dd>
            <dd>answers kept, not asked twice</dd>
          </div>
        )}
      </dl>
      <Budget />
    </section>
  )
}

/** The month against its limits, whatever period is shown. */
function Budget() {
  const limits = useLive('costs', 'limits', {}).value
  const now = monthNow(Date.now())
  if (!limits) return null
  const ofMonth = limits.filter(({ scope }) => scope === 'month')
  const next = lowest(ofMonth)
  return (
    <div className={css.budget}>
      <h2>Budget of {now.name}</h2>
      {next && (
        <BudgetBar
          spentMicroUsd={next.spentMicroUsd}
          limitMicroUsd={next.limitMicroUsd}
          tick={now.fraction}
          label={`Budget of ${now.name}`}
          text={`${formatSum(next.spentMicroUsd)} of ${formatSum(next.limitMicroUsd)} is spent`}
        />
      )}
      <p>
        {budgetWords(ofMonth, next)}{' '}
        <Link href="/costs/limits" className="ik-link">
          Change<span className="ik-hidden"> limits</span>
        </Link>
      </p>
    </div>
  )
}

const lowest = (limits: readonly Limit[]): Limit | null =>
  limits.toSorted((one, other) => one.limitMicroUsd - other.limitMicroUsd)[0] ?? null

function budgetWords(limits: readonly Limit[], next: Limit | null): string {
  if (!next) return 'No budget is set.'
  const left = next.limitMicroUsd - next.spentMicroUsd - next.reservedMicroUsd
  const first = left > 0 ? `${formatSum(left)} left.` : 'Nothing is left.'
  const held = next.reservedMicroUsd > 0 ? ` ${formatSum(next.reservedMicroUsd)} is on its way.` : ''
  return `${first}${held} ${limitSums(limits)}`
}
