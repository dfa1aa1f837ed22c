import { fail, ok } from '#shared/result.ts'
import type { EpisodesService } from '../episodes/service.ts'
import type { FeedsService } from '../feeds/service.ts'
import { createIntakeService, type IntakeDeps, type IntakeService } from '../intake/service.ts'
import type { JobsService } from '../jobs/service.ts'
import type { Storage } from '../storage/storage.ts'

type Given = Omit<IntakeDeps, 'episodes' | 'feeds' | 'jobs' | 'sample' | 'episodeOfVideo' | 'price'>

/** What comes from outside, joined with the feeds and episodes it may belong to. */
export function joinIntake(
  deps: Given & {
    readonly storage: Storage
    readonly episodes: EpisodesService
    readonly feeds: FeedsService
    readonly jobs: JobsService
  },
): IntakeService {
  const { storage, episodes, feeds, jobs } = deps
  return createIntakeService({
    ...deps,
    price: (about) => jobs.unseen(about).highMicroUsd,
    episodeOfVideo: (videoId) =>
      storage.get<{ episode_id: string }>(
        `SELECT episode_id FROM episode_keys JOIN feeds ON feeds.id = feed_id
         WHERE kind = 'guid' AND key = ? AND feeds.kind = 'youtube' AND removed_at_ms IS NULL`,
        [`yt:video:${videoId}`],
      )?.episode_id ?? null,
    sample: {
      add: async () => {
        const { feed } = await feeds.addSample()
        const newest = episodes.list(feed.id)[0]
        return newest
          ? ok({ feedId: feed.id, episodeId: newest.id })
          : fail('sample-unreadable', `The sample could not be read: ${feed.state.message}. Install Inkwell again.`)
      },
    },
  })
}
