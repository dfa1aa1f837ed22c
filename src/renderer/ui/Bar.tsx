import css from './ui.module.css'

/** A progress bar. `text` is what it means in words, e.g. "41 of 66 feeds". */
export function Bar(props: { fraction: number; label: string; text?: string; tone?: 'pen' | 'ok' | 'warn' }) {
  const percent = Math.round(Math.min(1, Math.max(0, props.fraction)) * 100)
  return (
    <div
      className={css.bar}
      data-tone={props.tone ?? 'pen'}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={props.text}
    >
      <i className={css.fill} style={{ width: `${percent}%` }} />
    </div>
  )
}
