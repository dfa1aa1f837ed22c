import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { createHttp } from '../net/http.ts'
import { type FeedHouse, must, openFeedHouse } from './testing/feed-house.ts'

let house: FeedHouse
beforeEach(async () => {
  const folder = fileURLToPath(new URL('../../../assets/sample', import.meta.url))
  const http = createHttp({ log: silentLog, clock: { now: () => 0 }, bundled: { scheme: 'inkwell-sample:', folder } })
  house = await openFeedHouse({ deps: { http } })
})
afterEach(() => house.close())

it('comes from the app’s own files, with transcript and picture, and may be removed and had again', async () => {
  const { feed } = await house.feeds.addSample()
  expect(feed).toMatchObject({
    kind: 'sample',
    title: 'The Lamp and the Log',
    urlDisplay: null,
    state: { kind: 'fine' },
  })
  await house.feeds.settled()
  expect(house.feeds.artworkFile(feed.id)?.type).toBe('image/png')
  const row = house.episodes.list(feed.id).find(({ title }) => title === 'What the keepers wrote down')!
  expect(row.transcript).toBe('publisher')
  const record = house.episodes.get(row.id)!
  const vtt = must(await house.feeds.fetch(feed.id, record.transcriptRefs[0]!.url, { maxBytes: 1_000_000 }))
  expect(vtt.body.toString()).toMatch(/^WEBVTT/)
  expect(must(await house.feeds.fetch(feed.id, record.chaptersUrl!, { maxBytes: 1_000_000 })).status).toBe(200)
  house.feeds.remove(feed.id)
  expect(await house.feeds.addSample()).toMatchObject({ alreadyFollowed: false, feed: { id: feed.id } })
  expect(await house.feeds.addSample()).toMatchObject({ alreadyFollowed: true })
})
