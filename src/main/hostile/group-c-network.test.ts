import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Episode } from '#shared/contract/episodes.ts'
import type { Feed } from '#shared/contract/feeds.ts'
import type { IntakeItem } from '#shared/contract/intake.ts'
import { type Loopback, serveHttp } from '../net/fixtures/loopback-server.ts'
import { asFeed, feedOf, type HostileHouse, openHostileHouse } from './hostile-house.ts'

let home: HostileHouse
/** Another server of this machine, as a router or a database would be: nothing may ask it anything. */
let trap: Loopback
beforeAll(async () => {
  home = await openHostileHouse()
  trap = await serveHttp((_request, response) => void response.end(feedOf([{ title: 'trapped' }])))
})
afterAll(async () => {
  await trap.close()
  await home.close()
})
const quiet = (): void => {
  home.expectHarmless()
  expect(trap.seen).toEqual([])
}

const own = [
  ['31', '127.0.0.1'],
  ['32', 'localhost.'],
  ['33', '[::1]'],
  ['34', '0.0.0.0'],
  ['35', '2130706433'],
  ['36', '0x7f.1'],
  ['37', '0177.0.0.1'],
  ['38', '[::ffff:127.0.0.1]'],
  ['39', '169.254.169.254'],
  ['40', '192.168.0.1'],
  ['41', '[fe80::1%25eth0]'],
] as const
const addresses = () => own.map(([, host]) => `http://${host}:${trap.port}/latest/meta-data`)

describe('addresses of this computer and its network', () => {
  it.each(own)('%s as a feed, or pasted: %s', async (_number, host) => {
    for (const url of [`http://${host}:${trap.port}/feed`, `http://${host}/feed`]) {
      expect(await home.tell('feeds.add', { url, secretStorage: 'session' }), url).toMatchObject({
        ok: false,
        error: { code: expect.stringMatching(/^(?:address-refused|invalid-url)$/) },
      })
      const [item] = await home.ask<IntakeItem[]>('intake.inspect', { text: url })
      expect(['add-feed', 'none']).toContain(item!.action)
    }
    expect(await home.ask<Feed[]>('feeds.list')).toEqual([])
    quiet()
  })

  it('31 to 41 as transcript, chapters, picture and recording of a feed that may be on this computer itself', async () => {
    const items = addresses().map((url, index) => ({
      guid: `${index}`,
      title: `Episode ${index}`,
      inside: `<enclosure url="${url}" type="audio/mpeg" length="1"/><itunes:image href="${url}"/><podcast:chapters url="${url}" type="application/json+chapters"/><podcast:transcript url="${url}" type="text/vtt"/>`,
    }))
    home.routes['/inner.xml'] = asFeed(feedOf(items, { channel: `<itunes:image href="${addresses()[0]}"/>` }))
    const feed = await home.follow('/inner.xml')
    await home.house.feeds.settled()
    for (const { id, transcript } of await home.episodes(feed.id)) {
      expect(['publisher', 'none']).toContain(transcript)
      expect((await home.process(id)).error?.code).toMatch(/^(?:transcript-unreachable|needs-speech-recognition)$/)
    }
    quiet()
  })
})

describe('names', () => {
  const add = (host: string) =>
    home.tell('feeds.add', { url: `http://${host}:${trap.port}/f`, secretStorage: 'session' })

  it('42 a public name that leads to this computer', async () => {
    home.network.names.set('harmless.example', [['127.0.0.1']])
    home.network.names.set('both.example', [['::1', '10.0.0.1']])
    for (const name of ['harmless.example', 'both.example'])
      expect(await add(name)).toMatchObject({ ok: false, error: { code: 'address-refused' } })
    expect(home.network.asked).toContain('harmless.example')
    quiet()
  })
  it('43 a name that leads elsewhere at the second question', async () => {
    home.network.names.set('rebinding.example', [[], ['127.0.0.1']])
    expect(await add('rebinding.example')).toMatchObject({ ok: false, error: { code: 'unreachable' } })
    expect(await add('rebinding.example')).toMatchObject({ ok: false, error: { code: 'address-refused' } })
    expect(home.network.asked.filter((name) => name === 'rebinding.example').length).toBeGreaterThan(1)
    quiet()
  })
})

