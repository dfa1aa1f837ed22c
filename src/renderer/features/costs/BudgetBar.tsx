import css from './budget-bar.module.css'

/** How much of a limit is spent; the tick is where the month is. `text`: the same in words. */
export function BudgetBar(props: {
  spentMicroUsd: number
  limitMicroUsd: number
  label: string
  text: string
  tick?: number
}) {
  const fraction = props.limitMicroUsd === 0 ? 1 : props.spentMicroUsd / props.limitMicroUsd
  const percent = Math.min(100, Math.max(0, fraction * 100))
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> has no place for a tick
    <div
      className={css.bar}
      data-tone={fraction >= 1 ? 'bad' : fraction >= 0.8 ? 'warn' : undefined}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-valuetext={props.text}
    >
      <i style={{ width: `${percent}%` }} />
      {props.tick !== undefined && <b style={{ left: `${props.tick * 100}%` }} />}
    </div>
  )
}
