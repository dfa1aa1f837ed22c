import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Feed } from '#shared/contract/feeds.ts'
import { watchTurns } from '../time-testing.ts'
import { asFeed, feedOf, type HostileHouse, openHostileHouse, type Route } from './hostile-house.ts'

let home: HostileHouse
let kept: Feed
const good = feedOf(['one', 'two', 'three'].map((title) => ({ guid: title, title })))

beforeAll(async () => {
  home = await openHostileHouse()
  home.routes['/kept.xml'] = asFeed(good, { etag: '"v1"' })
  kept = await home.follow('/kept.xml')
})
afterAll(() => home.close())

/** A feed that was well answers with this: what it had must stay. @returns how the list shows it then */
async function attacked(route: Route): Promise<Feed['state']> {
  home.routes['/kept.xml'] = route
  const { state } = await home.refresh(kept.id)
  expect((await home.episodes(kept.id)).map(({ title, inFeed }) => [title, inFeed])).toEqual([
    ['one', true],
    ['two', true],
    ['three', true],
  ])
  home.expectHarmless()
  return state
}
const broken = (words: string) => ({ kind: 'broken', message: expect.stringContaining(words) })
const titlesAt = async (path: string, body: string | Buffer): Promise<string[]> => {
  home.routes[path] = asFeed(body)
  const feed = await home.follow(path)
  home.expectHarmless()
  return (await home.episodes(feed.id)).map(({ title }) => title)
}

describe('documents that are refused', () => {
  const levels = Array.from({ length: 9 }, (_, index) => `<!ENTITY x${index || ''} "${`&x${index + 1};`.repeat(10)}">`)
  it.each([
    ['1 billion laughs', () => levels.join('')],
    ['2 quadratic blow-up', () => `<!ENTITY x "${'a'.repeat(50_000)}">`],
    ['3 XXE of a file', () => `<!ENTITY x SYSTEM "file://${home.root}/sentinel/passwd">`],
    ['4 XXE by a parameter entity', () => `<!ENTITY % p SYSTEM "${home.at('/x.dtd')}"> %p;`],
  ])('%s', async (_name, subset) => {
    const body = `<?xml version="1.0"?><!DOCTYPE rss [${subset()}]><rss version="2.0"><channel><title>&x;</title><item><title>${'&x;'.repeat(50)}</title></item></channel></rss>`
    expect(await attacked(asFeed(body))).toMatchObject(broken('document type'))
    expect(home.server.seen.filter(({ url }) => url.includes('x.dtd'))).toEqual([])
  })
  it.each([
    ['6 200,000 nested elements', `${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}`],
    ['7 200,000 attributes', `<x ${Array.from({ length: 200_000 }, (_, index) => `a${index}="1"`).join(' ')}/>`],
  ])('%s', async (_name, inside) => {
    expect(await attacked(asFeed(feedOf([{ inside }])))).toMatchObject({ kind: 'broken' })
  })
})

