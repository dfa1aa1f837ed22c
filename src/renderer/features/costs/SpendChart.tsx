import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { formatSum } from './cost-words.ts'

export interface ChartSeries {
  readonly key: string
  readonly name: string
  readonly colour: string
}
/** Dollars by series, one for each step. */
export type ChartRow = Record<string, string | number>

/**
 * Bars stacked by provider. In a chunk of its own, for what draws it is large. The picture only: the same figures stand
 * in the table beside it, so nothing in here takes the focus.
 */
export function SpendChart({
  rows,
  series,
  labels,
}: {
  rows: ChartRow[]
  series: readonly ChartSeries[]
  labels: number
}) {
  const most = Math.max(0, ...rows.map((row) => series.reduce((sum, { key }) => sum + Number(row[key] ?? 0), 0)))
  const top = niceTop(most)
  return (
    <BarChart
      h={186}
      data={rows}
      dataKey="label"
      type="stacked"
      accessibilityLayer={false}
      series={series.map(({ key, name, colour }) => ({ name: key, label: name, color: colour }))}
      gridAxis="x"
      strokeDasharray="0"
      gridColor="var(--ik-rule)"
      textColor="var(--ik-print3)"
      tickLine="none"
      valueFormatter={(value) => formatSum(value * 1_000_000)}
      tooltipProps={{ isAnimationActive: false, labelFormatter: (_label, [first]) => first?.payload?.title ?? '' }}
      maxBarWidth={34}
      barProps={{ isAnimationActive: false, stroke: 'var(--ik-paper)', strokeWidth: 1 }}
      barChartProps={{ barCategoryGap: '22%' }}
      xAxisProps={{
        interval: Math.max(0, Math.ceil(rows.length / labels) - 1),
        axisLine: { stroke: 'var(--ik-rule-strong)' },
      }}
      yAxisProps={{
        width: 46,
        ticks: [0, top / 2, top],
        domain: [0, top],
        tickFormatter: (value: number) => `$${value.toFixed(top < 0.1 ? 3 : 2)}`,
      }}
    />
  )
}

/** The first round figure at or over the highest bar. */
export function niceTop(most: number): number {
  if (!(most > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  const steps = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10]
  return (steps.find((step) => step * power >= most * 0.9999) ?? 10) * power
}
