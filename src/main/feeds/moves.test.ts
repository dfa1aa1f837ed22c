import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

let house: FeedHouse
let feedId: string
beforeEach(async () => {
  house = await openFeedHouse()
  house.routes['show/feed.xml'] = feedAnswer(rss(items))
  feedId = must(await add(house.at('show', '/feed.xml'))).feed.id
})
afterEach(() => house.close())

const items = [episode(1), episode(2), episode(3)]
const add = (url: string, more: object = {}) =>
  house.feeds.add({ url, secretStorage: 'keychain', allowLocalNetwork: false, ...more })
const refresh = async () => (await house.feeds.refresh([feedId]))[0]!
const feed = () => must(house.feeds.get(feedId))
const redirect = (status: number, to: string) => {
  house.routes['show/feed.xml'] = { status, headers: { location: to } }
}
const trail = () => house.storage.all<{ action: string }>('SELECT action FROM audit').map(({ action }) => action)

describe('a feed that says it has moved', () => {
  it('301: proposed with the episodes that match, read meanwhile, taken when accepted, undone within 30 days', async () => {
    house.routes['new/feed2'] = feedAnswer(rss([episode(0, { days: 0.2 }), ...items]), { etag: '"n"' })
    redirect(301, house.at('new', '/feed2'))
    expect(await refresh()).toMatchObject({ outcome: 'updated', newEpisodes: 1 })
    expect(feed()).toMatchObject({
      urlDisplay: house.at('show', '/feed.xml'),
      proposedMove: {
        urlDisplay: house.at('new', '/feed2'),
        reason: 'permanent-redirect',
        matchingEpisodes: 3,
        knownEpisodes: 3,
      },
    })
    expect(house.feeds.list()[0]!.proposedMove).toEqual(feed().proposedMove)
    house.asked.length = 0
    const moved = must(await house.feeds.acceptMove(feedId))
    expect(moved).toMatchObject({ urlDisplay: house.at('new', '/feed2'), proposedMove: null, canUndoMove: true })
    await house.feeds.settled()
    expect(house.asked[0]).toMatchObject({ url: house.at('new', '/feed2') })
    expect(house.asked[0]!.headers).not.toHaveProperty('if-none-match')
    const undone = must(await house.feeds.undoMove(feedId))
    expect(undone).toMatchObject({ urlDisplay: house.at('show', '/feed.xml'), canUndoMove: false })
    await house.feeds.settled()
    expect(feed().proposedMove).toBeNull()
    expect(trail()).toEqual(expect.arrayContaining(['feeds.proposeMove', 'feeds.acceptMove', 'feeds.undoMove']))
  })
  it('308 and 301 on the way: permanent; one 302 among them: not', async () => {
    house.routes['new/a'] = { status: 308, headers: { location: house.at('new', '/b') } }
    house.routes['new/b'] = feedAnswer(rss(items))
    redirect(301, house.at('new', '/a'))
    await refresh()
    expect(feed().proposedMove?.urlDisplay).toBe(house.at('new', '/b'))
    redirect(302, house.at('new', '/a'))
    await refresh()
    expect(feed().proposedMove).toBeNull()
  })
  it('301 then 304 still says where (quirk 55)', async () => {
    house.routes['show/feed.xml'] = feedAnswer(rss(items), { etag: '"x"' })
    await refresh()
    house.routes['new/feed2'] = (headers) =>
      headers['if-none-match'] === '"x"' ? { status: 304 } : feedAnswer(rss(items))
    redirect(301, house.at('new', '/feed2'))
    expect(await refresh()).toMatchObject({ outcome: 'unchanged' })
    expect(feed().proposedMove).toMatchObject({ urlDisplay: house.at('new', '/feed2'), matchingEpisodes: 3 })
  })
  it('a redirect to another show takes nothing over (quirk 56)', async () => {
    house.routes['other/feed'] = feedAnswer(rss([episode(90), episode(91)], { title: 'Prize Draws' }))
    redirect(301, house.at('other', '/feed'))
    expect(await refresh()).toMatchObject({
      outcome: 'failed',
      state: { kind: 'not-a-feed', message: expect.stringContaining('another show') },
    })
    expect(house.episodes.list(feedId)).toHaveLength(3)
    expect(feed().proposedMove).toMatchObject({
      reason: 'redirect-to-other-host',
      matchingEpisodes: 0,
      knownEpisodes: 3,
    })
  })
  it('a redirect to a landing page keeps everything (quirk 56)', async () => {
    house.routes['other/'] = { body: '<html><title>Buy this domain</title></html>' }
    redirect(301, house.at('other', '/'))
    expect(await refresh()).toMatchObject({ state: { kind: 'not-a-feed' } })
    expect(feed().proposedMove).toBeNull()
  })
  it('dismissed stays dismissed', async () => {
    house.routes['new/feed2'] = feedAnswer(rss(items))
    redirect(301, house.at('new', '/feed2'))
    await refresh()
    expect(must(house.feeds.dismissMove(feedId)).proposedMove).toBeNull()
    await refresh()
    expect(feed().proposedMove).toBeNull()
  })
  it('to an address that is followed already: says so, changes nothing', async () => {
    house.routes['new/feed2'] = feedAnswer(rss(items))
    redirect(301, house.at('new', '/feed2'))
    await refresh()
    must(await add(house.at('new', '/feed2')))
    expect(await house.feeds.acceptMove(feedId)).toMatchObject({ ok: false, error: { code: 'already-followed' } })
    expect(feed().urlDisplay).toBe(house.at('show', '/feed.xml'))
  })
  it('after 30 days there is no undo', async () => {
    house.routes['new/feed2'] = feedAnswer(rss(items))
    redirect(301, house.at('new', '/feed2'))
    await refresh()
    must(await house.feeds.acceptMove(feedId))
    house.clock.nowMs += 31 * 86_400_000
    expect(feed().canUndoMove).toBe(false)
    expect(await house.feeds.undoMove(feedId)).toMatchObject({ ok: false, error: { code: 'no-move' } })
  })
})

