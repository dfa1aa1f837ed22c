import type { Chapter, Episode, EpisodeRow } from '#shared/contract/episodes.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Desktop, Events, Ids } from '../ports.ts'
import type { EpisodeRecord, Episodes, NewLocalEpisode } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { noFacts, type ReadEpisodeFacts } from './facts.ts'
import { addLocalEpisode } from './local.ts'
import { toEpisode, toRecord, toRow } from './rows.ts'
import { listEpisodes, listNewEpisodes, readEpisode, readEpisodeFeeds } from './store.ts'

export interface EpisodesService extends Episodes {
  list(feedId: string | null): EpisodeRow[]
  recent(limit: number): EpisodeRow[]
  details(episodeId: string): Result<Episode, 'episode-missing'>
  /** @returns how many changed */
  setSeen(episodeIds: readonly string[], seen: boolean): number
  /** The web page of the episode, else its recording, in the browser. */
  openLink(episodeId: string): Promise<Result<Record<string, never>, 'episode-missing' | 'no-link' | 'needs-password'>>
}

export function createEpisodesService(deps: {
  storage: Storage
  events: Events
  clock: Clock
  ids: Ids
  desktop: Pick<Desktop, 'openExternal'> | null
  /** Joins what other features know; empty by default. */
  facts?: ReadEpisodeFacts
  /** Puts the secrets of a private feed back into an address; null when they are gone. */
  openSecrets?: (feedId: string, url: string) => Promise<string | null>
}): EpisodesService {
  const { storage, events, clock, desktop, facts = noFacts, openSecrets } = deps
  const missing = () => fail('episode-missing', 'This episode is not here any more. Go back to its feed.')
  const changed = (feedId: string | null): void => {
    events.emit('episodes.changed', { feedId })
    events.emit('feeds.changed', { feedId })
  }
  const get = (episodeId: string): EpisodeRecord | null => {
    const found = readEpisode(storage, episodeId)
    return found ? toRecord(found.row, found.feed) : null
  }

  return {
    get,
    list: (feedId) => {
      const known = facts(feedId === null ? { all: true } : { feedId })
      const feeds = readEpisodeFeeds(storage)
      return listEpisodes(storage, feedId).map((row) => toRow(row, feeds.get(row.feed_id)!, known.get(row.id)))
    },
    recent: (limit) => {
      const rows = listNewEpisodes(storage, limit)
      const known = facts({ episodeIds: rows.map(({ id }) => id) })
      const feeds = readEpisodeFeeds(storage)
      return rows.map((row) => toRow(row, feeds.get(row.feed_id)!, known.get(row.id)))
    },
    details: (episodeId) => {
      const found = readEpisode(storage, episodeId)
      if (!found) return missing()
      return ok(toEpisode(found.row, found.feed, facts({ episodeIds: [episodeId] }).get(episodeId)))
    },
    setSeen: (episodeIds, seen) => {
      const [from, to] = seen ? ['new', 'seen'] : ['seen', 'new']
      const count = storage.write('episodes.setSeen', (tx) => {
        let sum = 0
        for (const id of episodeIds)
          sum += tx.run('UPDATE episodes SET state = ?, updated_at_ms = ? WHERE id = ? AND state = ?', [
            to!,
            clock.now(),
            id,
            from!,
          ])
        tx.audit('episodes', { state: from! }, { state: to!, episodeIds: episodeIds.slice(0, 100), changed: sum })
        return sum
      })
      if (count > 0) changed(null)
      return count
    },
    openLink: async (episodeId) => {
      const row = readEpisode(storage, episodeId)?.row
      if (!row) return missing()
      for (const stored of [row.link, row.media_url]) {
        if (stored === null) continue
        const url = openSecrets ? await openSecrets(row.feed_id, stored) : stored
        if (url === null)
          return fail(
            'needs-password',
            'The link of this episode has a secret that is not kept any more. Refresh its feed.',
          )
        if (!/^https?:\/\//i.test(url)) continue
        await desktop?.openExternal(url)
        return ok({})
      }
      return fail('no-link', 'The feed gives no page and no recording for this episode.')
    },
    addLocal: (episode: NewLocalEpisode) => {
      const { episodeId, feedId, added } = addLocalEpisode(deps, episode)
      if (added) changed(feedId)
      return get(episodeId)!
    },
    setChapters: (episodeId, chapters: readonly Chapter[]) => {
      storage.writeUnaudited((tx) =>
        tx.run('UPDATE episodes SET chapters_json = ?, updated_at_ms = ? WHERE id = ?', [
          JSON.stringify(chapters),
          clock.now(),
          episodeId,
        ]),
      )
      events.emit('episodes.changed', { feedId: get(episodeId)?.feedId ?? null })
    },
    markProcessed: (episodeId) => {
      const feedId = get(episodeId)?.feedId
      if (feedId === undefined) return
      storage.write('episodes.markProcessed', (tx) => {
        tx.run("UPDATE episodes SET state = 'processed', updated_at_ms = ? WHERE id = ?", [clock.now(), episodeId])
        tx.audit(`episode:${episodeId}`, null, { state: 'processed' })
      })
      changed(feedId)
    },
  }
}
