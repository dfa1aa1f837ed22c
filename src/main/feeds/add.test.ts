import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorkerRunner } from '../workers/runner.ts'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
})
afterEach(() => house.close())

const add = (url: string, more: object = {}) =>
  house.feeds.add({ url, secretStorage: 'keychain', allowLocalNetwork: false, ...more })
const three = () => feedAnswer(rss([episode(1), episode(2), episode(30)]))

describe('what people paste', () => {
  it('a feed: read, stored, with the news of the last week', async () => {
    house.routes['/feed.xml'] = three()
    const { feed, alreadyFollowed } = must(await add(house.at('show', '/feed.xml')))
    expect(alreadyFollowed).toBe(false)
    expect(feed).toMatchObject({
      title: 'Signal Box',
      kind: 'rss',
      episodeCount: 3,
      newCount: 2,
      state: { kind: 'fine' },
    })
    expect(house.episodes.list(feed.id).map(({ title, state }) => [title, state])).toEqual([
      ['Episode 1', 'new'],
      ['Episode 2', 'new'],
      ['Episode 30', 'seen'],
    ])
    expect(house.episodes.recent(10)).toHaveLength(2)
  })
  it('the same feed again, over the other scheme: not asked twice', async () => {
    house.routes['/feed.xml'] = three()
    const first = must(await add(house.at('show', '/feed.xml')))
    const again = must(await add(house.at('show', '/feed.xml#x').replace('http:', 'https:')))
    expect(again).toMatchObject({ alreadyFollowed: true, feed: { id: first.feed.id } })
    expect(house.asked).toHaveLength(1)
  })
  it.each(['feed://', 'feed:', 'itpc://', 'pcast://', ''])('%s and a name: https first, then http', async (scheme) => {
    house.routes['/feed.xml'] = three()
    const bare = house.at('show', '/feed.xml').replace('http://', '')
    const { feed } = must(await add(scheme + bare))
    expect(feed.urlDisplay).toBe(`http://${bare}`)
    expect(house.asked.map(({ url }) => url.split(':')[0])).toEqual(['https', 'http'])
  })
  it('a page with one feed: that one; with several: a choice', async () => {
    house.routes['/'] = {
      headers: { 'content-type': 'text/html' },
      body: `<html><head><title>Show</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>`,
    }
    house.routes['/feed.xml'] = three()
    expect(must(await add(house.at('site', '/'))).feed.urlDisplay).toBe(house.at('site', '/feed.xml'))
    house.routes['/two'] = {
      headers: { 'content-type': 'text/html' },
      body: `<html><head><link rel="alternate" type="application/rss+xml" title="A" href="/a.xml">
        <link rel="alternate" type="application/atom+xml" title="B" href="/b.xml">
        <link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/comments/feed/"></head></html>`,
    }
    expect(await add(house.at('site', '/two'))).toMatchObject({
      ok: false,
      error: {
        code: 'choose-feed',
        details: {
          candidates: [
            { url: house.at('site', '/a.xml'), title: 'A' },
            { url: house.at('site', '/b.xml'), title: 'B' },
          ],
        },
      },
    })
  })
  it('a feed that moved for good is followed where it lives; one that moved for now, where it was asked', async () => {
    house.routes['/old'] = { status: 301, headers: { location: house.at('new', '/feed.xml') } }
    house.routes['/now'] = { status: 302, headers: { location: house.at('new', '/feed.xml') } }
    house.routes['/feed.xml'] = three()
    expect(must(await add(house.at('show', '/old'))).feed.urlDisplay).toBe(house.at('new', '/feed.xml'))
    expect(must(await add(house.at('show', '/now'))).feed.urlDisplay).toBe(house.at('show', '/now'))
  })
  it('a removed feed comes back with its episodes', async () => {
    house.routes['/feed.xml'] = three()
    const { feed } = must(await add(house.at('show', '/feed.xml')))
    const processed = house.episodes.list(feed.id)[2]!.id
    house.episodes.markProcessed(processed)
    house.feeds.remove(feed.id)
    expect(house.feeds.list()).toEqual([])
    expect(house.episodes.list(null)).toEqual([])
    const back = must(await add(house.at('show', '/feed.xml')))
    expect(back).toMatchObject({ alreadyFollowed: false, feed: { id: feed.id, episodeCount: 3, removedAtMs: null } })
    expect(must(house.episodes.details(processed)).state).toBe('processed')
  })
  it('reads in a real worker thread', async () => {
    await house.close()
    house = await openFeedHouse({ workers: createWorkerRunner(new URL('../index.ts', import.meta.url)) })
    house.routes['/feed.xml'] = three()
    expect(must(await add(house.at('show', '/feed.xml'))).feed.episodeCount).toBe(3)
  })
})

