import { useCommand, useLive } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import { verdictOf } from './health-words.ts'
import { useProgress } from './use-progress.ts'

/** Runs the full check; `progress` also tells of one that was started elsewhere. */
export function useHealthCheck() {
  const check = useCommand('health', 'check')
  const cancel = useCommand('health', 'cancel')
  const running = useLive('health', 'running', {})
  const progress = useProgress('health', running.value, check.running)
  return {
    progress,
    run: async () => {
      const done = await check.run({ full: true })
      running.again()
      if (done.ok) say(`Checked. ${verdictOf(done.value).words}`)
      else if (done.error.code === 'cancelled') say(done.error.message)
      else say(done.error.message, { tone: 'warn' })
    },
    cancel: () => void cancel.run({}),
  }
}