describe('itunes:new-feed-url (quirk 57, attack 27)', () => {
  const hinted = (to: string) => feedAnswer(rss(items, { channel: `<itunes:new-feed-url>${to}</itunes:new-feed-url>` }))

  it('is proposed after the new address was read and compared', async () => {
    house.routes['new/feed2'] = feedAnswer(rss([episode(0, { days: 0.2 }), ...items]))
    house.routes['show/feed.xml'] = hinted(house.at('new', '/feed2'))
    await refresh()
    expect(feed().proposedMove).toMatchObject({ reason: 'new-feed-url', matchingEpisodes: 3, knownEpisodes: 3 })
    house.asked.length = 0
    await refresh()
    expect(house.asked).toHaveLength(1)
    expect(feed().proposedMove).not.toBeNull()
  })
  it('itself or a host that is not there says nothing', async () => {
    house.routes['show/feed.xml'] = hinted(house.at('show', '/feed.xml'))
    await refresh()
    expect(feed().proposedMove).toBeNull()
    house.routes['show/feed.xml'] = hinted(house.at('new', '/stale'))
    await refresh()
    expect(feed().proposedMove).toBeNull()
    house.asked.length = 0
    house.routes['show/feed.xml'] = feedAnswer(
      rss([...items, episode(4)], {
        channel: `<itunes:new-feed-url>${house.at('new', '/stale')}</itunes:new-feed-url>`,
      }),
    )
    await refresh()
    expect(house.asked).toHaveLength(1)
  })
  it('the new host sees neither password nor token, before and after it is accepted', async () => {
    const credentials = { type: 'basic' as const, username: 'ana', password: 'correct horse' }
    house.routes['show/members'] = (headers) =>
      headers.authorization ? hinted(house.at('new', '/feed2')) : { status: 401 }
    house.routes['new/feed2'] = (headers) => (headers.authorization ? { status: 500 } : feedAnswer(rss(items)))
    feedId = must(await add(house.at('show', '/members'), { credentials })).feed.id
    expect(feed().proposedMove).toMatchObject({ matchingEpisodes: 3 })
    must(await house.feeds.acceptMove(feedId))
    await house.feeds.settled()
    expect(feed()).toMatchObject({ isPrivate: true, urlDisplay: house.at('new', '/feed2'), state: { kind: 'fine' } })
    expect(
      house.asked.filter(({ url }) => url.includes('new.example')).every(({ authorization }) => !authorization),
    ).toBe(true)
    must(await house.feeds.undoMove(feedId))
    await house.feeds.settled()
    expect(feed().state.kind).toBe('fine')
    expect(house.asked.at(-1)!.authorization).toMatch(/^Basic /)
  })
  it('a new address that repeats the feed’s token is not asked before the user says so', async () => {
    const token = 'q7f3Zk9dPl2mN8sV4tXw'
    house.routes[`show/rss?auth=${token}`] = hinted(house.at('new', `/rss?auth=${token}`))
    house.routes[`new/rss?auth=${token}`] = feedAnswer(rss(items))
    feedId = must(await add(house.at('show', `/rss?auth=${token}`))).feed.id
    expect(feed().proposedMove).toMatchObject({ urlDisplay: house.at('new', '/rss?auth=•••'), matchingEpisodes: 0 })
    expect(house.asked.some(({ url }) => url.includes('new.example'))).toBe(false)
    must(await house.feeds.acceptMove(feedId))
    await house.feeds.settled()
    expect(feed()).toMatchObject({ isPrivate: true, state: { kind: 'fine' } })
    expect(JSON.stringify(house.storage.all('SELECT * FROM feed_moves'))).not.toContain(token)
  })
})
