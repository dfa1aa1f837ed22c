import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { maxItemSecrets } from './secret-book.ts'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

const password = 'Kö:nig/7&wörter'
const token = 'q7f3Zk9dPl2mN8sV4tXw'
const itemToken = 'b1946ac92492d2347c6235b4d2611184'
const basic = `Basic ${Buffer.from(`ana@example.org:${password}`.normalize('NFC')).toString('base64')}`

let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
})
afterEach(() => house.close())

const add = (url: string, more: object = {}) =>
  house.feeds.add({ url, secretStorage: 'keychain', allowLocalNetwork: false, ...more })
const credentials = { type: 'basic' as const, username: 'ana@example.org', password }
const guarded =
  (body: () => string, authorization = basic) =>
  (headers: Record<string, unknown>) =>
    headers.authorization === authorization
      ? feedAnswer(body())
      : { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }

/** Every byte of the profile folder, and all that was logged or told to windows. */
function everything(): string {
  house.storage.writeUnaudited((tx) => tx.run('UPDATE settings SET updated_at_ms = updated_at_ms'))
  const files = readdirSync(house.profilePath, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const bytes = files.map((file) => readFileSync(join(file.parentPath, file.name)).toString('latin1')).join('\n')
  const told = JSON.stringify([house.feeds.list(), house.emitted, house.logLines])
  return bytes + Buffer.from(told).toString('latin1')
}
const latin = (text: string): string => Buffer.from(text).toString('latin1')

describe('a feed with a password', () => {
  const item = () =>
    episode(1, {
      media: house.at('show', `/media/1.mp3?pw=${encodeURIComponent(password)}&token=${itemToken}`),
      title: `For ana@example.org only`,
      more: `<link>${house.at('show', '/e/1')}</link><podcast:transcript url="${house.at('show', '/t.vtt')}" type="text/vtt"/>
        <podcast:chapters url="${house.at('cdn', '/c.json')}" type="application/json+chapters"/>
        <description>Your key is ${itemToken.slice(0, 0)}${password.replace('&', '&amp;')}, see http://x.example/?token=${itemToken}</description>`,
    })
  const open = async (more: object = {}) => {
    house.routes['/feed.xml'] = guarded(() => rss([item()]))
    return add(house.at('show', '/feed.xml'), { credentials, ...more })
  }

  it('asks for it, takes it, sends it, and keeps it in the keychain only', async () => {
    house.routes['/feed.xml'] = guarded(() => rss([item()]))
    expect(await add(house.at('show', '/feed.xml'))).toMatchObject({
      ok: false,
      error: { code: 'needs-password', details: { scheme: 'basic' } },
    })
    const wrong = await add(house.at('show', '/feed.xml'), { credentials: { ...credentials, password: 'wrong' } })
    expect(wrong).toMatchObject({
      ok: false,
      error: { code: 'needs-password', message: expect.stringContaining('did not take') },
    })
    const { feed } = must(await open())
    expect(feed).toMatchObject({ isPrivate: true, episodeCount: 1, urlDisplay: house.at('show', '/feed.xml') })
    expect([...house.keychain.values()].join()).toContain('nig/7')
    const kept = everything()
    expect(kept).toContain('media/1.mp3')
    for (const secret of [password, encodeURIComponent(password), itemToken, basic.slice(6)])
      expect(kept).not.toContain(latin(secret))
    expect(house.storage.all('SELECT url FROM feeds')).toEqual([{ url: null }])
  })
  it('opens what was hidden for its own requests, and the password goes to its own server only', async () => {
    const { feed } = must(await open())
    const record = house.episodes.get(house.episodes.list(feed.id)[0]!.id)!
    expect(record.mediaUrl).toMatch(/\?pw=\{secret:\d+\}&token=\{secret:\d+\}$/)
    expect(record.descriptionHtml).toContain('•••')
    expect(must(house.episodes.details(record.id)).mediaUrlDisplay).toContain('?pw=•••&token=•••')
    house.asked.length = 0
    await house.feeds.fetch(feed.id, record.mediaUrl!, { maxBytes: 1000 })
    await house.feeds.fetch(feed.id, record.transcriptRefs[0]!.url, { maxBytes: 1000 })
    await house.feeds.fetch(feed.id, record.chaptersUrl!, { maxBytes: 1000 })
    expect(house.asked.map(({ url, authorization }) => [new URL(url).hostname, authorization])).toEqual([
      ['show.example', basic],
      ['show.example', basic],
      ['cdn.example', undefined],
    ])
    expect(new URL(house.asked[0]!.url).searchParams.get('pw')).toBe(password)
    expect(new URL(house.asked[0]!.url).searchParams.get('token')).toBe(itemToken)
  })
  it('user:pass@ in the address is taken out of it', async () => {
    house.routes['/feed.xml'] = guarded(() => rss([episode(1)]))
    const url = house.at('show', '/feed.xml').replace('://', `://ana%40example.org:${encodeURIComponent(password)}@`)
    const { feed } = must(await add(url))
    expect(feed).toMatchObject({ isPrivate: true, urlDisplay: house.at('show', '/feed.xml') })
    expect(everything()).not.toContain(latin(password))
    expect(house.asked.every((request) => !request.url.includes('@'))).toBe(true)
  })
  it('bearer tokens', async () => {
    house.routes['/feed.xml'] = guarded(() => rss([episode(1)]), `Bearer ${token}`)
    const { feed } = must(await add(house.at('show', '/feed.xml'), { credentials: { type: 'bearer', token } }))
    expect(feed.episodeCount).toBe(1)
    expect(everything()).not.toContain(token)
  })
  it('a redirect to another host does not get it', async () => {
    const { feed } = must(await open())
    house.routes['/feed.xml'] = { status: 302, headers: { location: house.at('other', '/stolen.xml') } }
    house.routes['/stolen.xml'] = feedAnswer(rss([item()]))
    house.server.seen.length = 0
    await house.feeds.refresh([feed.id])
    expect(house.server.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/feed.xml', basic],
      ['/stolen.xml', undefined],
    ])
  })
  it('a placeholder that a feed wrote itself opens nothing', async () => {
    await open()
    const slot = JSON.parse([...house.keychain.values()][0]!).slots[0].id
    house.routes['/feed.xml'] = guarded(() =>
      rss([item(), episode(2, { media: `http://other.example/?x={secret:${slot}}`, title: `{secret:${slot}}` })]),
    )
    const feedId = house.feeds.list()[0]!.id
    await house.feeds.refresh([feedId])
    const second = house.episodes.list(feedId).find(({ title }) => !title.startsWith('For'))!
    const record = house.episodes.get(second.id)!
    expect(await house.feeds.open(feedId, record.mediaUrl!)).not.toContain(password.slice(0, 4))
    expect(record.mediaUrl).not.toContain('{secret:')
  })
})

