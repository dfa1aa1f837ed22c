import { useEffect, useRef, useState } from 'react'
import { announce } from '../../lib/announce.ts'
import { inkwell } from '../../lib/inkwell.ts'

export interface Progress {
  readonly fraction: number
  readonly words: string
}

/**
 * How far a check or a backup is: what main knew when the view opened, then what it tells; null while none is under
 * way. Spoken when a quarter is passed.
 */
export function useProgress(
  feature: 'health' | 'backup',
  known: Progress | null | undefined,
  asked: boolean,
): Progress | null {
  const [told, setTold] = useState<Progress | null>(null)
  useEffect(() => {
    const stopHearing = inkwell.on(`${feature}.progress`, setTold)
    const stopListening = inkwell.on(`${feature}.changed`, () => setTold(null))
    return () => {
      stopHearing()
      stopListening()
    }
  }, [feature])
  useEffect(() => {
    if (!asked) setTold(null)
  }, [asked])
  const progress = told ?? known ?? (asked ? { fraction: 0, words: 'Starting' } : null)
  const spoken = useRef(0)
  useEffect(() => {
    if (!progress) {
      spoken.current = 0
      return
    }
    const quarter = Math.floor(progress.fraction * 4)
    if (quarter <= spoken.current || quarter > 3) return
    spoken.current = quarter
    announce(`${quarter * 25} percent. ${progress.words}`)
  }, [progress])
  return progress
}
