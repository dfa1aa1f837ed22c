import type { Job } from '#shared/contract/jobs.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/say.tsx'

/** Goes on after the last checkpoint. */
export function useRetryJob(job: Pick<Job, 'id' | 'episodeTitle'>) {
  const command = useCommand('jobs', 'retry')
  return {
    running: command.running,
    /** @param approvedMicroUsd the sum the user says yes to */
    retry: async (approvedMicroUsd?: number) => {
      const retried = await command.run({
        jobId: job.id,
        ...(approvedMicroUsd === undefined ? {} : { approvedMicroUsd }),
      })
      if (!retried.ok) return say(retried.error.message, { tone: 'warn' })
      say(`“${job.episodeTitle}” goes on.`)
    },
  }
}
