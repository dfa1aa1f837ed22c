import { ActionIcon, Tooltip } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import type { Job } from '#shared/contract/jobs.ts'
import { formatTime } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { FailureNote } from '../../ui/index.ts'
import css from './activity.module.css'

/** Opens and closes the log of a job. */
export function LogButton(props: { job: Job; opened: boolean; onToggle: () => void }) {
  const label = props.opened ? 'Hide the log' : 'Show the log'
  return (
    <Tooltip label={label}>
      <ActionIcon
        aria-label={`${label} of ${props.job.episodeTitle}`}
        aria-expanded={props.opened}
        aria-controls={`log-${props.job.id}`}
        onClick={props.onToggle}
      >
        <IconListDetails size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}

/** What the job did, line by line, with times. */
export function JobLog({ job }: { job: Job }) {
  const log = useLive('jobs', 'log', { jobId: job.id })
  return (
    <section id={`log-${job.id}`} className={css.log} aria-label={`Log of ${job.episodeTitle}`}>
      {log.failure && <FailureNote failure={log.failure} onRetry={log.again} />}
      {log.value?.length === 0 && <p className="ik-dim">Nothing is written down yet.</p>}
      <ol>
        {log.value?.map((line, index) => (
          <li key={`${line.atMs}-${index}`} data-level={line.level}>
            <time dateTime={new Date(line.atMs).toISOString()}>{formatTime(line.atMs)}</time>
            <span>
              {line.level !== 'info' && <b>{line.level === 'error' ? 'Error: ' : 'Note: '}</b>}
              {line.words}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
