import { formatCharge } from './cost-words.ts'
import css from './costs.module.css'
import type { Step } from './period.ts'
import type { ChartRow, ChartSeries } from './SpendChart.tsx'

const micro = (dollars: string | number | undefined): number => Math.round(Number(dollars ?? 0) * 1_000_000)
const shown = (microUsd: number): string => (microUsd === 0 ? '–' : formatCharge(microUsd))

/** What the bars show, as figures; days without a charge are left out. */
export function StepTable(props: { steps: readonly Step[]; rows: ChartRow[]; series: readonly ChartSeries[] }) {
  const lines = props.steps.flatMap((step, index) => {
    const row = props.rows[index]!
    const sums = props.series.map(({ key }) => micro(row[key]))
    const total = sums.reduce((sum, one) => sum + one, 0)
    return total === 0 ? [] : [{ step, sums, total }]
  })
  if (lines.length === 0) return <p className="ik-dim">Nothing was charged.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard
    <section className={css.stepTable} tabIndex={0} aria-label="Spend as a table">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">When</th>
            {props.series.map(({ key, name }) => (
              <th key={key} scope="col" className={css.number}>
                {name}
              </th>
            ))}
            <th scope="col" className={css.number}>
              Sum
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ step, sums, total }) => (
            <tr key={step.start}>
              <th scope="row">{step.title}</th>
              {sums.map((sum, index) => (
                <td key={props.series[index]!.key} className={css.number}>
                  {shown(sum)}
                </td>
              ))}
              <td className={css.number}>
                <b>{shown(total)}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
