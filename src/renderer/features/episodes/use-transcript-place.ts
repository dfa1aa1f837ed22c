import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useState } from 'react'
import type { AskedTime } from './TranscriptPanel.tsx'

/** Whether the transcript is shown (beside the notes on a wide window, else on request) and what was asked of it. */
export function useTranscriptPlace() {
  const wide = useMediaQuery('(min-width: 1000px)', true, { getInitialValueInEffect: false })
  const [choice, setChoice] = useState<boolean | null>(null)
  const [asked, setAsked] = useState<AskedTime | null>(null)
  const [searchAsked, setSearchAsked] = useState(0)
  const open = choice ?? wide
  return {
    open,
    wide,
    setOpen: setChoice,
    asked,
    searchAsked,
    goTo: useCallback((seconds: number) => {
      setChoice(true)
      setAsked((now) => ({ seconds, turn: (now?.turn ?? 0) + 1 }))
    }, []),
    search: () => {
      setChoice(true)
      setSearchAsked((now) => now + 1)
    },
  }
}
