import { describe, expect, it } from 'vitest'
import { processorMs } from '../../time-testing.ts'
import { feedOf, parseBytes, rssOf } from './fixtures/parse.ts'

const atom = (inside: string): string =>
  `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/">${inside}</feed>`
const rdf = (inside: string): string =>
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">${inside}</rdf:RDF>`
const packed = (text: string): string => Buffer.from(text).toString('base64')
const read = (xml: string) => feedOf(parseBytes(xml))

/** Habits of feeds that other readers have in their collections. */
describe('feeds of the wild', () => {
  it('RSS 1.0 describes its picture outside the channel', () => {
    const feed = read(
      rdf(
        '<channel><title>Tide</title><image rdf:resource="https://tide.example/a.png"/></channel>' +
          '<image rdf:about="https://tide.example/a.png"><title>Pic</title><url>https://tide.example/a.png</url></image>',
      ),
    )
    expect(feed).toMatchObject({ title: 'Tide', imageUrl: 'https://tide.example/a.png' })
  })
  it('words packed with base64, and pictures packed the same way', () => {
    const feed = read(
      atom(
        `<title mode="base64">${packed('Tidal & Hour')}</title>` +
          `<entry><id>1</id><title type="application/octet-stream">${packed('<b>Ebb</b>')}</title>` +
          `<content type="image/png">${Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]).toString('base64')}</content></entry>` +
          '<entry><id>2</id><title type="text/plain">Flow</title><summary type="application/xhtml+xml">Flow</summary></entry>',
      ),
    )
    expect(feed.title).toBe('Tidal & Hour')
    expect(feed.items).toMatchObject([
      { title: 'Ebb', descriptionHtml: null },
      { title: 'Flow', descriptionHtml: 'Flow' },
    ])
  })
  it('full text in `content:encoded` in Atom', () => {
    const feed = read(
      atom(
        '<entry><id>1</id><summary>Short</summary><content:encoded><![CDATA[<h1>Long</h1>]]></content:encoded></entry>',
      ),
    )
    expect(feed.items[0]!.descriptionHtml).toBe('<h1>Long</h1>')
  })
  it('the site as application/xhtml+xml, the feed itself as application/atom+xml', () => {
    const feed = read(
      atom(
        '<link type="application/atom+xml" href="https://tide.example/feed"/><link type="application/xhtml+xml" href="https://tide.example/"/>',
      ),
    )
    expect(feed.siteUrl).toBe('https://tide.example/')
  })
  it('a title that is never closed, before the end of the feed', () => {
    expect(read(atom('<id>x</id><title type="xhtml"><div>Tide</div></titel>')).title).toContain('Tide')
  })
  it('an item of unknown elements only is no damage', () => {
    expect(read(rssOf('<item><mood>calm</mood></item>').replace('<title>The Tidal Hour</title>', ''))).toMatchObject({
      items: [],
      mended: false,
    })
  })
  it('episode numbers below zero are none', () => {
    const feed = read(
      rssOf('<item><title>a</title><itunes:episode>-1</itunes:episode><itunes:season>S02</itunes:season></item>'),
    )
    expect(feed.items[0]).toMatchObject({ number: null, season: '2' })
  })
  it('a JSON Feed that gives its version as a number or not at all; other JSON is none', () => {
    const feed = { title: 'Tide', items: [{ id: '1', content_text: 'Ebb' }] }
    for (const version of ['1.0', undefined])
      expect(read(JSON.stringify({ ...feed, version }))).toMatchObject({ title: 'Tide', items: [{ guid: '1' }] })
    for (const other of [{ items: feed.items }, { title: 'x', items: [1] }, { title: 'x', items: {} }, feed.items])
      expect(parseBytes(JSON.stringify(other))).toMatchObject({ error: { code: 'not-a-feed' } })
  })
})

