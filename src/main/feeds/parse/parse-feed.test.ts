import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedParserInput } from '../../workers/feed-parser.worker.ts'
import { createWorkerRunner } from '../../workers/runner.ts'
import { feedOf, nowMs, parseBytes, readFixture, rssOf } from './fixtures/parse.ts'
import { parseFeed } from './parse-feed.ts'
import type { ParseResult } from './types.ts'

describe('kinds of feeds', () => {
  it('JSON Feed 1.1, also with numbers as ids', () => {
    const feed = feedOf(
      parseBytes(
        JSON.stringify({
          version: 'https://jsonfeed.org/version/1.1',
          title: 'The Tidal Hour',
          home_page_url: 'https://tide.example/',
          next_url: '/feed.json?page=2',
          language: 'en-us',
          authors: [{ name: 'Ann Ebb' }],
          items: [
            {
              id: 7,
              title: 'Episode <1>',
              url: '/1',
              content_text: 'a < b\n\nc',
              date_published: '2014-05-02T10:10:00+00:00',
              attachments: [
                { url: 'cover.jpg', mime_type: 'image/jpeg' },
                { url: '1.mp3', mime_type: 'audio/mpeg', size_in_bytes: 5, duration_in_seconds: 90.4 },
              ],
            },
          ],
        }),
      ),
    )
    expect(feed).toMatchObject({
      title: 'The Tidal Hour',
      language: 'en-US',
      author: 'Ann Ebb',
      nextPageUrl: 'https://tide.example/feed.json?page=2',
      items: [
        {
          guid: '7',
          title: 'Episode <1>',
          link: 'https://tide.example/1',
          descriptionHtml: '<p>a &lt; b</p>\n<p>c</p>',
          durationSeconds: 90,
          media: { url: 'https://tide.example/1.mp3', type: 'audio/mpeg', bytes: 5 },
        },
      ],
    })
    expect(parseBytes('{"version":"https://jsonfeed.org/version/1.1","items":[')).toMatchObject({
      error: { code: 'broken' },
    })
  })
  it('a YouTube channel', () => {
    const feed = feedOf(
      parseBytes(`<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UC1"/><id>yt:channel:1</id><yt:channelId>1</yt:channelId>
 <title>The Tidal Hour</title><link rel="alternate" href="https://www.youtube.com/channel/UC1"/><author><name>Ann Ebb</name></author>
 <entry><id>yt:video:abcDEF12345</id><yt:videoId>abcDEF12345</yt:videoId><title>Tides &amp; you</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=abcDEF12345"/><published>2014-05-02T10:10:00+00:00</published><updated>2020-05-02T10:10:00+00:00</updated>
  <media:group><media:title>Tides</media:title><media:content url="https://www.youtube.com/v/abcDEF12345?version=3" type="application/x-shockwave-flash"/>
  <media:thumbnail url="https://i.ytimg.com/vi/abcDEF12345/hq.jpg" width="480"/><media:description>Line one
line two &lt;3</media:description></media:group></entry></feed>`),
    )
    expect(feed).toMatchObject({
      kind: 'youtube',
      title: 'The Tidal Hour',
      author: 'Ann Ebb',
      siteUrl: 'https://www.youtube.com/channel/UC1',
      mended: false,
      items: [
        {
          guid: 'yt:video:abcDEF12345',
          title: 'Tides & you',
          link: 'https://www.youtube.com/watch?v=abcDEF12345',
          media: { url: 'https://www.youtube.com/watch?v=abcDEF12345', type: 'video/youtube', bytes: null },
          imageUrl: 'https://i.ytimg.com/vi/abcDEF12345/hq.jpg',
          publishedAtMs: Date.UTC(2014, 4, 2, 10, 10),
          descriptionHtml: '<p>Line one<br>line two &lt;3</p>',
        },
      ],
    })
  })
  it('what a channel says of itself', () => {
    const channel = `<itunes:author>Ann &amp; Bob</itunes:author><language>de_AT</language><ttl>60</ttl><itunes:complete>Yes</itunes:complete>
      <itunes:block>yes</itunes:block><itunes:image href="/cover.jpg"/><podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>
      <podcast:person href="https://ann.example/">Ann Ebb</podcast:person>
      <podcast:liveItem status="live"><title>Live</title><guid>live</guid><enclosure url="https://x.example/live" type="audio/mpeg"/></podcast:liveItem>`
    const items =
      '<item><guid>1</guid></item><item><guid>2</guid><podcast:person role="GUEST" group="Writing">Bob</podcast:person></item>'
    const feed = feedOf(parseBytes(rssOf(items, channel)))
    expect(feed).toMatchObject({
      title: 'The Tidal Hour',
      author: 'Ann & Bob',
      language: 'de-AT',
      ttlMinutes: 60,
      complete: true,
      isPrivateHint: true,
      imageUrl: 'https://tide.example/cover.jpg',
      podcastGuid: '9b024349-ccf0-5f69-a609-6b82873eab3c',
      persons: [{ name: 'Ann Ebb', role: 'host', group: 'cast', url: 'https://ann.example/' }],
      items: [
        { persons: [{ name: 'Ann Ebb' }] },
        { persons: [{ name: 'Bob', role: 'guest', group: 'writing', url: null }] },
      ],
    })
  })
  it('chapters inside the feed (Podlove)', () => {
    const [item] = feedOf(
      parseBytes(
        rssOf(`<item><guid>1</guid><psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2">
        <psc:chapter start="00:10:02.500" title="Second" href="https://x.example/2"/><psc:chapter start="0" title="First &amp; best">
        <psc:chapter start="nonsense" title="None"/></psc:chapters></item>`),
      ),
    ).items
    expect(item?.chapters).toEqual([
      { startSeconds: 0, endSeconds: 602.5, title: 'First & best', url: null },
      { startSeconds: 602.5, endSeconds: null, title: 'Second', url: 'https://x.example/2' },
    ])
  })
  it.each([
    [
      'a comment that speaks of <rss> before the root',
      '<!-- on <rss> and <html> --><rss version="2.0"><channel><title>T</title><item><title>A</title></item></channel></rss>',
    ],
    [
      'the document type of a page',
      '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://x.invalid/"><rss><channel><title>T</title><item><title>A</title></item></channel></rss>',
    ],
    [
      'a default namespace of something else',
      '<rss xmlns="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel xmlns="http://www.w3.org/2005/Atom"><title>T</title><item><title>A</title></item></channel></rss>',
    ],
    ['no root at all but a channel', '<channel><title>T</title><item><title>A</title></item></channel>'],
    [
      'a stray closing tag, and a last one without >',
      '<rss><channel><image></height></image><title>T</title><item><title>A</title></item></channel></rss',
    ],
    [
      'everything in capitals',
      '<RSS VERSION="2.0"><CHANNEL><TITLE>T</TITLE><ITEM><TITLE>A</TITLE></ITEM></CHANNEL></RSS>',
    ],
    [
      'items that are never closed',
      '<rss><channel><title>T</title><item><title>A</title><item><title>A</title></channel></rss>',
    ],
  ])('with %s', (_, text) => {
    const feed = feedOf(parseBytes(text))
    expect(feed.title).toBe('T')
    expect(new Set(feed.items.map(({ title }) => title))).toEqual(new Set(['A']))
  })
  it('elements under names of other times', () => {
    const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:enc="http://purl.oclc.org/net/rss_2.0/enc#" xmlns:dcterms="http://purl.org/dc/terms/">
      <channel rdf:about="x"><title>T</title></channel><item rdf:about="https://x.example/?a=1&amp;b=2"><title>A</title>
      <enc:enclosure rdf:resource="https://x.example/a.mp3" enc:type="audio/mpeg" enc:length="7"/><dcterms:issued>2015-12-19T06:01:00-08:00</dcterms:issued></item></rdf:RDF>`
    expect(feedOf(parseBytes(rdf)).items[0]).toMatchObject({
      guid: 'https://x.example/?a=1&b=2',
      media: { url: 'https://x.example/a.mp3', type: 'audio/mpeg', bytes: 7 },
      publishedAtMs: Date.UTC(2015, 11, 19, 14, 1),
    })
    const forgotten = rssOf(
      '<item><guid>https://x.example/1</guid><encoded>full &lt;b>notes&lt;/b></encoded><description>short</description></item>',
    )
    expect(feedOf(parseBytes(forgotten)).items[0]).toMatchObject({
      descriptionHtml: 'full <b>notes</b>',
      link: 'https://x.example/1',
    })
  })
  it('enclosures that are not closed, have text, or stand in front of a base', () => {
    const feed = feedOf(
      parseBytes(`<rss xml:base="https://files.example/show/"><channel><title>T</title>
      <item><enclosure url="1.mp3" type="audio/mpeg"><title>A</title><guid>1</guid></item>
      <item><enclosure url="2.mp3" type="audio/mpeg">Bad text</enclosure><title>B</title></item></channel></rss>`),
    )
    expect(feed.items).toMatchObject([
      { title: 'A', guid: '1', media: { url: 'https://files.example/show/1.mp3' } },
      { title: 'B', media: { url: 'https://files.example/show/2.mp3' } },
    ])
  })
  it('gzip files, whatever their headers said', () =>
    expect(feedOf(parseBytes(gzipSync(rssOf('<item><guid>1</guid></item>')))).items).toHaveLength(1))
  it('unescaped HTML keeps the references in it', () => {
    const [item] = feedOf(
      parseBytes(rssOf('<item><description><p>1 &lt; 2 &amp; R&D</p><script>x</script></description></item>')),
    ).items
    expect(item?.descriptionHtml).toBe('<p>1 &lt; 2 &amp; R&D</p><script>x</script>')
  })
})

describe('the worker', () => {
  const runner = createWorkerRunner(new URL('../../index.ts', import.meta.url))
  it('reads a feed in a thread of its own, and is ended when it takes too long', async () => {
    const bytes = readFixture('podcast-namespace/feed-example.xml')
    const input: FeedParserInput = { bytes, contentType: 'text/xml', url: 'https://example.com/feed.xml', nowMs }
    const result = await runner.run<FeedParserInput, ParseResult>('feed-parser', input, { timeoutMs: 15_000 })
    expect(result).toEqual({ ok: true, value: parseFeed(bytes, input) })
    const late = await runner.run<FeedParserInput, ParseResult>('feed-parser', input, { timeoutMs: 1 })
    expect(late).toMatchObject({ ok: false, error: { code: 'worker-timed-out' } })
  })
})

describe('whatever it is given, it answers', () => {
  const feeds = [
    readFixture('podcast-namespace/feed-example.xml'),
    readFixture('quirks/46-atom-podcast.xml'),
    readFixture('quirks/44-nested-cdata.xml'),
    readFixture('quirks/35-utf-16be-without-bom.xml'),
  ].map((bytes) => Buffer.from(bytes).subarray(0, 6_000))

  const sound = (bytes: Buffer): void => {
    const result = parseBytes(bytes)
    if (!result.ok) expect(result.error.message).toMatch(/\.$/)
    for (const { title, descriptionHtml, guid } of result.ok ? result.value.items : [])
      expect(
        [title, descriptionHtml, guid].every((text) => text === null || (text !== '' && text.isWellFormed())),
      ).toBe(true)
  }
  const pieces = [
    '<',
    '>',
    '&',
    '"',
    ']]>',
    '<![CDATA[',
    '<!--',
    '-->',
    '</item>',
    '<item>',
    '</',
    '/>',
    '&#',
    '<?',
    '\0',
    'xmlns:x=',
    '</channel>',
    '<title>',
    "='",
    '\ud83d',
    '<!DOCTYPE x [',
  ]

  it('random bytes changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...feeds),
        fc.array(fc.tuple(fc.nat(5_999), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        (feed, changes) => {
          const bytes = Buffer.from(feed)
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte
          sound(bytes)
        },
      ),
      { numRuns: 150 },
    )
  })
  it('marks of the language inserted, and cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...feeds.slice(0, 3)),
        fc.array(fc.tuple(fc.nat(5_999), fc.constantFrom(...pieces)), { maxLength: 12 }),
        fc.nat(6_000),
        (feed, inserts, end) => {
          let text = feed.toString('utf8')
          for (const [at, piece] of inserts) text = text.slice(0, at) + piece + text.slice(at)
          sound(Buffer.from(text.slice(0, end)))
        },
      ),
      { numRuns: 150 },
    )
  })
  it('nothing but noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => sound(Buffer.from(bytes))),
      { numRuns: 100 },
    )
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, '<rss>', 'a', ' ')), (words) =>
        sound(Buffer.from(`<rss>${words.join('')}`)),
      ),
      { numRuns: 150 },
    )
  })
})
