import css from './coverage-bar.module.css'

interface Span {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** A recording from left to right, with the minutes drawn in that were read. Its words stand beside it. */
export function CoverageBar(props: { spans: readonly Span[]; totalSeconds: number; isPartial?: boolean | undefined }) {
  const percent = (seconds: number): number => Math.min(100, Math.max(0, (seconds / props.totalSeconds) * 100))
  return (
    <span className={css.bar} aria-hidden="true" data-partial={props.isPartial}>
      {props.spans.map(({ fromSeconds, toSeconds }) => (
        <i
          key={fromSeconds}
          style={{ left: `${percent(fromSeconds)}%`, width: `${percent(toSeconds) - percent(fromSeconds)}%` }}
        />
      ))}
    </span>
  )
}
