import { afterEach, beforeEach, expect, it } from 'vitest'
import { isSealed } from '../storage/seals.ts'
import type { SqlValue } from '../storage/storage.ts'
import { feedsTable } from './store.ts'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
})
// Closing looks at every seal of feeds, settings and trail.
afterEach(() => house.close().catch(() => {}))

const rows = () => house.storage.all<Record<string, SqlValue>>('SELECT * FROM feeds')
const broken = () => rows().filter((row) => !isSealed(feedsTable, row)).length
const add = async (path: string, more: object = {}) =>
  must(
    await house.feeds.add({
      url: house.at('show', path),
      secretStorage: 'keychain',
      allowLocalNetwork: false,
      ...more,
    }),
  ).feed.id

it('every command leaves every row sealed', async () => {
  const items = [episode(1), episode(2), episode(3)]
  house.routes['show/feed.xml'] = feedAnswer(rss(items))
  house.routes['show/private.xml?token=abcdefgh12345678'] = feedAnswer(rss(items))
  house.routes['new/feed.xml'] = feedAnswer(rss(items))
  const steps: [string, () => unknown][] = []
  const id = await add('/feed.xml')
  const secret = await add('/private.xml?token=abcdefgh12345678')
  const from = { status: 301, headers: { location: house.at('new', '/feed.xml') } }
  steps.push(
    ['sample', () => house.feeds.addSample()],
    ['refresh', () => house.feeds.refresh([id, secret])],
    ['rename', () => house.feeds.rename(id, 'Half a pair: \ud83d')],
    ['category', () => house.feeds.setCategory(id, 'Science')],
    ['pause', () => house.feeds.setPaused(id, true)],
    ['resume', () => house.feeds.setPaused(id, false)],
    [
      'credentials',
      () => house.feeds.setCredentials(secret, { type: 'basic', username: 'ana', password: 'pw' }, 'session'),
    ],
    ['remove', () => house.feeds.remove(id)],
    ['undo', () => house.feeds.undoRemove(id)],
    [
      'opml',
      () =>
        house.feeds.importOpmlText(
          `<opml version="2.0"><body><outline text="A" type="rss" xmlUrl="${house.at('other', '/x.xml')}"/></body></opml>`,
        ),
    ],
    [
      'moves',
      async () => {
        house.routes['show/feed.xml'] = from
        await house.feeds.refresh([id])
      },
    ],
    ['accept', () => house.feeds.acceptMove(id)],
    ['back', () => house.feeds.undoMove(id)],
    [
      'title',
      async () => {
        house.routes['show/feed.xml'] = feedAnswer(rss(items, { title: 'Another name' }))
        await house.feeds.refresh([id])
      },
    ],
    [
      'local',
      () =>
        house.episodes.addLocal({
          title: 'T',
          contentSha256: 'a'.repeat(64),
          publishedAtMs: null,
          durationSeconds: null,
          language: null,
          mediaPath: null,
          mediaType: null,
          link: null,
        }),
    ],
  )
  for (const [name, run] of steps) {
    await run()
    await house.feeds.settled()
    expect(broken(), name).toBe(0)
  }
  expect(rows().length).toBeGreaterThan(4)
})

it('a row that rotted is not made good by a change of another column', async () => {
  house.routes['show/feed.xml'] = feedAnswer(rss([episode(1)]))
  const id = await add('/feed.xml')
  house.storage.writeUnaudited((tx) => tx.run("UPDATE feeds SET own_title = 'rotten' WHERE id = ?", [id]))
  house.feeds.setCategory(id, 'Science')
  expect(broken()).toBe(1)
  await expect(house.close()).rejects.toThrow('rows without their seal')
})
