import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sniffImage } from './artwork.ts'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('picture one')])
const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from('picture two')])
let house: FeedHouse
beforeEach(async () => {
  house = await openFeedHouse()
})
afterEach(() => house.close())

const serve = (image: string, version = 1) => {
  house.routes['/feed.xml'] = feedAnswer(rss([episode(version)], { channel: `<itunes:image href="${image}"/>` }))
}
const add = async () => {
  const added = must(
    await house.feeds.add({ url: house.at('show', '/feed.xml'), secretStorage: 'keychain', allowLocalNetwork: false }),
  )
  await house.feeds.settled()
  return must(house.feeds.get(added.feed.id))
}

it('is fetched, sniffed, stored under its hash, and replaced when it is another one', async () => {
  serve(house.at('show', '/cover'))
  house.routes['/cover'] = { body: png, headers: { 'content-type': 'text/plain' } }
  const feed = await add()
  expect(feed.artworkPath).toBe(`media/artwork/${feed.id}`)
  const file = house.feeds.artworkFile(feed.id)!
  expect(file.type).toBe('image/png')
  expect(readFileSync(file.path)).toEqual(png)
  expect(house.episodes.list(feed.id)[0]!.artworkPath).toBe(`media/artwork/${feed.id}`)
  house.asked.length = 0
  serve(house.at('show', '/cover'), 2)
  await house.feeds.refresh([feed.id])
  await house.feeds.settled()
  expect(house.asked).toHaveLength(1)
  serve(house.at('show', '/cover2'), 3)
  house.routes['/cover2'] = { body: jpeg }
  await house.feeds.refresh([feed.id])
  await house.feeds.settled()
  expect(house.feeds.artworkFile(feed.id)).toMatchObject({ type: 'image/jpeg' })
  expect(readdirSync(join(house.profilePath, 'artwork')).every((name) => /^[0-9a-f]{64}\.(png|jpg)$/.test(name))).toBe(
    true,
  )
})
it.each([
  [
    'SVG',
    { body: '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', headers: { 'content-type': 'image/png' } },
  ],
  ['HTML', { body: '<html></html>' }],
  ['nothing', { status: 404 }],
  ['more than 5 MB', { body: Buffer.concat([png, Buffer.alloc(5_000_001)]) }],
])('%s is refused, and not asked for again the same week', async (_, answer) => {
  serve(house.at('show', '/cover'))
  house.routes['/cover'] = answer
  const feed = await add()
  expect(feed.artworkPath).toBeNull()
  expect(house.feeds.artworkFile(feed.id)).toBeNull()
  house.asked.length = 0
  serve(house.at('show', '/cover'), 2)
  await house.feeds.refresh([feed.id])
  await house.feeds.settled()
  expect(house.asked).toHaveLength(1)
})
it('knows pictures by their first bytes', () => {
  expect(sniffImage(Buffer.from('GIF89a...'))).toBe('image/gif')
  expect(sniffImage(Buffer.from('RIFF1234WEBPVP8 '))).toBe('image/webp')
  expect(sniffImage(Buffer.from('\0\0\0\x20ftypavif\0\0\0\0mif1'))).toBe('image/avif')
  expect(sniffImage(Buffer.from('RIFF1234WAVE'))).toBeNull()
  expect(sniffImage(Buffer.alloc(0))).toBeNull()
})
