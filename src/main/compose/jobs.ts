import { createTemplatePreviews, type TemplatePreviews } from '../extraction/with-models/preview.ts'
import { createModelNotes } from '../extraction/with-models/service.ts'
import { createJobRoom } from '../jobs/room.ts'
import { createJobsService, type JobsDeps, type JobsService } from '../jobs/service.ts'
import { createJobEstimator, type EstimatorDeps } from '../pipeline/estimate.ts'
import { mendedBy, type PipelineDeps, pipelineStages } from '../pipeline/stages.ts'
import type { Models, Spending } from '../services-models.ts'
import { readHtml } from '../transcripts/html-blocks.ts'

type Given = Omit<JobsDeps, 'stages' | 'label' | 'mended' | 'room' | 'models' | 'estimator' | 'charges'> &
  Omit<PipelineDeps, 'toText' | 'modelNotes'> &
  Pick<EstimatorDeps, 'rungs'> & {
    readonly models: Models
    readonly spending: Spending
  }

/** Jobs with the stages that make notes, and what the template editor tries out. */
export function joinJobs(
  deps: Given & { readonly artworkOf: (feedId: string) => string | null; readonly profilePath: string },
): { readonly jobs: JobsService; readonly previews: TemplatePreviews } {
  const { episodes, ladder, artworkOf, profilePath } = deps
  const modelNotes = createModelNotes(deps)
  const previews = createTemplatePreviews({ ...deps, modelNotes, toText })
  const jobs = createJobsService({
    ...deps,
    estimator: createJobEstimator({ ...deps, modelNotes, toText }),
    charges: modelNotes.spentOn,
    stages: pipelineStages({ ...deps, modelNotes, toText }),
    label: (episodeId) => {
      const episode = episodes.get(episodeId)
      return (
        episode && {
          title: episode.title,
          feedTitle: episode.feedTitle,
          artworkPath: artworkOf(episode.feedId),
          durationSeconds: episode.durationSeconds,
        }
      )
    },
    mended: mendedBy(ladder),
    room: createJobRoom(profilePath),
  })
  return { jobs, previews }
}

const toText = (html: string): string =>
  readHtml(html, { speech: false })
    .blocks.map(({ text }) => text)
    .join('\n')
