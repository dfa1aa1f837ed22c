import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Job } from '#shared/contract/jobs.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, Page, PageHead, SectionHead } from '../../ui/index.ts'
import { FinishedJob } from './FinishedJob.tsx'
import { groupJobs, summaryOf } from './job-words.ts'
import { RunningJob } from './RunningJob.tsx'
import { StoppedJob } from './StoppedJob.tsx'
import { useClearFinished } from './use-clear-finished.ts'
import { WaitingJob } from './WaitingJob.tsx'

export function ActivityView() {
  useCrumbs([{ label: 'Activity' }])
  const list = useLive('jobs', 'list', {})
  const clear = useClearFinished()
  const jobs = list.value ?? []
  const groups = groupJobs(jobs)
  const finished = groups.stopped.length + groups.done.length + groups.cancelled.length
  return (
    <Page>
      <PageHead
        title="Activity"
        sentence={list.value && summaryOf(groups)}
        actions={
          finished > 0 && (
            <Button variant="default" loading={clear.running} onClick={clear.clear}>
              Clear finished
            </Button>
          )
        }
      />
      {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
      {list.loading && <Loading rows={4} />}
      {list.value && jobs.length === 0 && (
        <EmptyState
          title="Nothing is under way."
          action={
            <Link href="/" className="ik-link">
              Paste a link on Home
            </Link>
          }
        >
          Choose Make notes on an episode, or paste a link. What is being made appears here, and stays for 30 days.
        </EmptyState>
      )}
      <Group title="Running" jobs={groups.running} row={(job) => <RunningJob key={job.id} job={job} />} />
      <Group
        title="Stopped, needs you"
        tone="warn"
        jobs={groups.stopped}
        row={(job) => <StoppedJob key={job.id} job={job} />}
      />
      <Group title="Waiting" jobs={groups.waiting} row={(job) => <WaitingJob key={job.id} job={job} />} />
      <Group title="Done" jobs={groups.done} row={(job) => <FinishedJob key={job.id} job={job} />} />
      <Group title="Cancelled" jobs={groups.cancelled} row={(job) => <FinishedJob key={job.id} job={job} />} />
    </Page>
  )
}

function Group(props: { title: string; tone?: 'warn'; jobs: Job[]; row: (job: Job) => ReactNode }) {
  if (props.jobs.length === 0) return null
  const id = `activity-${props.title.split(',')[0]!.toLowerCase()}`
  return (
    <section aria-labelledby={id} style={{ marginBottom: 20 }}>
      <SectionHead id={id} title={props.title} {...(props.tone ? { tone: props.tone } : {})} />
      <ul>{props.jobs.map(props.row)}</ul>
    </section>
  )
}