describe('pages of other services', () => {
  const channel = 'UC1234567890123456789012'
  const videos = feedAnswer(
    `<?xml version="1.0"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
     <title>Harbour Talks</title><entry><id>yt:video:abcdefghijk</id><yt:videoId>abcdefghijk</yt:videoId><title>On tides</title>
     <link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/><published>2026-11-20T10:00:00+00:00</published></entry></feed>`,
    { 'content-type': 'text/xml' },
  )
  const page = (body: string) => ({ headers: { 'content-type': 'text/html' }, body })

  it.each([
    [`https://www.youtube.com/channel/${channel}`, null],
    [`https://www.youtube.com/channel/${channel}/videos`, null],
    [`https://www.youtube.com/feeds/videos.xml?channel_id=${channel}`, null],
    [
      'https://youtube.com/@harbour/videos',
      `<link rel="alternate" type="application/rss+xml" href="https://www.youtube.com/feeds/videos.xml?channel_id=${channel}">`,
    ],
    ['https://www.youtube.com/c/Harbour', `<link rel="canonical" href="https://www.youtube.com/channel/${channel}">`],
    ['https://m.youtube.com/user/harbour', `<script>{"metadata":{"externalId":"${channel}"}}</script>`],
    [
      'https://www.youtube.com/watch?v=abcdefghijk&list=PLabcdefghijkl',
      `<script>{"videoDetails":{"videoId":"abcdefghijk","channelId":"${channel}"}}</script>`,
    ],
    ['https://youtu.be/abcdefghijk?t=3', `<meta itemprop="channelId" content="${channel}">`],
  ])('YouTube: %s', async (url, html) => {
    house.routes[`/feeds/videos.xml?channel_id=${channel}`] = videos
    for (const path of ['/@harbour', '/c/Harbour', '/user/harbour', '/watch?v=abcdefghijk'])
      house.routes[path] = page(`<html><head>${html}</head><body></body></html>`)
    const { feed } = must(await add(url))
    expect(feed).toMatchObject({ kind: 'youtube', title: 'Harbour Talks', episodeCount: 1, isPrivate: false })
  })
  it('a playlist', async () => {
    house.routes['/feeds/videos.xml?playlist_id=PLabcdefghijkl'] = videos
    expect(must(await add('https://www.youtube.com/playlist?list=PLabcdefghijkl')).feed.kind).toBe('youtube')
  })
  it('a YouTube page that names no channel says so', async () => {
    house.routes['/@nobody'] = page('<html><head><title>x</title></head></html>')
    expect(await add('https://www.youtube.com/@nobody')).toMatchObject({ ok: false, error: { code: 'no-public-feed' } })
  })
  it('Apple Podcasts, by its lookup; a paid channel has none', async () => {
    house.routes['/lookup?id=1200361736&entity=podcast&country=de'] = {
      headers: { 'content-type': 'text/javascript' },
      body: `\n\n\n{ "resultCount":1, "results": [{"wrapperType":"track", "kind":"podcast", "feedUrl":"${house.at('show', '/feed.xml')}"}] }`,
    }
    house.routes['/feed.xml'] = three()
    expect(must(await add('https://podcasts.apple.com/de/podcast/the-daily/id1200361736?l=en')).feed.title).toBe(
      'Signal Box',
    )
    house.routes['/lookup?id=7777&entity=podcast'] = { body: '{"resultCount":1,"results":[{"kind":"podcast"}]}' }
    expect(await add('https://podcasts.apple.com/podcast/id7777')).toMatchObject({
      ok: false,
      error: { code: 'no-public-feed', message: expect.stringContaining('paid channel') },
    })
  })
  it('Spotify is refused with the reason, and nothing is asked', async () => {
    expect(await add('https://open.spotify.com/show/4rOoJ6Egrf8K2IrywzwOMk')).toMatchObject({
      ok: false,
      error: { code: 'no-public-feed', message: expect.stringContaining('RSS') },
    })
    expect(house.asked).toEqual([])
  })
})