describe('bodies that do not come as they should', () => {
  const packed = (encoding: string, body: Buffer) => asFeed(body, { 'content-encoding': encoding })
  it.each([
    ['9 a gzip bomb of 60 MB', () => packed('gzip', gzipSync(Buffer.alloc(60_000_000)))],
    ['10 a brotli bomb of 60 MB', () => packed('br', brotliCompressSync(Buffer.alloc(60_000_000)))],
  ])('%s', async (_name, make) => {
    expect(await attacked(make())).toMatchObject(broken('sends more than a feed can hold'))
  })
  it('11 gzip in gzip in gzip', async () => {
    const nested = packed('gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(good))))
    expect(await attacked(nested)).toMatchObject({ kind: 'unreachable' })
  })
  it('12 a server that never ends: the others finish meanwhile', async () => {
    let letGo = (): void => {}
    home.routes['/loris.xml'] = asFeed(good)
    home.routes['/quick.xml'] = asFeed(good)
    const [slow, quick] = [await home.follow('/loris.xml'), await home.follow('/quick.xml')]
    const asked = new Promise<void>((resolve) => {
      home.routes['/loris.xml'] = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/rss+xml' }).write('<rss')
        letGo = () => void response.destroy()
        resolve()
        return undefined
      }
    })
    const both = home.ask<{ outcomes: unknown[] }>('feeds.refresh', { feedIds: [slow.id, quick.id] })
    await asked
    home.routes['/quick.xml'] = asFeed(feedOf([{ guid: 'one', title: 'newer' }]))
    expect((await home.refresh(quick.id)).state.kind).toBe('fine')
    letGo()
    expect((await both).outcomes).toHaveLength(2)
    expect(await home.episodes(slow.id)).toHaveLength(3)
    home.expectHarmless()
  })
  it('13 a body that breaks off is not remembered under its ETag', async () => {
    await attacked((_request, response) => {
      response.writeHead(200, { etag: '"v2"', 'content-length': '10000', 'content-type': 'application/rss+xml' })
      response.write(good.slice(0, 300), () => response.socket?.end())
      return undefined
    })
    await attacked(asFeed(good, { etag: '"v1"' }))
    expect(home.server.seen.filter(({ url }) => url === '/kept.xml').at(-1)?.headers['if-none-match']).not.toBe('"v2"')
  })
  it.each([
    ['an unclosed CDATA', `<title><![CDATA[${'x'.repeat(1_000_000)}`],
    ['1 MB of <', '<'.repeat(1_000_000)],
    ['1 MB of comment', `<!--${' -'.repeat(500_000)}`],
  ])('14 %s', async (_name, junk) => {
    expect(await attacked(asFeed(`<rss version="2.0"><channel><title>x</title><item>${junk}`))).toMatchObject({
      kind: 'broken',
    })
  })
  it('17 a login page that says it is a feed', async () => {
    const page =
      '<!DOCTYPE html><html><body><form action="/login"><input name="u"><input type="password" name="p"></form></body></html>'
    expect(await attacked(asFeed(page))).toMatchObject({
      kind: 'not-a-feed',
      message: expect.stringContaining('login'),
    })
  })
  it.each([
    ['an empty body', asFeed('')],
    ['a 304 that nobody asked for', { status: 304 }],
    ['a feed without episodes', asFeed(feedOf([]))],
  ] as [string, Route][])('18 %s', async (_name, route) => {
    await attacked(route)
  })
  it('18 a 304 to the first question is no feed', async () => {
    home.routes['/new.xml'] = { status: 304 }
    expect(
      await home.tell('feeds.add', { url: home.at('/new.xml'), secretStorage: 'session', allowLocalNetwork: true }),
    ).toMatchObject({ ok: false })
  })
})

describe('documents that are read', () => {
  it('5 XInclude is an element like any other', async () => {
    const include = `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://${home.root}/sentinel/passwd" parse="text"/>`
    expect(await titlesAt('/xinclude.xml', feedOf([{ title: 'T', inside: include }]))).toEqual(['T'])
  })
  it('8 300,000 items: 10,000 are kept, and the window goes on', async () => {
    let number = 0
    const items = '<item><title>t</title></item>'.repeat(300_000).replace(/>t</g, () => `>t${number++}<`)
    home.routes['/many.xml'] = asFeed(feedOf([]).replace('</channel>', `${items}</channel>`))
    const longestTurnMs = watchTurns()
    const feed = await home.follow('/many.xml')
    const turnMs = longestTurnMs()
    expect(feed.episodeCount).toBe(10_000)
    expect(turnMs).toBeLessThan(250)
    home.expectHarmless()
  })
  it('15 elements named like parts of objects', async () => {
    const inside = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty']
      .map((name) => `<${name} polluted="yes"><polluted>yes</polluted></${name}>`)
      .join('')
    expect(await titlesAt('/proto.xml', feedOf([{ title: 'T', inside }], { channel: inside }))).toEqual(['T'])
    const json =
      '{"version":"https://jsonfeed.org/version/1.1","title":"T","__proto__":{"polluted":"yes"},"items":[{"id":"1","title":"J","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}]}'
    expect(await titlesAt('/proto.json', json)).toEqual(['J'])
  })
  it('16 bytes that are no text', async () => {
    const [head, tail] = feedOf([{ title: '|', inside: '<description>äöüßäöüßäöüßäöüß</description>' }]).split('|')
    const bad = [
      Buffer.from('a\0\u0001b'),
      Buffer.from([0x61, 0xc0, 0xaf, 0x62]),
      Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62]),
    ]
    for (const [index, bytes] of bad.entries()) {
      const [title] = await titlesAt(
        `/bytes-${index}.xml`,
        Buffer.concat([Buffer.from(head!), bytes, Buffer.from(tail!)]),
      )
      expect(title).toMatch(/^a\ufffd*b$/)
      expect(title!.isWellFormed()).toBe(true)
    }
    const wide = feedOf([{ title: 'Flüsse' }]).replace('UTF-8', 'UTF-16')
    expect(await titlesAt('/wide.xml', Buffer.from(wide, 'utf16le'))).toEqual(['Flüsse'])
    const seven = feedOf([{ title: '+ADw-script+AD4-' }]).replace('UTF-8', 'UTF-7')
    expect(await titlesAt('/seven.xml', seven)).toEqual(['+ADw-script+AD4-'])
  })
})
