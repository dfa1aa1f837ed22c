import { useEffect, useRef, useState } from 'react'
import type { TemplatePreview, TemplateTestRun } from '#shared/contract/templates.ts'
import type { Failure } from '#shared/result.ts'
import { announce } from '../../lib/announce.ts'
import { formatMoney } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

export interface TestRun {
  readonly running: boolean
  readonly answer: TemplateTestRun | null
  readonly failure: Failure | null
  /** The text or the episode is another than the answer was made from. */
  readonly isOld: boolean
  /** Asks the model, at the high end of the price that was shown at most. */
  readonly start: (preview: TemplatePreview) => Promise<void>
}

/** One real run; an answer that comes after the page was left is told with its price, and not shown. */
export function useTestRun(yaml: string, episodeId: string | null, title: string): TestRun {
  const command = useCommand('templates', 'testRun')
  const [made, setMade] = useState<{ from: string; answer: TemplateTestRun | null; failure: Failure | null } | null>(
    null,
  )
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  const from = `${episodeId} ${yaml}`
  return {
    running: command.running,
    answer: made?.answer ?? null,
    failure: made?.failure ?? null,
    isOld: made !== null && made.from !== from,
    start: async ({ choice, estimate }) => {
      if (episodeId === null || command.running) return
      const high = estimate.highMicroUsd
      const done = await command.run({ yaml, episodeId, choice, ...(high === null ? {} : { approvedMicroUsd: high }) })
      const words = done.ok
        ? `The answer of ${title} is here, ${formatMoney(done.value.costMicroUsd)}.`
        : done.error.message
      if (!isHere.current) return say(words, done.ok ? {} : { tone: 'warn' })
      setMade({ from, answer: done.ok ? done.value : null, failure: done.ok ? null : done.error })
      if (done.ok) announce(words)
    },
  }
}
