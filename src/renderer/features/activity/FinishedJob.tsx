import { Button } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Job } from '#shared/contract/jobs.ts'
import { formatMoment } from '../../lib/format.ts'
import { Money, State } from '../../ui/index.ts'
import css from './activity.module.css'
import { JobLog, LogButton } from './JobLog.tsx'
import { JobName } from './JobName.tsx'
import { doneIn, estimateWords } from './job-words.ts'
import { useRetryJob } from './use-retry-job.ts'

/** A job that is done, or was cancelled and can go on. */
export function FinishedJob({ job }: { job: Job }) {
  const [logOpened, setLogOpened] = useState(false)
  const [, navigate] = useLocation()
  const { retry, running } = useRetryJob(job)
  return (
    <li className={css.job}>
      <div className={css.slim}>
        <JobName job={job} size={32} />
        <div className={css.words}>
          {job.state === 'done' ? <State kind="ok">{doneIn(job)}</State> : <State kind="pause">{job.words}</State>}
        </div>
        <div className={css.sum}>
          <Money microUsd={job.unknownCharges > 0 && job.costMicroUsd === 0 ? null : job.costMicroUsd} />
          {estimateWords(job) !== null && <small className={css.at}>{estimateWords(job)}</small>}
        </div>
        <div className={css.acts}>
          <LogButton job={job} opened={logOpened} onToggle={() => setLogOpened(!logOpened)} />
          {job.state === 'done' ? (
            <Button variant="subtle" size="xs" onClick={() => navigate(`/episodes/${job.episodeId}`)}>
              Read<span className="ik-hidden"> {job.episodeTitle}</span>
            </Button>
          ) : (
            <Button variant="subtle" size="xs" loading={running} onClick={() => void retry()}>
              Go on<span className="ik-hidden"> with {job.episodeTitle}</span>
            </Button>
          )}
          {job.finishedAtMs !== null && (
            <small className={css.at}>
              <time dateTime={new Date(job.finishedAtMs).toISOString()}>{formatMoment(job.finishedAtMs)}</time>
            </small>
          )}
        </div>
      </div>
      {logOpened && <JobLog job={job} />}
    </li>
  )
}
