import { afterEach, beforeEach, expect, it } from 'vitest'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
})
afterEach(() => house.close())

const trail = () =>
  house.storage.all<{ action: string; subject: string; before_json: string | null; after_json: string | null }>(
    'SELECT action, subject, before_json, after_json FROM audit ORDER BY id',
  )

it('a feed that is missing is said to be, and leaves nothing in the trail', async () => {
  const missing = '01900000-0000-7000-8000-00000000dead'
  const before = trail()
  for (const answer of [
    await house.feeds.rename(missing, 'A title'),
    await house.feeds.setCategory(missing, 'Science'),
    await house.feeds.setPaused(missing, true),
    await house.feeds.remove(missing),
    await house.feeds.undoRemove(missing),
  ])
    expect(answer).toMatchObject({ ok: false, error: { code: 'feed-missing' } })
  expect(trail()).toEqual(before)
})

it('each change of a feed has one row in the trail, from what was to what is', async () => {
  house.routes['show/feed.xml'] = feedAnswer(rss([episode(1)]))
  const { feed } = must(
    await house.feeds.add({
      url: house.at('show', '/feed.xml'),
      secretStorage: 'keychain',
      allowLocalNetwork: false,
    }),
  )
  const before = trail().length
  must(await house.feeds.rename(feed.id, '  My   title '))
  must(await house.feeds.setPaused(feed.id, true))
  must(await house.feeds.remove(feed.id))
  must(await house.feeds.undoRemove(feed.id))
  const rows = trail()
    .slice(before)
    .map(({ action, subject, before_json, after_json }) => ({
      action,
      subject,
      was: JSON.parse(before_json!),
      is: JSON.parse(after_json!),
    }))
  const subject = `feed:${feed.id}`
  expect(rows).toMatchObject([
    { action: 'feeds.rename', subject, was: { title: null }, is: { title: 'My title' } },
    { action: 'feeds.setPaused', subject, was: { paused: false }, is: { paused: true } },
    { action: 'feeds.remove', subject, was: { removedAtMs: null }, is: { removedAtMs: expect.any(Number) } },
    { action: 'feeds.undoRemove', subject, was: { removedAtMs: expect.any(Number) }, is: { removedAtMs: null } },
  ])
})
