import type { Job } from '#shared/contract/jobs.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

/** Stops a job at its next checkpoint; what is done stays and it can go on later. */
export function useCancelJob(job: Pick<Job, 'id' | 'episodeTitle'>) {
  const cancel = useCommand('jobs', 'cancel')
  const retry = useCommand('jobs', 'retry')
  return {
    running: cancel.running,
    cancel: async () => {
      const cancelled = await cancel.run({ jobId: job.id })
      if (!cancelled.ok) return say(cancelled.error.message, { tone: 'warn' })
      say(`“${job.episodeTitle}” is cancelled. What was done is kept.`, {
        action: { label: 'Go on', run: () => void retry.run({ jobId: job.id }) },
      })
    },
  }
}
