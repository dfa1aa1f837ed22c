import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

let house: FeedHouse
let feedId: string
beforeEach(async () => {
  house = await openFeedHouse()
  serve(rss([episode(1), episode(2), episode(3)]), {
    etag: 'W/"a,b"',
    'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT',
  })
  const added = await house.feeds.add({
    url: house.at('show', '/feed.xml'),
    secretStorage: 'keychain',
    allowLocalNetwork: false,
  })
  feedId = must(added).feed.id
  house.asked.length = 0
})
afterEach(() => house.close())

const serve = (body: string, headers: Record<string, string> = {}): void => {
  house.routes['/feed.xml'] = feedAnswer(body, headers)
}
const answer = (response: Answer): void => {
  house.routes['/feed.xml'] = response
}
const refresh = async () => (await house.feeds.refresh([feedId]))[0]!
const feed = () => must(house.feeds.get(feedId))
const titles = () => house.episodes.list(feedId).map(({ title }) => title)
const hourMs = 3_600_000

describe('items that give neither guid nor file nor date', () => {
  it('are told apart, and are the same ones at the next refresh', async () => {
    const bare = (...names: string[]) =>
      `<rss version="2.0"><channel><title>T</title>${names.map((name) => `<item><title>${name}</title><link>https://show.example/</link></item>`).join('')}</channel></rss>`
    serve(bare('Lamp', 'Log'))
    await refresh()
    const before = house.episodes.list(feedId).map(({ id, title, inFeed }) => [id, title, inFeed])
    expect(before.filter(([, , inFeed]) => inFeed).map(([, title]) => title)).toEqual(['Lamp', 'Log'])
    serve(bare('Lamp', 'Log', 'Later'))
    await refresh()
    const after = house.episodes.list(feedId).map(({ id, title, inFeed }) => [id, title, inFeed])
    expect(after).toEqual(expect.arrayContaining(before))
    expect(after).toHaveLength(before.length + 1)
  })
})

