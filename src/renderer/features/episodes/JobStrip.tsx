import { Button } from '@mantine/core'
import type { Job } from '#shared/contract/jobs.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, Stages, say } from '../../ui/index.ts'
import css from './episode.module.css'

/** The job of this episode while it runs, or what stopped it. Its progress is spoken by the shell, for every view. */
export function JobStrip({ job }: { job: Job }) {
  const cancel = useCommand('jobs', 'cancel')
  const retry = useCommand('jobs', 'retry')
  const failed = job.state === 'failed'
  const run = async (command: typeof cancel) => {
    const done = await command.run({ jobId: job.id })
    if (!done.ok) say(done.error.message, { tone: 'warn' })
  }
  if (failed)
    return (
      <FailureNote
        failure={{
          code: job.error?.code ?? 'failed',
          message: job.error?.message ?? job.words,
          retryable: job.error?.retryable ?? true,
        }}
        mendLabel="Try again"
        onRetry={() => void run(retry)}
      />
    )
  return (
    <section className={css.job} aria-label="Notes being made">
      <div>
        <Stages stage={job.stage} fraction={job.fraction} words={job.words} title={job.episodeTitle} labels />
        <small>{job.words}</small>
      </div>
      <Button variant="default" size="xs" loading={cancel.running} onClick={() => void run(cancel)}>
        Cancel, keep what is done
      </Button>
    </section>
  )
}