describe('pictures, links and titles where they do not belong', () => {
  const a = 'https://tide.example/a.png'
  it.each([
    ['as text', `<itunes:image>${a}</itunes:image>`],
    ['as half an attribute', `<itunes:image>href=${a}"></itunes:image>`],
    ['as url', `<itunes:image url="${a}"/>`],
    ['in an element inside', `<itunes:image><url>${a}</url></itunes:image>`],
    ['as a link', `<itunes:link rel="image" type="image/png" href="${a}"/>`],
    ['in an attribute', `<image url="${a}" title="Pic"/>`],
    ['after an empty one', `<image></image><image><title>Pic</title><url><![CDATA[${a}]]></url></image>`],
  ])('a picture %s', (_, xml) => {
    const feed = read(rssOf(`<item><title>A</title><guid>1</guid>${xml}</item>`).replace('</title>', `</title>${xml}`))
    expect(feed).toMatchObject({ title: 'The Tidal Hour', imageUrl: a, items: [{ title: 'A', imageUrl: a }] })
  })
  it('a picture nobody gave is none', () => {
    const many = `<item><image>${'<b> </b> '.repeat(60)}</image><itunes:image></itunes:image><guid>1</guid></item>`
    expect(read(rssOf(many)).items).toMatchObject([{ imageUrl: null }])
  })
  it('links as in Atom, and the second of two titles when the first is empty', () => {
    const item = '<item><title></title><title>A</title><link/><link href="https://tide.example/1"></link></item>'
    expect(read(rssOf(item)).items).toMatchObject([{ title: 'A', link: 'https://tide.example/1' }])
  })
  it('attributes under the prefix of their element', () => {
    const feed = read(
      '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:atom="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id>' +
        '<a:link atom:rel="enclosure" atom:href="https://tide.example/1.mp3" atom:type="audio/mpeg"/></a:entry></a:feed>',
    )
    expect(feed.items[0]!.media?.url).toBe('https://tide.example/1.mp3')
  })
  it('of several pages the one that opens in a browser', () => {
    const links = (path: string, first: string): string =>
      `<link rel="alternate" ${first}/><link rel="alternate" type="text/html" href="https://tide.example/${path}"/>`
    const feed = read(
      atom(
        `${links('', 'href="gemini://tide.example/"')}<entry><id>1</id>${links('1', 'href="gemini://tide.example/1"')}</entry>` +
          `<entry><id>2</id>${links('2', 'type="application/json" href="https://tide.example/2.json"')}</entry>`,
      ),
    )
    expect(feed).toMatchObject({
      siteUrl: 'https://tide.example/',
      items: [{ link: 'https://tide.example/1' }, { link: 'https://tide.example/2' }],
    })
  })
  it('what Media RSS says of one file only', () => {
    const item =
      '<item><guid>1</guid><media:content type="audio/mpeg" url="https://tide.example/1.mp3"><media:title>A</media:title>' +
      `<media:description>Ebb</media:description><media:thumbnail url="${a}"/></media:content></item>`
    expect(read(rssOf(item)).items).toMatchObject([{ title: 'A', descriptionHtml: 'Ebb', imageUrl: a }])
  })
})

describe('what a feed lacks', () => {
  it.each([
    ['whole', rssOf('<item><title>a</title></item>'), false, false],
    ['mended, with all items', rssOf('<item><title>a & b</title></item>'), true, false],
    ['cut', rssOf('<item><title>a</title></item><item><title>b').replace('</channel></rss>', ''), true, true],
    [
      'an unclosed element swallowed an item',
      rssOf('<item><title>a</title><summary>x & y</item><item><title>b</title><summary>z</summary></item>'),
      true,
      false,
    ],
    [
      'an unclosed quote swallowed an item',
      rssOf('<item><link a="x>1</link></item><item><link a="y">2</link></item><item><title>c</title></item>'),
      true,
      true,
    ],
  ])('%s', (_, xml, mended, partial) => {
    const feed = read(xml)
    expect({ mended: feed.mended, partial: feed.partial }).toEqual({ mended, partial })
  })
})

describe('feeds in an encoding that nobody names', () => {
  it('is guessed by its letters', () => {
    const title = [0xcf, 0xf0, 0xe8, 0xeb, 0xe8, 0xe2, 0xfb, 0x20, 0xe8, 0x20, 0xeb, 0xf3, 0xed, 0xe0]
    const [before, after] = rssOf('').replace(' encoding="UTF-8"', '').split('The Tidal Hour')
    const bytes = Buffer.concat([Buffer.from(before!), Buffer.from(title), Buffer.from(after!)])
    expect(feedOf(parseBytes(bytes)).title).toBe('Приливы и луна')
  })
})

describe('what must not take long', () => {
  it.each([
    ['comments that never end', '<!-- '.repeat(40_000), 'not-a-feed'],
    ['a page whose elements never end', `<html><body>${'<p><li>'.repeat(100_000)}`, 'not-a-feed'],
    ['a picture of blanks', rssOf(`<item><image>${`<b> ${' '.repeat(40)}`.repeat(20)}</image></item>`), undefined],
  ])('%s', (_, text, code) => {
    const ms = processorMs(() => {
      const result = parseBytes(text)
      expect(result.ok ? undefined : result.error.code).toBe(code)
    })
    expect(ms).toBeLessThan(2_000)
  })
})
