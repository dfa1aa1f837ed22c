import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { Job } from '#shared/contract/jobs.ts'
import { announce } from '../../lib/announce.ts'
import { plural } from '../../lib/format.ts'
import { inkwell } from '../../lib/inkwell.ts'
import { useLive } from '../../lib/live.ts'
import { say, unsay } from '../../ui/say.tsx'
import { type Progress, progressWords, stopWords } from './job-words.ts'

/** Between two spoken lines of progress, so that several jobs at once do not flood the ear. */
const quietMs = 4_000
/** With more under way than this, the ends are told together. */
const fewJobs = 3

const isActive = (job: Job): boolean => job.state === 'running' || job.state === 'queued'

/** Tells of progress, and of every end, wherever the user is. */
export function useJobAnnouncements(): void {
  const jobs = useLive('jobs', 'list', {}).value
  const [path, navigate] = useLocation()
  const here = useRef({ path, navigate })
  here.current = { path, navigate }
  const byId = useRef(new Map<string, Job>())
  const together = useRef(0)
  const openedAtMs = useRef(Date.now())

  useEffect(() => {
    const told = new Map<string, Progress>()
    let toldAtMs = 0
    return inkwell.on('jobs.progress', (progress) => {
      const job = byId.current.get(progress.jobId)
      if (!job) return
      const words = progressWords(job.episodeTitle, told.get(progress.jobId), progress)
      if (words === null || performance.now() - toldAtMs < quietMs) return
      told.set(progress.jobId, progress)
      toldAtMs = performance.now()
      announce(words)
    })
  }, [])

  useEffect(() => {
    if (!jobs) return
    const before = byId.current
    byId.current = new Map(jobs.map((job) => [job.id, job]))
    const wereActive = [...before.values()].filter(isActive)
    const active = jobs.filter(isActive).length
    for (const job of jobs) {
      const was = before.get(job.id)
      // One that ended before it was ever seen under way is told of too.
      const isNews = was ? isActive(was) : job.createdAtMs >= openedAtMs.current
      if (!isNews || isActive(job)) continue
      if (job.state === 'failed')
        say(stopWords(job), {
          key: `notes-${job.episodeId}`,
          tone: 'warn',
          action: { label: 'Activity', run: () => here.current.navigate('/activity') },
        })
      else if (job.state === 'done' && wereActive.length > fewJobs) together.current += 1
      else if (job.state === 'done' && here.current.path === `/episodes/${job.episodeId}`) {
        // They appear before the eyes: a toast would only cover them.
        unsay(`notes-${job.episodeId}`)
        announce(`${plural(job.doneTemplates.length, 'note')} made.`)
      } else if (job.state === 'done')
        say(`${plural(job.doneTemplates.length, 'note')} from “${job.episodeTitle}”.`, {
          key: `notes-${job.episodeId}`,
          action: { label: 'Read', run: () => here.current.navigate(`/episodes/${job.episodeId}`) },
        })
    }
    if (active <= fewJobs && together.current > 0) {
      say(`Notes of ${plural(together.current, 'more episode')} are made.`, {
        action: { label: 'Activity', run: () => here.current.navigate('/activity') },
      })
      together.current = 0
    }
  }, [jobs])
}
