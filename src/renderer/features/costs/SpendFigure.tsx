import { lazy, Suspense, useMemo, useState } from 'react'
import type { CostOverview } from '#shared/contract/costs.ts'
import { plural } from '../../lib/format.ts'
import { coloursOf, formatSum, providerName } from './cost-words.ts'
import css from './costs.module.css'
import { monthsBetween, type Period, type Step } from './period.ts'
import type { ChartRow, ChartSeries } from './SpendChart.tsx'
import { StepTable } from './StepTable.tsx'

const SpendChart = lazy(async () => ({ default: (await import('./SpendChart.tsx')).SpendChart }))

/** Spend by day or month: a legend with the totals, and the bars or the same as a table. */
export function SpendFigure(props: { overview: CostOverview; period: Period; titles: ReadonlyMap<string, string> }) {
  const { overview, period, titles } = props
  const [asTable, setAsTable] = useState(false)
  const providers = overview.byProvider.map(({ key }) => key)
  const colours = coloursOf(providers)
  const { steps, rows, series } = useMemo(() => chartOf(overview, period, titles), [overview, period, titles])
  return (
    <figure
      className={css.figure}
      aria-label={`Spend by ${period.kind === 'week' || period.kind === 'month' ? 'day' : 'month'} and provider, ${period.words}`}
    >
      <figcaption>
        <ul className={css.legend}>
          {overview.byProvider.map((share) => (
            <li key={share.key}>
              <i style={{ background: colours.get(share.key) }} />
              {providerName(share.key, titles)} <b>{totalWords(share)}</b>
              {share.unknownEntries > 0 && <span className={css.warn}>{share.unknownEntries} unknown</span>}
            </li>
          ))}
        </ul>
        <button type="button" className="ik-link" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show as chart' : 'Show as table'}
        </button>
      </figcaption>
      {asTable ? (
        <StepTable steps={steps} rows={rows} series={series} />
      ) : (
        <div className={css.chart} aria-hidden="true">
          {series.length === 0 ? (
            <p>Nothing was charged {period.words}.</p>
          ) : (
            <Suspense fallback={null}>
              <SpendChart rows={rows} series={series} labels={period.kind === 'month' ? 9 : 12} />
            </Suspense>
          )}
        </div>
      )}
    </figure>
  )
}

/** "$4.05", "free, 12 entries"; nothing where all that is there is unknown. */
function totalWords({ costMicroUsd, entries, unknownEntries }: CostOverview['byProvider'][number]): string {
  if (costMicroUsd > 0) return formatSum(costMicroUsd)
  return unknownEntries === 0 ? `free, ${plural(entries, 'entry', 'entries')}` : ''
}

function chartOf(
  overview: CostOverview,
  period: Period,
  titles: ReadonlyMap<string, string>,
): { steps: readonly Step[]; rows: ChartRow[]; series: ChartSeries[] } {
  const steps = period.steps.length > 0 ? period.steps : monthsBetween(overview.steps.map(({ start }) => start))
  const providers = overview.byProvider.map(({ key }) => key)
  const colours = coloursOf(providers)
  const paid = overview.byProvider.filter(({ costMicroUsd }) => costMicroUsd > 0)
  const series = paid.map(({ key }) => ({
    key: `p-${key}`,
    name: providerName(key, titles),
    colour: colours.get(key)!,
  }))
  const byStart = new Map(overview.steps.map((step) => [step.start, step.byProvider]))
  const rows = steps.map(({ start, label, title }) => {
    const row: ChartRow = { label, title }
    for (const { key } of paid) row[`p-${key}`] = 0
    for (const { provider, costMicroUsd } of byStart.get(start) ?? []) row[`p-${provider}`] = costMicroUsd / 1_000_000
    return row
  })
  return { steps, rows, series }
}
