import { ActionIcon, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Job } from '#shared/contract/jobs.ts'
import { plural } from '../../lib/format.ts'
import { Stages } from '../../ui/index.ts'
import css from './activity.module.css'
import { JobLog, LogButton } from './JobLog.tsx'
import { JobName } from './JobName.tsx'
import { useCancelJob } from './use-cancel-job.ts'

export function RunningJob({ job }: { job: Job }) {
  const [logOpened, setLogOpened] = useState(false)
  const { cancel, running } = useCancelJob(job)
  return (
    <li className={css.job}>
      <div className={css.big}>
        <JobName job={job} size={44} />
        <div className={css.progress}>
          <Stages labels stage={job.stage} fraction={job.fraction} words={job.words} title={job.episodeTitle} />
          <p>{job.words}</p>
        </div>
        <div className={css.sum}>
          <b>
            {job.doneTemplates.length} of {plural(job.templates.length, 'note')}
          </b>
        </div>
        <div className={css.acts}>
          <LogButton job={job} opened={logOpened} onToggle={() => setLogOpened(!logOpened)} />
          <Tooltip label="Cancel, keep what is done">
            <ActionIcon aria-label={`Cancel ${job.episodeTitle}, keep what is done`} loading={running} onClick={cancel}>
              <IconX size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
      {logOpened && <JobLog job={job} />}
    </li>
  )
}
