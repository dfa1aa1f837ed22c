import type { KeyboardEvent } from 'react'

const steps: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => Math.min(count - 1, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_at, count) => count - 1,
}

/** For a list whose rows are buttons that open: arrows, Home and End move the focus from row to row. */
export function moveAmongRows(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key]
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('button[data-row]')]
  const at = rows.indexOf(event.target as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  rows[step(at, rows.length)]?.focus()
}
