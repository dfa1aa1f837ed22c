import { useEffect, useState } from 'react'
import { dayKey } from './period.ts'

const lookEveryMs = 60_000

/** Now, to the day: a new value when the day turns, so that a window left open does not stay in the old month. */
export function useToday(): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(
      () => setNowMs((shown) => (dayKey(new Date(shown)) === dayKey(new Date()) ? shown : Date.now())),
      lookEveryMs,
    )
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
