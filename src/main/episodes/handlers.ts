import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { EpisodesService } from './service.ts'

export const episodesHandlers = (episodes: EpisodesService): Handlers<AppContract['episodes']> => ({
  list: ({ feedId }) => ok(episodes.list(feedId ?? null)),
  recent: ({ limit }) => ok(episodes.recent(limit)),
  get: ({ episodeId }) => episodes.details(episodeId),
  setSeen: ({ episodeIds, seen }) => ok({ changed: episodes.setSeen(episodeIds, seen) }),
  openLink: ({ episodeId }) => episodes.openLink(episodeId),
})