describe('redirects', () => {
  const sendTo = (location: string) => ({ status: 302, headers: { location } })
  const add = (path: string, more: object = {}) =>
    home.tell('feeds.add', { url: home.at(path), secretStorage: 'session', allowLocalNetwork: true, ...more })

  it('44 to another server of this computer, to a file, to data', async () => {
    const places = [
      `http://${trap.host}/`,
      `http://localhost:${trap.port}/`,
      'file:///etc/passwd',
      'data:text/xml,<rss/>',
      'javascript:1',
    ]
    for (const place of places) {
      home.routes['/redirect.xml'] = sendTo(place)
      const answer = await add('/redirect.xml')
      expect(answer, place).toMatchObject({ ok: false })
      expect(JSON.stringify(answer)).not.toContain('root:')
    }
    quiet()
  })
  it('44 the same for a transcript of a feed that is followed', async () => {
    home.routes['/words.vtt'] = sendTo(`http://${trap.host}/`)
    home.routes['/spoken.xml'] = asFeed(
      feedOf([{ title: 'T', inside: `<podcast:transcript url="${home.at('/words.vtt')}" type="text/vtt"/>` }]),
    )
    const feed = await home.follow('/spoken.xml')
    const [episode] = await home.episodes(feed.id)
    expect((await home.process(episode!.id)).error?.code).toBe('transcript-unreachable')
    quiet()
  })
  it('45 in a circle, and 50 in a row', async () => {
    home.routes['/circle'] = sendTo('/circle')
    for (let hop = 0; hop < 50; hop++) home.routes[`/hop-${hop}`] = sendTo(`/hop-${hop + 1}`)
    for (const path of ['/circle', '/hop-0']) {
      const before = home.server.seen.length
      expect(await add(path)).toMatchObject({ ok: false })
      expect(home.server.seen.length - before).toBeLessThanOrEqual(6)
    }
    quiet()
  })
  it('46 a password is for the server it was given for', async () => {
    home.network.names.set('other.example', [['127.0.0.1']])
    const credentials = { type: 'basic', username: 'ana', password: 'canary-46' }
    home.routes['/private.xml'] = sendTo(`http://other.example:${home.server.port}/elsewhere.xml`)
    home.routes['/elsewhere.xml'] = asFeed(feedOf([{ title: 'T' }]))
    expect(await add('/private.xml', { credentials })).toMatchObject({ ok: false })
    const asked = home.server.seen.filter(({ url }) => url === '/private.xml')
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('ana:canary-46').toString('base64')}`,
    ])
    expect(home.server.seen.filter(({ url }) => url === '/elsewhere.xml')).toEqual([])
    expect(home.log()).not.toContain('canary-46')
    quiet()
  })
})

describe('48 addresses made to deceive', () => {
  it.each([
    'http://show.example/\r\nX-Injected: yes',
    'http://show.example:22/',
    'http://show.example:25/',
    'http://show.example:6379/',
    'gopher://show.example/',
    'http://',
  ])('%j', async (url) => {
    const before = home.network.asked.length
    expect(await home.tell('feeds.add', { url, secretStorage: 'session' })).toMatchObject({ ok: false })
    expect(home.network.asked.slice(before)).toEqual([])
    quiet()
  })
  it('a name in another script is shown as what it is', async () => {
    const answer = await home.tell('feeds.add', { url: 'https://аррle.com/feed', secretStorage: 'session' })
    expect(answer).toMatchObject({ ok: false, error: { message: expect.stringContaining('xn--') } })
    home.routes['/links.xml'] = asFeed(feedOf([{ title: 'T', inside: '<link>https://аррle.com/ep</link>' }]))
    const feed = await home.follow('/links.xml')
    const [row] = await home.episodes(feed.id)
    expect((await home.ask<Episode>('episodes.get', { episodeId: row!.id })).link).toContain('xn--')
    quiet()
  })
  it('a header of a server cannot name a file or break a line', async () => {
    home.routes['/headers.xml'] = asFeed(feedOf([{ title: 'T' }]), {
      'content-disposition': 'attachment; filename="../../sentinel/passwd"',
      etag: `"${'x'.repeat(8_000)}"`,
    })
    const feed = await home.follow('/headers.xml')
    expect((await home.refresh(feed.id)).state.kind).toBe('fine')
    quiet()
  })
})
