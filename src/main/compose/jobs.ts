import { createJobRoom } from '../jobs/room.ts'
import { createJobsService, type JobsDeps, type JobsService } from '../jobs/service.ts'
import { mendedBy, type PipelineDeps, pipelineStages } from '../pipeline/stages.ts'
import { readHtml } from '../transcripts/html-blocks.ts'

type Given = Omit<JobsDeps, 'stages' | 'label' | 'mended' | 'room'> & Omit<PipelineDeps, 'toText'>

/** Jobs with the stages that make notes. */
export function joinJobs(
  deps: Given & { readonly artworkOf: (feedId: string) => string | null; readonly profilePath: string },
): JobsService {
  const { episodes, ladder, artworkOf, profilePath } = deps
  return createJobsService({
    ...deps,
    stages: pipelineStages({ ...deps, toText }),
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
}

const toText = (html: string): string =>
  readHtml(html, { speech: false })
    .blocks.map(({ text }) => text)
    .join('\n')