describe('asking again', () => {
  it('sends both validators as they came, and takes 304 as unchanged', async () => {
    house.routes['/feed.xml'] = (headers) =>
      headers['if-none-match'] === 'W/"a,b"' ? { status: 304 } : feedAnswer(rss([]))
    expect(await refresh()).toMatchObject({ outcome: 'unchanged', state: { kind: 'fine' } })
    expect(house.asked[0]!.headers).toMatchObject({
      'if-none-match': 'W/"a,b"',
      'if-modified-since': 'Mon, 23 Nov 2026 10:00:00 GMT',
    })
    await refresh()
    expect(house.asked[1]!.headers).toMatchObject({ 'if-none-match': 'W/"a,b"' })
  })
  it('the same bytes are not parsed', async () => {
    await house.close()
    let parses = 0
    const { parseHere } = await import('./testing/feed-house.ts')
    house = await openFeedHouse({
      workers: {
        run: (...args) => {
          parses += 1
          return parseHere.run(...args)
        },
      },
    })
    serve(rss([episode(1)]))
    const added = must(
      await house.feeds.add({
        url: house.at('show', '/feed.xml'),
        secretStorage: 'keychain',
        allowLocalNetwork: false,
      }),
    )
    feedId = added.feed.id
    expect((await refresh()).outcome).toBe('unchanged')
    expect(parses).toBe(1)
  })
  it('drops the validators when another version of the parser reads', async () => {
    house.storage.writeUnaudited((tx) => tx.run('UPDATE feeds SET parser_version = 0'))
    await refresh()
    expect(house.asked[0]!.headers).not.toHaveProperty('if-none-match')
  })
  it('new, changed and gone episodes; those that left stay', async () => {
    serve(rss([episode(0, { days: 0.5 }), episode(1), episode(2, { title: 'Episode 2, corrected' })]))
    expect(await refresh()).toMatchObject({ outcome: 'updated', newEpisodes: 1 })
    expect(titles()).toEqual(['Episode 0', 'Episode 1', 'Episode 2, corrected', 'Episode 3'])
    expect(house.episodes.list(feedId).map(({ inFeed }) => inFeed)).toEqual([true, true, true, false])
    serve(rss([episode(0, { days: 0.5 }), episode(1), episode(2), episode(3)]))
    await refresh()
    expect(house.episodes.list(feedId).every(({ inFeed }) => inFeed)).toBe(true)
  })
  it('next check: an hour, or as the feed asks by ttl or max-age, at most a day', async () => {
    expect(feed().nextCheckAtMs).toBe(house.clock.nowMs + hourMs)
    serve(rss([episode(1)], { channel: '<ttl>180</ttl>' }))
    await refresh()
    expect(feed().nextCheckAtMs).toBe(house.clock.nowMs + 3 * hourMs)
    await refresh()
    expect(feed().nextCheckAtMs).toBe(house.clock.nowMs + 3 * hourMs)
    serve(rss([episode(2)]), { 'cache-control': 'public, max-age=999999' })
    await refresh()
    expect(feed().nextCheckAtMs).toBe(house.clock.nowMs + 24 * hourMs)
  })
  it('only what is due, and not what is paused', async () => {
    expect(await house.feeds.refresh()).toEqual([])
    house.clock.nowMs += 2 * hourMs
    must(house.feeds.setPaused(feedId, true))
    expect(feed().state.kind).toBe('paused')
    expect(await house.feeds.refresh()).toEqual([])
    must(house.feeds.setPaused(feedId, false))
    expect(await house.feeds.refresh()).toHaveLength(1)
  })
  it('two calls at once ask once', async () => {
    await Promise.all([refresh(), refresh()])
    expect(house.asked).toHaveLength(1)
  })
  it('says how far it is when there are several, and one bad feed stops nobody', async () => {
    house.routes['/b.xml'] = feedAnswer(rss([episode(1)], { title: 'B' }))
    must(
      await house.feeds.add({ url: house.at('show', '/b.xml'), secretStorage: 'keychain', allowLocalNetwork: false }),
    )
    answer({ status: 500 })
    house.clock.nowMs += 2 * hourMs
    house.emitted.length = 0
    const outcomes = await house.feeds.refresh()
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['failed', 'unchanged'])
    const progress = house.emitted.filter(({ event }) => event === 'feeds.progress').map(({ payload }) => payload)
    expect(progress).toEqual([0, 1, 2].map((done) => ({ done, total: 2 })))
  })
})

