import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { FeedsService } from './service.ts'

export const feedsHandlers = (feeds: FeedsService): Handlers<AppContract['feeds']> => ({
  list: () => ok(feeds.list()),
  get: ({ feedId }) => feeds.get(feedId),
  add: (input) => feeds.add(input),
  refresh: async ({ feedIds }) => ok({ outcomes: await feeds.refresh(feedIds) }),
  rename: ({ feedId, title }) => feeds.rename(feedId, title),
  setCategory: ({ feedId, category }) => feeds.setCategory(feedId, category),
  setPaused: ({ feedId, paused }) => feeds.setPaused(feedId, paused),
  setCredentials: ({ feedId, credentials, secretStorage }) => feeds.setCredentials(feedId, credentials, secretStorage),
  remove: ({ feedId }) => feeds.remove(feedId),
  undoRemove: ({ feedId }) => feeds.undoRemove(feedId),
  acceptMove: ({ feedId }) => feeds.acceptMove(feedId),
  dismissMove: ({ feedId }) => feeds.dismissMove(feedId),
  undoMove: ({ feedId }) => feeds.undoMove(feedId),
  importOpml: ({ token }) => feeds.importOpml(token),
  exportOpml: ({ includePrivate }) => feeds.exportOpml({ includePrivate }),
})
