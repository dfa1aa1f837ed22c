import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  episode,
  type FeedHouse,
  feedAnswer,
  type ItemText,
  must,
  openFeedHouse,
  rss,
} from '../feeds/testing/feed-house.ts'
import type { EpisodeDraft } from './draft.ts'
import { matchItems } from './identity.ts'
import { atOnce } from './slices.ts'

let house: FeedHouse
let feedId: string | null
beforeEach(async () => {
  house = await openFeedHouse()
  feedId = null
})
afterEach(() => house.close())

/** The feed as it is next; answers title → id of what is then known. */
async function next(...items: ItemText[]): Promise<Map<string, string>> {
  house.routes['/feed.xml'] = feedAnswer(rss(items))
  if (feedId === null)
    feedId = must(
      await house.feeds.add({
        url: house.at('show', '/feed.xml'),
        secretStorage: 'keychain',
        allowLocalNetwork: false,
      }),
    ).feed.id
  else expect((await house.feeds.refresh([feedId]))[0]!.outcome).not.toBe('failed')
  return new Map(house.episodes.list(feedId).map(({ title, id }) => [title, id]))
}
const count = () => house.episodes.list(feedId).length
const media = (path: string) => `https://media.example/${path}`

describe('one episode stays one', () => {
  it.each<[string, Partial<ItemText>, Partial<ItemText>]>([
    ['20 no guid', { guid: null }, { guid: null, title: 'Retold' }],
    ['21 an empty guid', { guid: '' }, { guid: '', title: 'Retold' }],
    ['23 another guid, same recording', {}, { guid: 'other', title: 'Retold' }],
    ['24 another recording, same guid', {}, { media: media('recut.mp3') }],
    ['24 the same with another title on the same day', {}, { media: media('recut.mp3'), title: 'Retold' }],
    [
      '25 a query that rotates',
      { guid: null, media: media('1.mp3?updated=1') },
      { guid: null, title: 'Retold', media: media('1.mp3?updated=2') },
    ],
    [
      '25 a token that rotates',
      { guid: null, media: media('1.mp3?token=aaaa') },
      { guid: null, title: 'Retold', media: media('1.mp3?token=bbbb') },
    ],
    [
      '26 white space and case of the guid',
      { guid: 'GUID-1', media: null },
      { guid: '  guid-1\n', media: null, title: 'Retold' },
    ],
    [
      '27 the public copy of a members’ episode',
      { guid: 'm-1', media: media('members/1.mp3') },
      { guid: 'p-1', media: media('public/1.mp3') },
    ],
    ['a moved date and title', {}, { days: 20, title: 'Retold' }],
  ])('%s', async (_, before, after) => {
    const [id] = (await next(episode(1, before), episode(9))).values()
    house.episodes.markProcessed(id!)
    await next(episode(1, after), episode(9))
    expect(count()).toBe(2)
    expect(must(house.episodes.details(id!))).toMatchObject({
      state: 'processed',
      inFeed: true,
      title: after.title ?? 'Episode 1',
    })
  })
  it('30 titles that change each time make no new ones', async () => {
    const first = await next(episode(1), episode(2))
    for (let round = 0; round < 5; round += 1)
      await next(episode(1, { title: `A ${round}` }), episode(2, { title: `B ${round}` }))
    expect(new Set(house.episodes.list(feedId).map(({ id }) => id))).toEqual(new Set(first.values()))
  })
  it('the same item told twice is one', async () => {
    await next(episode(1), episode(1))
    expect(count()).toBe(1)
  })
  it('order does not matter: oldest first, then newest first', async () => {
    await next(episode(3), episode(2), episode(1))
    await next(episode(1), episode(2), episode(3))
    expect(count()).toBe(3)
  })
})

