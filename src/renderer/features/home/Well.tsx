import css from './first-run.module.css'

/** An inkwell with a pen; decoration of the first start. */
export function Well() {
  return (
    <svg className={css.well} viewBox="0 0 190 150" aria-hidden="true">
      <g stroke="var(--ik-print)" strokeWidth="1.6">
        <path d="M38 128h84c5 0 8-3 8-8 0-20-9-34-21-44H51C39 86 30 100 30 120c0 5 3 8 8 8Z" fill="var(--ik-sheet)" />
        <path
          d="M33.5 108h93c2.5 4.500 3.5 8.500 3.5 12 0 5-3 8-8 8H38c-5 0-8-3-8-8 0-3.500 1-7.500 3.500-12Z"
          fill="var(--ik-pen-fill)"
          stroke="none"
        />
        <rect x="56" y="60" width="48" height="16" rx="2" fill="var(--ik-sheet)" />
        <path d="M84 64 150 12c8-6 20-6 26-4-4 12-12 22-22 28L96 72Z" fill="var(--ik-paper)" strokeLinejoin="round" />
        <path d="M88 68 172 12" strokeWidth="1.2" />
        <path d="M8 140h174" />
      </g>
    </svg>
  )
}