describe('a feed with its secret in the address', () => {
  const path = `/rss/show?auth=${token}`

  it('is private by itself, masked where it is shown, found again when pasted', async () => {
    house.routes[path] = feedAnswer(rss([episode(1, { media: house.at('show', `/m/${token}/1.mp3`) })]))
    const { feed } = must(await add(house.at('show', path)))
    expect(feed).toMatchObject({ isPrivate: true, urlDisplay: house.at('show', '/rss/show?auth=•••') })
    expect(everything()).not.toContain(token)
    expect(must(await add(house.at('show', path)))).toMatchObject({ alreadyFollowed: true, feed: { id: feed.id } })
    const record = house.episodes.get(house.episodes.list(feed.id)[0]!.id)!
    expect(await house.feeds.open(feed.id, record.mediaUrl!)).toBe(house.at('show', `/m/${token}/1.mp3`))
  })
  it('a fresh token for the same show is the same feed', async () => {
    house.routes[path] = feedAnswer(rss([episode(1)]))
    const { feed } = must(await add(house.at('show', path)))
    const fresh = 'Zz81hhG2kLm0qWe7RtY5'
    house.routes[path] = { status: 403 }
    house.routes[`/rss/show?auth=${fresh}`] = feedAnswer(rss([episode(1), episode(0, { days: 0.1 })]))
    expect((await house.feeds.refresh([feed.id]))[0]!.state.kind).toBe('refused')
    const again = must(await add(house.at('show', `/rss/show?auth=${fresh}`)))
    expect(again.feed).toMatchObject({ id: feed.id, episodeCount: 2, state: { kind: 'fine' } })
    expect(house.feeds.list()).toHaveLength(1)
  })
  it('tokens that rotate in its items make no second episode, and old placeholders open nothing wrong', async () => {
    const item = (secret: string) => episode(1, { guid: null, media: house.at('show', `/1.mp3?token=${secret}`) })
    house.routes[path] = feedAnswer(rss([item(itemToken)]))
    const { feed } = must(await add(house.at('show', path)))
    const first = house.episodes.get(house.episodes.list(feed.id)[0]!.id)!
    const next = 'c0ffee92492d2347c6235b4d26111aaa'
    house.routes[path] = feedAnswer(rss([item(next)]))
    await house.feeds.refresh([feed.id])
    expect(house.episodes.list(feed.id)).toHaveLength(1)
    const second = house.episodes.get(first.id)!
    expect(second.mediaUrl).not.toBe(first.mediaUrl)
    expect(await house.feeds.open(feed.id, second.mediaUrl!)).toContain(next)
    expect([null, house.at('show', `/1.mp3?token=${itemToken}`)]).toContain(
      await house.feeds.open(feed.id, first.mediaUrl!),
    )
  })
  it(`keeps ${maxItemSecrets} secrets of items; the rest is dropped and says so`, async () => {
    const items = Array.from({ length: 60 }, (_, index) =>
      episode(index + 1, { media: house.at('show', `/${index}.mp3?token=${index}${itemToken}`) }),
    )
    house.routes[path] = feedAnswer(rss(items))
    const { feed } = must(await add(house.at('show', path)))
    const urls = house.episodes.list(feed.id).map(({ id }) => house.episodes.get(id)!.mediaUrl!)
    const opened = await Promise.all(urls.map((url) => house.feeds.open(feed.id, url)))
    expect(opened.filter((url) => url !== null)).toHaveLength(maxItemSecrets)
    expect(opened[0]).toContain(`0${itemToken}`)
    expect(await house.feeds.fetch(feed.id, urls.at(-1)!, { maxBytes: 10 })).toMatchObject({
      ok: false,
      error: { code: 'needs-password' },
    })
    expect(everything()).not.toContain(itemToken)
  })
})

