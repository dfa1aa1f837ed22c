import type { House } from '../compose.ts'
import type { CommandResult } from './output.ts'
import { columns, dateOf, done } from './words.ts'

export async function listJobs(house: House): Promise<CommandResult> {
  const jobs = house.jobs.list()
  const rows = jobs.map((job) => [
    job.id,
    dateOf(job.createdAtMs),
    job.state === 'running' ? `${job.stage} ${Math.round(job.fraction * 100)} %` : job.state,
    job.episodeTitle,
    job.words,
  ])
  return done(
    jobs,
    rows.length > 0 ? columns(rows) : ['Nothing is under way, and nothing was done in the last 30 days.'],
  )
}
