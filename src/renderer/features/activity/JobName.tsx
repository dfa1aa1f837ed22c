import { Link } from 'wouter'
import type { Job } from '#shared/contract/jobs.ts'
import { Cover } from '../../ui/index.ts'
import css from './activity.module.css'
import { showAndLength } from './job-words.ts'

/** Artwork, title and show of a job's episode. */
export function JobName({ job, size }: { job: Job; size: number }) {
  return (
    <>
      <Cover title={job.feedTitle} artworkPath={job.artworkPath} size={size} />
      <div className={css.name}>
        <Link href={`/episodes/${job.episodeId}`}>{job.episodeTitle}</Link>
        <small>{showAndLength(job)}</small>
      </div>
    </>
  )
}