describe('where the secret is kept', () => {
  it('no keychain: nothing is sent or stored until the user chooses this session', async () => {
    await house.close()
    house = await openFeedHouse({ keychain: 'missing' })
    house.routes['/feed.xml'] = guarded(() => rss([episode(1)]))
    expect(await add(house.at('show', '/feed.xml'), { credentials })).toMatchObject({
      ok: false,
      error: { code: 'keychain-unavailable' },
    })
    expect(house.asked).toEqual([])
    const { feed } = must(await add(house.at('show', '/feed.xml'), { credentials, secretStorage: 'session' }))
    expect(feed.state.kind).toBe('fine')
    await house.restart()
    expect(must(house.feeds.get(feed.id)).state).toMatchObject({
      kind: 'needs-password',
      detail: expect.stringContaining('one session'),
    })
    expect(house.episodes.list(feed.id)).toHaveLength(1)
    expect(await house.feeds.refresh([feed.id])).toMatchObject([
      { outcome: 'failed', state: { kind: 'needs-password' } },
    ])
    const given = must(await house.feeds.setCredentials(feed.id, credentials, 'session'))
    expect(given.state.kind).toBe('fine')
  })
  it('a secret address that is gone must be pasted again; then everything is there', async () => {
    const path = `/p/${token}/feed`
    house.routes[path] = feedAnswer(rss([episode(1)]))
    const { feed } = must(await add(house.at('show', path), { secretStorage: 'session' }))
    await house.restart()
    expect(await house.feeds.setCredentials(feed.id, credentials, 'session')).toMatchObject({
      ok: false,
      error: { code: 'needs-address' },
    })
    const again = must(await add(house.at('show', path), { secretStorage: 'session' }))
    expect(again.feed).toMatchObject({ id: feed.id, state: { kind: 'fine' }, episodeCount: 1 })
  })
  it.each([
    ['garbage', 'not json'],
    ['another program’s entry', '{"v":1,"url":5}'],
    ['a NUL', '{"v":1}\0'],
    ['a file address', '{"v":1,"url":"file:///etc/passwd","credentials":null,"nextSlot":0,"slots":[]}'],
  ])('%s in the keychain: asks again, nothing else stops, nothing is erased', async (_, garbage) => {
    house.routes['/feed.xml'] = guarded(() => rss([episode(1)]))
    house.routes['/open.xml'] = feedAnswer(rss([episode(1)]))
    const { feed } = must(await add(house.at('show', '/feed.xml'), { credentials }))
    const open = must(await add(house.at('show', '/open.xml')))
    for (const account of house.keychain.keys()) house.keychain.set(account, garbage)
    const outcomes = await house.feeds.refresh([feed.id, open.feed.id])
    expect(outcomes.map(({ state }) => state.kind)).toEqual(['needs-password', 'fine'])
    expect(house.episodes.list(feed.id)).toHaveLength(1)
    expect(must(await house.feeds.setCredentials(feed.id, credentials, 'keychain')).state.kind).toBe('fine')
  })
  it('a removed feed’s secret is forgotten after 30 days, its episodes are not', async () => {
    house.routes['/feed.xml'] = guarded(() => rss([episode(1)]))
    const { feed } = must(await add(house.at('show', '/feed.xml'), { credentials }))
    house.feeds.remove(feed.id)
    await house.feeds.start()
    expect(house.keychain.size).toBe(1)
    house.clock.nowMs += 31 * 86_400_000
    await house.feeds.start()
    expect(house.keychain.size).toBe(0)
    expect(must(house.feeds.undoRemove(feed.id)).episodeCount).toBe(1)
  })
})
