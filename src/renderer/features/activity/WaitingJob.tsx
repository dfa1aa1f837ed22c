import { ActionIcon, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { Job } from '#shared/contract/jobs.ts'
import { Money } from '../../ui/index.ts'
import css from './activity.module.css'
import { JobName } from './JobName.tsx'
import { useCancelJob } from './use-cancel-job.ts'

export function WaitingJob({ job }: { job: Job }) {
  const { cancel, running } = useCancelJob(job)
  return (
    <li className={css.job}>
      <div className={css.slim}>
        <JobName job={job} size={32} />
        <div className={css.words}>{job.words}</div>
        <div className={css.sum}>
          <Money microUsd={job.costMicroUsd} />
        </div>
        <div className={css.acts}>
          <Tooltip label="Cancel, keep what is done">
            <ActionIcon aria-label={`Cancel ${job.episodeTitle}, keep what is done`} loading={running} onClick={cancel}>
              <IconX size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
    </li>
  )
}