describe('two episodes stay two', () => {
  it('28 same title and date, other recordings, at once and one after the other', async () => {
    const twin = (letter: string): ItemText => ({
      guid: letter,
      title: 'Live',
      days: 1,
      media: media(`${letter}.mp3`),
      duration: '60:00',
    })
    await next(twin('a'), twin('b'))
    expect(count()).toBe(2)
    await next(twin('a'), twin('b'), twin('c'))
    expect(count()).toBe(3)
    await next(twin('b'), twin('a'), twin('c'))
    expect(count()).toBe(3)
  })
  it('19, 22 the same guid on two items: known by guid and recording, in any order', async () => {
    const one = episode(1, { guid: 'same', title: 'Sound' })
    const two = episode(2, { guid: 'same', title: 'Video' })
    const first = await next(one)
    const both = await next(two, one)
    expect(both.get('Sound')).toBe(first.get('Sound'))
    expect(both.size).toBe(2)
    expect(await next(one, two)).toEqual(both)
    const left = await next(two)
    expect(left.get('Video')).toBe(both.get('Video'))
    expect(count()).toBe(2)
  })
  it('20 a guid used again a week later for something else is a new version; the old one and its state stay', async () => {
    const before = await next(episode(8, { guid: 'weekly', title: 'Last week' }), episode(9))
    house.episodes.markProcessed(before.get('Last week')!)
    const after = await next(episode(1, { guid: 'weekly', title: 'This week' }), episode(9))
    expect(after.get('This week')).not.toBe(before.get('Last week'))
    expect(must(house.episodes.details(before.get('Last week')!))).toMatchObject({
      title: 'Last week',
      state: 'processed',
      inFeed: false,
    })
    expect(must(house.episodes.details(after.get('This week')!)).state).toBe('new')
    expect(await next(episode(1, { guid: 'weekly', title: 'This week' }), episode(9))).toEqual(after)
  })
  it('one address of a stream for all of them: each stays itself', async () => {
    const streamed = (number: number) =>
      episode(number, { guid: null, media: media('stream.mp3'), duration: `${number + 5}:00` })
    const before = await next(streamed(1), streamed(2))
    const after = await next(streamed(0), streamed(1), streamed(2))
    expect(count()).toBe(3)
    for (const [title, id] of before) expect(after.get(title)).toBe(id)
  })
  it('same title, day and length on two pages of one feed', () => {
    const twin = (name: string) =>
      ({
        title: 'Live',
        publishedAtMs: 0,
        keys: [
          { kind: 'guid' as const, key: `guid ${name}` },
          { kind: 'title-date-duration' as const, key: 'live' },
        ],
      }) as unknown as EpisodeDraft
    const known = {
      byId: new Map([['e', { id: 'e', title: 'Live', mediaKey: null, publishedAtMs: 0 }]]),
      idsByKey: new Map([['title-date-duration\0live', 'e']]),
    }
    const alone = atOnce(matchItems([twin('a')], known))
    expect(alone[0]!.episodeId).toBe('e')
    const both = atOnce(matchItems([twin('a'), twin('b')], known))
    expect(both.map(({ episodeId, keys }) => [episodeId, keys.length])).toEqual([
      [null, 1],
      [null, 1],
    ])
  })
  it('69 the same title for every episode', async () => {
    await next(...[1, 2, 3].map((number) => episode(number, { guid: null, media: null, title: 'Show' })))
    await next(...[0, 1, 2, 3].map((number) => episode(number, { guid: null, media: null, title: 'Show' })))
    expect(count()).toBe(4)
  })
})

it('21 a guid of 1 MB or a path is no key in clear and no path', async () => {
  await next(episode(1, { guid: 'x'.repeat(1_000_000) }), episode(2, { guid: '../../etc/passwd' }))
  const keys = house.storage.all<{ key: string }>('SELECT key FROM episode_keys')
  expect(keys.every(({ key }) => /^[\w-]{27}$/.test(key))).toBe(true)
  expect(count()).toBe(2)
})
it('what a feed stops saying is kept: date, length, fetched chapters', async () => {
  const [id] = (await next(episode(1, { duration: '10:00' }))).values()
  house.episodes.setChapters(id!, [{ startSeconds: 0, endSeconds: null, title: 'Intro', url: null }])
  house.routes['/feed.xml'] = feedAnswer(rss([episode(1, { title: 'New' })]).replace(/<pubDate>[^<]*<\/pubDate>/, ''))
  await house.feeds.refresh([feedId!])
  expect(must(house.episodes.details(id!))).toMatchObject({
    title: 'New',
    durationSeconds: 600,
    chapters: [{ title: 'Intro' }],
  })
  expect(must(house.episodes.details(id!)).publishedAtMs).not.toBeNull()
})
it('5 episodes without a date come last and are no news when the feed is new', async () => {
  const undated = (number: number) => rss([episode(number)]).replace(/<pubDate>[^<]*<\/pubDate>/, '')
  house.routes['/feed.xml'] = feedAnswer(
    undated(1).replace('</channel>', `${/<item>.*<\/item>/s.exec(rss([episode(400)]))![0]}</channel>`),
  )
  feedId = must(
    await house.feeds.add({ url: house.at('show', '/feed.xml'), secretStorage: 'keychain', allowLocalNetwork: false }),
  ).feed.id
  expect(
    house.episodes.list(feedId).map(({ title, state, publishedAtMs }) => [title, state, publishedAtMs === null]),
  ).toEqual([
    ['Episode 400', 'seen', false],
    ['Episode 1', 'seen', true],
  ])
})
