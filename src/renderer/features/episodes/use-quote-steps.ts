import type { RefObject } from 'react'
import { useShortcut } from '../../lib/shortcuts.ts'

/** [ and ] go from quote to quote of the note that is shown; the one reached has the focus. */
export function useQuoteSteps(reader: RefObject<HTMLElement | null>): void {
  const step = (by: 1 | -1) => {
    const quotes = [...(reader.current?.querySelectorAll<HTMLElement>('blockquote[data-quote]') ?? [])]
    if (quotes.length === 0) return
    const at = quotes.findIndex((quote) => quote.contains(document.activeElement))
    const next = quotes[at < 0 ? (by === 1 ? 0 : quotes.length - 1) : (at + by + quotes.length) % quotes.length]!
    next.tabIndex = -1
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: 'center' })
  }
  useShortcut(']', 'Next quote', () => step(1), { group: 'Episode' })
  useShortcut('[', 'Previous quote', () => step(-1), { group: 'Episode' })
}
