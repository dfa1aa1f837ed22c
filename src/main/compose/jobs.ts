import { fail } from '#shared/result.ts'
import { createTemplatePreviews, type TemplatePreviews } from '../extraction/with-models/preview.ts'
import { createModelNotes } from '../extraction/with-models/service.ts'
import { createJobRoom } from '../jobs/room.ts'
import { createJobsService, type JobsDeps, type JobsService } from '../jobs/service.ts'
import { offlineChoice } from '../jobs/stage.ts'
import { createJobEstimator, type EstimatorDeps } from '../pipeline/estimate.ts'
import { mendedBy, type PipelineDeps, pipelineStages } from '../pipeline/stages.ts'
import type { Models, Spending } from '../services-models.ts'
import { readHtml } from '../transcripts/html-blocks.ts'

type Given = Omit<JobsDeps, 'stages' | 'label' | 'mended' | 'room' | 'models' | 'estimator' | 'charges'> &
  Omit<PipelineDeps, 'toText' | 'modelNotes'> &
  Pick<EstimatorDeps, 'rungs'> & {
    /** Null while no provider is joined: everything is made on this computer. */
    readonly models: Models | null
    readonly spending: Spending | null
  }

/** Jobs with the stages that make notes, and what the template editor tries out. */
export function joinJobs(
  deps: Given & { readonly artworkOf: (feedId: string) => string | null; readonly profilePath: string },
): { readonly jobs: JobsService; readonly previews: TemplatePreviews } {
  const { episodes, ladder, artworkOf, profilePath } = deps
  const models = deps.models ?? noModels
  const modelNotes = createModelNotes({ ...deps, models, spending: deps.spending ?? noSpending })
  const previews = createTemplatePreviews({ ...deps, models, modelNotes, toText })
  const jobs = createJobsService({
    ...deps,
    models,
    estimator: createJobEstimator({ ...deps, models, modelNotes, toText }),
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

const noModels: Pick<Models, 'generate' | 'contextLength' | 'choiceFor'> = {
  generate: async () => fail('no-such-provider', 'No provider of models is set up. Nothing was sent.'),
  contextLength: () => null,
  choiceFor: () => ({ choice: offlineChoice, fallback: null }),
}
const noSpending: Pick<Spending, 'estimate'> = {
  estimate: () => ({ lowMicroUsd: null, highMicroUsd: null, reason: 'No price is known.' }),
}

const toText = (html: string): string =>
  readHtml(html, { speech: false })
    .blocks.map(({ text }) => text)
    .join('\n')
