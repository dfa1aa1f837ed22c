import { formatClock } from '../lib/format.ts'
import css from './ui.module.css'

/** A minute of a recording. With `onClick` it is a button (named by `label`), else a word. `plain`: in the margin, without a pill. */
export function Time(props: {
  seconds: number
  plain?: boolean
  current?: boolean
  onClick?: () => void
  /** "Go to", "Show"; the time is added. */
  label?: string
}) {
  const text = formatClock(props.seconds)
  const className = [css.time, props.plain && css.timePlain, props.current && css.timeCurrent].filter(Boolean).join(' ')
  if (!props.onClick) return <span className={className}>{text}</span>
  return (
    <button
      type="button"
      className={className}
      aria-label={`${props.label ?? 'Go to'} ${text}`}
      aria-current={props.current ? 'true' : undefined}
      onClick={props.onClick}
    >
      {text}
    </button>
  )
}
