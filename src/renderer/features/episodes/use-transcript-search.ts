import { useDeferredValue, useMemo, useState } from 'react'
import { hitsIn, stepHit } from './search-hits.ts'
import type { TranscriptLine } from './transcript-lines.ts'

/** The words looked for and the place among the hits; it starts again when the words change. */
export function useTranscriptSearch(lines: readonly TranscriptLine[], onHit: (line: number) => void) {
  const [query, setQuery] = useState('')
  const [current, setCurrent] = useState(-1)
  const words = useDeferredValue(query)
  const hits = useMemo(() => hitsIn(lines, words), [lines, words])
  const at = current < hits.length ? current : -1
  const step = (by: 1 | -1) => {
    const next = stepHit(hits.length, at, by)
    setCurrent(next)
    const hit = hits[next]
    if (hit) onHit(hit.line)
  }
  return {
    query,
    setQuery: (next: string) => {
      setQuery(next)
      setCurrent(-1)
    },
    hits,
    current: at,
    next: () => step(1),
    previous: () => step(-1),
  }
}
