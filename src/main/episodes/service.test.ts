import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contract } from '#shared/contract/index.ts'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from '../feeds/testing/feed-house.ts'
import { createEpisodesService } from './service.ts'

let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
})
afterEach(() => house.close())

const local = (contentSha256: string, title = 'Talk') => ({
  title,
  contentSha256,
  publishedAtMs: null,
  durationSeconds: 12.5,
  language: 'en',
  mediaPath: null,
  mediaType: null,
  link: null,
})
const follow = async (...items: ReturnType<typeof episode>[]) => {
  house.routes['/feed.xml'] = feedAnswer(rss(items))
  return must(
    await house.feeds.add({ url: house.at('show', '/feed.xml'), secretStorage: 'keychain', allowLocalNetwork: false }),
  ).feed
}

describe('your files and texts', () => {
  it('one feed, made when first needed; the same content is the same episode', () => {
    const first = house.episodes.addLocal(local('a'))
    expect(first).toMatchObject({ feedKind: 'local', feedTitle: 'Your files and texts', title: 'Talk' })
    expect(house.episodes.addLocal(local('a', 'Renamed')).id).toBe(first.id)
    house.episodes.addLocal(local('b'))
    expect(house.feeds.list()).toMatchObject([
      { kind: 'local', episodeCount: 2, urlDisplay: null, state: { kind: 'fine' } },
    ])
    expect(house.episodes.recent(10)).toEqual([])
  })
  it('has its recording again when the same file is dropped after the copy was swept', () => {
    const dropped = { ...local('a'), mediaPath: 'media/a.mp3', mediaType: 'audio/mpeg' }
    const { id } = house.episodes.addLocal(dropped)
    house.storage.writeUnaudited((tx) => tx.run('UPDATE episodes SET media_path = NULL'))
    house.episodes.addLocal(dropped)
    expect(house.storage.all('SELECT id, media_path FROM episodes')).toEqual([{ id, media_path: 'media/a.mp3' }])
  })
  it('is never asked, and comes back when something is added after it was removed', async () => {
    const { feedId } = house.episodes.addLocal(local('a'))
    expect(await house.feeds.refresh([feedId])).toMatchObject([{ outcome: 'skipped' }])
    house.clock.nowMs += 86_400_000
    expect(await house.feeds.refresh()).toEqual([])
    house.feeds.remove(feedId)
    house.episodes.addLocal(local('b'))
    expect(house.feeds.list()).toMatchObject([{ episodeCount: 2 }])
  })
})

describe('state', () => {
  it('new ↔ seen; processed stays processed; views are told', async () => {
    const feed = await follow(episode(1), episode(2))
    const [first, second] = house.episodes.list(feed.id).map(({ id }) => id)
    house.episodes.markProcessed(second!)
    house.emitted.length = 0
    expect(house.episodes.setSeen([first!, second!], true)).toBe(1)
    expect(house.emitted.map(({ event }) => event)).toEqual(['episodes.changed', 'feeds.changed'])
    expect(house.episodes.list(feed.id).map(({ state }) => state)).toEqual(['seen', 'processed'])
    expect(house.episodes.setSeen([first!, second!], false)).toBe(1)
    expect(must(house.feeds.get(feed.id)).newCount).toBe(1)
    expect(house.storage.all('SELECT action FROM audit WHERE action LIKE ?', ['episodes.%'])).toHaveLength(3)
  })
  it('what is not there: a failure, not a crash', async () => {
    const id = '0190f000-0000-7000-8000-000000000000'
    expect(house.episodes.get(id)).toBeNull()
    expect(house.episodes.details(id)).toMatchObject({ ok: false, error: { code: 'episode-missing' } })
    expect(await house.episodes.openLink(id)).toMatchObject({ ok: false, error: { code: 'episode-missing' } })
    house.episodes.markProcessed(id)
    house.episodes.setChapters(id, [])
  })
})

it('rows fit the contract, and carry what other features know', async () => {
  const jobId = '0190f000-0000-7000-8000-000000000001'
  await house.close()
  house = await openFeedHouse({
    facts: (scope) => {
      const ids =
        'episodeIds' in scope
          ? scope.episodeIds
          : house.storage.all<{ id: string }>('SELECT id FROM episodes').map(({ id }) => id)
      return new Map(
        ids.map((id) => [
          id,
          { noteCount: 2, failedTemplates: 1, activeJobId: jobId, storedTranscript: true, folderDisplay: 'Vault/Show' },
        ]),
      )
    },
  })
  const feed = await follow(
    episode(1, {
      more: '<podcast:transcript url="https://t.example/1.vtt" type="text/vtt"/><podcast:person role="guest">Ana</podcast:person>',
    }),
  )
  const [row] = contract.episodes.list.output.parse(house.episodes.list(feed.id))
  expect(row).toMatchObject({ noteCount: 2, failedTemplates: 1, activeJobId: jobId, transcript: 'stored' })
  const details = contract.episodes.get.output.parse(must(house.episodes.details(row!.id)))
  expect(details).toMatchObject({ folderDisplay: 'Vault/Show', persons: [{ name: 'Ana', role: 'guest' }] })
  contract.feeds.list.output.parse(house.feeds.list())
  expect(must(house.feeds.remove(feed.id))).toEqual({ feedId: feed.id, keptNotes: 2 })
})

it('opens the page, else the recording, in the browser', async () => {
  const feed = await follow(
    episode(1, { more: '<link>https://show.example/e/1</link>' }),
    episode(2),
    episode(3, { media: null }),
  )
  const opened: string[] = []
  const service = createEpisodesService({
    storage: house.storage,
    events: { emit: () => {}, on: () => () => {} },
    clock: { now: () => 0 },
    ids: { next: () => 'x' },
    desktop: { openExternal: async (url) => void opened.push(url) },
  })
  const [withPage, withMedia, with_] = house.episodes.list(feed.id).map(({ id }) => id)
  must(await service.openLink(withPage!))
  must(await service.openLink(withMedia!))
  expect(opened).toEqual(['https://show.example/e/1', 'https://media.example/2.mp3'])
  expect(await service.openLink(with_!)).toMatchObject({ ok: false, error: { code: 'no-link' } })
})