describe('what is refused, and why', () => {
  it.each([
    ['file:///etc/passwd', 'scheme-refused'],
    ['javascript:alert(1)', 'scheme-refused'],
    ['data:text/xml,<rss/>', 'scheme-refused'],
    ['inkwell-sample:/feed.xml', 'scheme-refused'],
    ['ftp://show.example/feed', 'scheme-refused'],
    ['hello world', 'invalid-url'],
    ['https://show.example/a\r\nHost: evil', 'invalid-url'],
    ['http://', 'invalid-url'],
  ])('%j', async (url, code) => {
    expect(await add(url)).toMatchObject({ ok: false, error: { code } })
    expect(house.asked).toEqual([])
  })
  it.each([
    [
      { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
      'needs-password',
      /401.*Nothing was added yet/,
    ],
    [{ status: 403 }, 'refused', /403/],
    [{ status: 404 }, 'not-found', /404/],
    [{ status: 410 }, 'gone', /410/],
    [{ status: 429, headers: { 'retry-after': '60' } }, 'waiting', /pause \(429\)/],
    [{ status: 500 }, 'unreachable', /500/],
    [{ status: 304 }, 'unreachable', /304/],
    [{ body: '<html><title>Log in</title><form><input type="password"></form></html>' }, 'login-page', /login page/],
    [
      { body: '<html><title>Just a moment...</title></html>', headers: { 'content-type': 'text/html' } },
      'refused',
      /browser/,
    ],
    [{ body: '<html><title>Shop</title><body>hello</body></html>' }, 'not-a-feed', /not with a feed/],
    [{ body: '' }, 'unreachable', /nothing in it/],
    [{ body: '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>' }, 'broken', /document type/],
  ])('%j is %s', async (answer, code, words) => {
    house.routes['/feed.xml'] = answer
    const result = await add(house.at('show', '/feed.xml'))
    expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(words) } })
    expect(house.storage.all('SELECT * FROM feeds')).toEqual([])
  })
  it('an address on this computer, with the offer to allow it; allowed, it is read', async () => {
    await house.close()
    house = await openFeedHouse({ strictAddresses: true })
    house.routes['/feed.xml'] = three()
    const url = `http://${house.server.host}/feed.xml`
    expect(await add(url)).toMatchObject({
      ok: false,
      error: { code: 'address-refused', details: { offer: 'allow-local-network' } },
    })
    expect(house.server.seen).toEqual([])
    const { feed } = must(await add(url, { allowLocalNetwork: true }))
    expect(feed.episodeCount).toBe(3)
    house.clock.nowMs += 86_400_000
    expect(await house.feeds.refresh()).toMatchObject([{ outcome: 'unchanged' }])
  })
  it('a name without a server and a server without an answer', async () => {
    const refused = await add('http://127.0.0.1:1/feed')
    expect(refused).toMatchObject({ ok: false, error: { code: 'address-refused' } })
    // Allowing the local network would not help, and one sentence says what was not done.
    expect(refused).not.toHaveProperty('error.details.offer')
    expect(!refused.ok && refused.error.message.match(/Nothing was/g)).toHaveLength(1)
  })
})
