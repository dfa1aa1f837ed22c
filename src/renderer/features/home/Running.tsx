import { ActionIcon, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { Job } from '#shared/contract/jobs.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../lib/live.ts'
import { SectionHead, Stages, State } from '../../ui/index.ts'
import { useCancelJob } from '../activity/use-cancel-job.ts'
import css from './home.module.css'

const shown = 3

export function useActiveJobs(): { active: Job[]; stopped: Job[] } {
  const jobs = useLive('jobs', 'list', {}).value ?? []
  return {
    active: [
      ...jobs.filter((job) => job.state === 'running'),
      ...jobs.filter((job) => job.state === 'queued').toReversed(),
    ],
    stopped: jobs.filter((job) => job.state === 'failed'),
  }
}

/** What runs, and what waits for the user; nothing when there is neither. */
export function Running({ active, stopped }: { active: Job[]; stopped: Job[] }) {
  if (active.length + stopped.length === 0) return null
  return (
    <section className={css.running} aria-labelledby="home-running">
      <SectionHead
        id="home-running"
        title={active.length > 0 ? 'Running' : 'Stopped'}
        aside={
          <Link href="/activity" className="ik-link">
            Activity
          </Link>
        }
      />
      <ul>
        {active.slice(0, shown).map((job) => (
          <RunningJob key={job.id} job={job} />
        ))}
      </ul>
      {active.length > shown && <p className={css.runningMore}>and {plural(active.length - shown, 'more', 'more')}</p>}
      {stopped.length > 0 && (
        <p className={css.stopped}>
          <Link href="/activity">
            <State kind="warn">
              {stopped.length === 1 ? (
                <>
                  “<bdi>{stopped[0]!.episodeTitle}</bdi>” stopped and needs you
                </>
              ) : (
                `${plural(stopped.length, 'job')} stopped and need you`
              )}
            </State>
          </Link>
        </p>
      )}
    </section>
  )
}

function RunningJob({ job }: { job: Job }) {
  const { cancel, running } = useCancelJob(job)
  return (
    <li className={css.job}>
      <div className={css.jobTop}>
        <Link href={`/episodes/${job.episodeId}`} className="ik-cut">
          {job.episodeTitle}
        </Link>
        <Tooltip label="Cancel, keep what is done">
          <ActionIcon
            size={24}
            aria-label={`Cancel ${job.episodeTitle}, keep what is done`}
            loading={running}
            onClick={cancel}
          >
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Stages stage={job.stage} fraction={job.fraction} words={job.words} title={job.episodeTitle} />
      <small>{job.words}</small>
    </li>
  )
}
