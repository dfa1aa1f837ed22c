import { Link } from 'wouter'
import type { Job } from '#shared/contract/jobs.ts'
import { formatClock } from '../../lib/format.ts'
import { Cover } from '../../ui/index.ts'
import css from './activity.module.css'

/** Artwork, title and show of a job's episode. */
export function JobName({ job, size }: { job: Job; size: number }) {
  return (
    <>
      <Cover title={job.feedTitle} artworkPath={job.artworkPath} size={size} />
      <div className={css.name}>
        <Link href={`/episodes/${job.episodeId}`} dir="auto" title={job.episodeTitle}>
          {job.episodeTitle}
        </Link>
        <small className="ik-cut">
          <bdi>{job.feedTitle}</bdi>
          {job.durationSeconds !== null && `, ${formatClock(job.durationSeconds)}`}
        </small>
      </div>
    </>
  )
}
