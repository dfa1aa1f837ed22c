import css from './ui.module.css'

/** Plain rules where rows will be; nothing moves. */
export function Loading({ rows = 5, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div className={css.loading} role="status">
      <span className="ik-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <i key={row} className={css.loadingRow} />
      ))}
    </div>
  )
}
