import { useEffect, useState } from 'react'

/** Parts drawn with the view itself: one is a screen or more. */
export const atOnce = 1

/** How many of `count` parts to draw now: the first at once, then one for each turn, so that input is heard in between. */
export function useDrawnCount(count: number): number {
  const [drawn, setDrawn] = useState(atOnce)
  useEffect(() => {
    if (drawn >= count) return
    const timer = setTimeout(() => setDrawn((now) => now + 1), 0)
    return () => clearTimeout(timer)
  }, [drawn, count])
  return drawn
}