describe('trouble', () => {
  it.each([
    [{ status: 401 }, 'needs-password'],
    [{ status: 403 }, 'refused'],
    [{ status: 404 }, 'unreachable'],
    [{ status: 500 }, 'unreachable'],
    [{ status: 503, headers: { 'retry-after': '600' } }, 'waiting'],
    [{ status: 429 }, 'waiting'],
    [
      { body: '<html><body><form><input type=password></form></body></html>', headers: { 'content-type': 'text/xml' } },
      'not-a-feed',
    ],
    [{ body: '' }, 'unreachable'],
    [{ body: '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x "y">]><rss><channel/></rss>' }, 'broken'],
  ] as [Answer, string][])('%j is %s: episodes and validators are kept', async (response, kind) => {
    answer(response)
    const outcome = await refresh()
    expect(outcome).toMatchObject({
      outcome: 'failed',
      state: { kind, detail: expect.stringContaining('All 3 episodes are kept') },
    })
    expect(titles()).toHaveLength(3)
    house.routes['/feed.xml'] = (headers) =>
      headers['if-none-match'] === 'W/"a,b"' ? { status: 304 } : { status: 500 }
    expect(await refresh()).toMatchObject({ outcome: 'unchanged', state: { kind: 'fine' } })
  })
  it('backs off: 15 min, 30 min, 1 h … a day; Retry-After as told', async () => {
    answer({ status: 500 })
    const waits: number[] = []
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await refresh()
      waits.push((feed().nextCheckAtMs! - house.clock.nowMs) / 60_000)
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440])
    answer({ status: 429, headers: { 'retry-after': new Date(house.clock.nowMs + 7_200_000).toUTCString() } })
    await refresh()
    expect(feed().nextCheckAtMs).toBe(house.clock.nowMs + 7_200_000)
  })
  it('410 is gone and asked no more, unless by name', async () => {
    answer({ status: 410 })
    expect((await refresh()).state.kind).toBe('gone')
    house.clock.nowMs += 90 * 24 * hourMs
    expect(await house.feeds.refresh()).toEqual([])
    serve(rss([episode(1), episode(2), episode(3)]))
    expect((await refresh()).state.kind).toBe('fine')
  })
  it('no episodes all at once: everything stays, and the next answer is read whole', async () => {
    serve(rss([]), { etag: '"empty"' })
    expect((await refresh()).state).toMatchObject({ kind: 'empty', detail: expect.stringContaining('All 3') })
    expect(house.episodes.list(feedId).every(({ inFeed }) => inFeed)).toBe(true)
    await refresh()
    expect(house.asked.at(-1)!.headers!['if-none-match']).toBe('W/"a,b"')
    expect(feed().state.kind).toBe('empty')
    serve(rss([episode(1), episode(2), episode(3)]))
    expect((await refresh()).state.kind).toBe('fine')
  })
  it('a cut document: what parsed counts, nothing has left', async () => {
    serve(
      rss([episode(0, { days: 0.1 }), episode(1), episode(2), episode(3)]).replace(
        /<item><title>Episode 2[\s\S]*$/,
        '<item><title>Epi',
      ),
    )
    expect(await refresh()).toMatchObject({ newEpisodes: 1, state: { kind: 'mended' } })
    expect(house.episodes.list(feedId).every(({ inFeed }) => inFeed)).toBe(true)
  })
  it('a document that only needed mending holds all there is: what is missing in it has left', async () => {
    serve(rss([episode(1), episode(2)]).replace('Episode 1', 'Ebb & Flow'))
    expect(await refresh()).toMatchObject({ state: { kind: 'mended' } })
    expect(house.episodes.list(feedId).filter(({ inFeed }) => !inFeed)).toHaveLength(1)
  })
  it('a body shorter than it says keeps the old validators', async () => {
    answer({ ...feedAnswer(rss([episode(1), episode(2)]), { etag: '"two"', 'content-length': '999999' }), cut: true })
    expect(await refresh()).toMatchObject({ outcome: 'failed', state: { kind: 'unreachable' } })
    expect(house.storage.get('SELECT etag FROM feeds')).toEqual({ etag: 'W/"a,b"' })
  })
  it('the state says since when, and does not start anew with each failure', async () => {
    answer({ status: 500 })
    await refresh()
    const since = feed().state.sinceMs
    house.clock.nowMs += hourMs
    await refresh()
    expect(feed().state.sinceMs).toBe(since)
  })
})

describe('older pages (RFC 5005)', () => {
  it('are read when the feed is new, and their episodes do not leave when only the first page is read', async () => {
    const page = (number: number, next: string | null) =>
      feedAnswer(
        rss([episode(number * 10), episode(number * 10 + 1)], {
          channel: next === null ? '' : `<atom:link rel="next" href="${next}"/>`,
        }),
      )
    house.routes['/p1'] = page(1, house.at('show', '/p2'))
    house.routes['/p2'] = page(2, house.at('show', '/p3'))
    house.routes['/p3'] = page(3, house.at('show', '/p1'))
    const added = must(
      await house.feeds.add({ url: house.at('show', '/p1'), secretStorage: 'keychain', allowLocalNetwork: false }),
    )
    expect(added.feed.episodeCount).toBe(6)
    house.routes['/p1'] = page(1, house.at('show', '/elsewhere'))
    await house.feeds.refresh([added.feed.id])
    expect(house.episodes.list(added.feed.id).filter(({ inFeed }) => inFeed)).toHaveLength(6)
  })
  it('stop after twenty', async () => {
    for (let number = 1; number <= 40; number += 1)
      house.routes[`/q${number}`] = feedAnswer(
        rss([episode(number)], { channel: `<atom:link rel="next" href="${house.at('show', `/q${number + 1}`)}"/>` }),
      )
    const added = must(
      await house.feeds.add({ url: house.at('show', '/q1'), secretStorage: 'keychain', allowLocalNetwork: false }),
    )
    expect(added.feed.episodeCount).toBe(21)
  })
})
