import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { quirksOfHttp } from '../../net/fixtures/quirks-of-http.ts'
import { parseBytes, parseQuirk, quirkFeed, readFixture, rssOf } from './fixtures/parse.ts'
import type { ParsedFeed, ParsedItem } from './types.ts'

const utc = (text: string): number => Date.parse(`${text}Z`)
const tenPastTen = utc('2014-05-02T10:10:00')
const dates = (feed: ParsedFeed) => feed.items.map((item) => item.publishedAtMs)
const titles = (feed: ParsedFeed) => feed.items.map((item) => item.title)
const urls = (feed: ParsedFeed) => feed.items.map((item) => item.media?.url ?? null)
const each =
  <Key extends keyof ParsedItem>(key: Key) =>
  (feed: ParsedFeed) =>
    feed.items.map((item) => item[key])

/** Fixture → what is read from it → what that must be. `mended` is asserted for all: false unless said. */
const outcomes: readonly [name: string, read: (feed: ParsedFeed) => unknown, expected: unknown, mended?: true][] = [
  ['01-date-without-seconds', dates, [tenPastTen]],
  ['02-zone-with-comment', dates, [utc('2014-05-02T14:10:00'), utc('2014-05-02T14:10:00')]],
  ['03-impossible-time', dates, [utc('2014-05-02T00:00:00')]],
  ['04-zone-names', dates, [8, 9, 18, 10, 10, 14].map((hour) => Date.UTC(2014, 4, 2, hour, 10))],
  ['05-date-empty-or-missing', dates, [null, null, null, null, null]],
  ['06-same-date', each('guid'), ['ep-3', 'ep-2', 'ep-1']],
  ['07-truncated-zone', dates, [9, 15, 10, 15, 10].map((hour) => Date.UTC(2014, 4, 2, hour, 10))],
  ['08-odd-dates', dates, [tenPastTen, tenPastTen, utc('2014-05-02T08:10:00'), null, null, utc('2014-02-02T10:10:00')]],
  ['09-date-in-cdata', dates, [tenPastTen, tenPastTen]],
  ['10-iso-date', dates, [tenPastTen, tenPastTen, tenPastTen, utc('2014-05-02T00:00:00')]],
  [
    '11-enclosure-without-type',
    each('media'),
    [{ url: 'https://cdn.tide.example/1.mp3', type: 'audio/mpeg', bytes: 5 }],
  ],
  ['12-odd-length', (feed) => feed.items.map((item) => item.media?.bytes), Array(8).fill(null)],
  ['13-no-enclosure', (feed) => feed.items.map(({ media, link }) => [media, link]), [[null, 'https://tide.example/1']]],
  ['14-several-enclosures', urls, ['https://cdn.tide.example/1.mp3', 'https://cdn.tide.example/2.opus']],
  [
    '15-relative-addresses',
    urls,
    ['https://tide.example/audio/1.mp3', 'https://cdn.tide.example/2.mp3', 'https://tide.example/audio/3.mp3'],
  ],
  [
    '16-spaces-in-address',
    urls,
    ['https://cdn.tide.example/my%20file%20%C3%BC.mp3', 'https://cdn.tide.example/a.mp3?show=1&copy=2&episode=3'],
    true,
  ],
  ['17-image-as-enclosure', urls, [null, 'https://cdn.tide.example/2.mp3']],
  ['18-tracking-prefixes', (feed) => feed.items[0]?.media?.url.startsWith('https://www.podtrac.com/'), true],
  ['19-no-extension', each('media'), [{ url: 'https://cdn.tide.example/play?id=7', type: null, bytes: null }]],
  ['20-guid-missing', each('guid'), [null, null]],
  ['21-guid-empty', each('guid'), [null, null, null]],
  [
    '22-guid-twice',
    (feed) => feed.items.map(({ guid, guidShared }) => [guid, guidShared]),
    [
      ['same', true],
      ['same', true],
      ['ep-3', false],
    ],
  ],
  ['23-guid-changes-before', each('guid'), ['old-guid']],
  ['23-guid-changes-after', each('guid'), ['new-guid']],
  ['24-media-changes-before', urls, ['https://a.tide.example/1.mp3']],
  ['24-media-changes-after', urls, ['https://b.tide.example/one.mp3']],
  ['25-token-rotates-before', urls, ['https://cdn.tide.example/1.mp3?id=7&token=aaa&updated=1']],
  ['25-token-rotates-after', urls, ['http://cdn.tide.example/1.mp3?updated=2&token=bbb&id=7']],
  ['26-guid-spaces-and-case', each('guid'), ['EP-One']],
  ['27-member-copy', each('durationSeconds'), [1800]],
  ['27-public-copy', each('durationSeconds'), [1800]],
  ['28-same-title-and-date', each('titleShared'), [true, true]],
  ['29-junk-before-prolog', titles, ['Episode 1'], true],
  ['30-html-entities', titles, ['Wind & tide ’n’ ébb … &nosuchthing;'], true],
  [
    '31-bare-ampersand',
    (feed) => [titles(feed), feed.items[0]?.link],
    [['R&D & Q&A; AT&T'], 'https://tide.example/?a=1&b=2'],
    true,
  ],
  [
    '32-control-characters',
    (feed) => feed.items.map(({ title, descriptionHtml }) => [title, descriptionHtml]),
    [['Low water', 'ab']],
    true,
  ],
  ['33-doctype-without-subset', titles, ['Episode 1']],
  ['33-out-of-range-references', titles, ['A�B�C�DE’F�G'], true],
  ['34-declares-latin1-is-utf8', titles, ['Ébbe – Flut']],
  ['34-declares-utf8-is-latin1', titles, ['Ébbe und Flut, naïve façade']],
  ['35-windows-1252', titles, ['“Ébbe” – 5 €']],
  ['35-iso-8859-2', titles, ['Přílivová vlna']],
  ['35-utf-16le-bom', titles, ['Ébbe 潮']],
  ['35-utf-16be-without-bom', titles, ['Ébbe 潮']],
  ['35-utf-16-declared-but-utf-8', titles, ['Ébbe 潮']],
  ['35-iso-2022-jp', titles, ['潮']],
  [
    '36-stray-less-than',
    (feed) => feed.items.map(({ title, descriptionHtml, media }) => [title, descriptionHtml, media?.bytes]),
    [['5 < 6 and <3 for x<y', 'If a < b then <b>bold</b> <br> & more', 1000]],
    true,
  ],
  ['37-truncated-mid-item', titles, ['Episode 3', 'Episode 2'], true],
  ['37-truncated-in-tag', titles, ['Episode 2'], true],
  ['37-end-missing', titles, ['Episode 2', 'Episode 1'], true],
  [
    '38-unquoted-attributes',
    each('media'),
    [
      { url: 'https://cdn.tide.example/1.mp3', type: 'audio/mpeg', bytes: 1000 },
      { url: 'https://cdn.tide.example/2.mp3', type: 'audio/mpeg', bytes: 12 },
    ],
    true,
  ],
  ['39-no-space-between-xmlns', each('durationSeconds'), [90]],
  [
    '40-odd-namespace-addresses',
    (feed) => feed.items.map((item) => [item.durationSeconds, item.transcripts[0]?.url]),
    [[90, 'https://tide.example/1.vtt']],
  ],
  [
    '41-odd-prefixes',
    (feed) => [feed.nextPageUrl, feed.items[0]?.durationSeconds, feed.items[0]?.descriptionHtml],
    ['https://tide.example/feed?page=2', 90, '<p>Full notes</p>'],
  ],
  ['42-items-outside-channel', (feed) => [feed.title, titles(feed)], ['The Tidal Hour', ['Episode 2', 'Episode 1']]],
  [
    '42-several-channels',
    (feed) => [feed.title, feed.siteUrl, titles(feed)],
    ['The Tidal Hour', null, ['Episode 2', 'Episode 1']],
  ],
  ['42-empty-channel', (feed) => [feed.title, feed.items], [null, []]],
  [
    '43-encoded-twice',
    (feed) => feed.items.map(({ title, descriptionHtml }) => [title, descriptionHtml]),
    [["Tom & Jerry's tide", '<p>Hello &amp; welcome</p>']],
  ],
  [
    '44-nested-cdata',
    (feed) => [feed.items[0]?.descriptionHtml, titles(feed)],
    ['before inside after', ['Episode 2', 'Episode 1']],
    true,
  ],
  ['44-unclosed-cdata', each('descriptionHtml'), ['never closed', 'closed'], true],
  ['44-unclosed-cdata-no-more', titles, ['Episode 3', 'Episode 2'], true],
  ['45-empty-content', each('descriptionHtml'), ['<p>The full one</p>']],
  [
    '46-atom-podcast',
    (feed) => [
      [feed.author, feed.language, feed.nextPageUrl],
      ...feed.items.map((item) => [
        item.title,
        item.publishedAtMs,
        item.durationSeconds,
        item.media?.url,
        item.descriptionHtml,
        item.transcripts[0]?.url,
      ]),
    ],
    [
      ['Ann Ebb', 'en', 'https://tide.example/feed.xml?page=2'],
      [
        'Episode <1> & more',
        tenPastTen,
        90,
        'https://cdn.tide.example/1.mp3',
        '<p>Notes <b>bold</b></p>',
        'https://tide.example/1.vtt',
      ],
      ['Episode 2', utc('2014-05-01T10:10:00'), null, undefined, '<p>a &lt; b</p>', undefined],
    ],
  ],
  ['46-prefixed-atom', (feed) => [titles(feed), urls(feed)], [['Episode 1'], ['https://cdn.tide.example/1.mp3']]],
  [
    '46-rss-1.0',
    (feed) => [feed.language, feed.items.map((item) => [item.guid, item.link, item.publishedAtMs])],
    ['en', [['https://tide.example/1', 'https://tide.example/1', tenPastTen]]],
  ],
  ['46-rss-0.91', (feed) => [feed.title, titles(feed)], ['The Tidal Hour', ['Episode 1']]],
  ['46-rss-0.90', (feed) => [feed.title, titles(feed)], ['The Tidal Hour', ['Episode 1']]],
  ['48-surrogate-references', titles, ['Wave 🌊 and 🌊 and � alone'], true],
  ['49-oldest-first', each('guid'), ['ep-1', 'ep-2', 'ep-3']],
  ['50-old-items-dropped', each('guid'), ['ep-9', 'ep-8']],
  ['51-archived-pages', (feed) => feed.nextPageUrl, 'https://tide.example/feed.xml?page=2'],
  ['52-no-items', (feed) => [feed.title, feed.items], ['The Tidal Hour', []]],
  ['57-new-feed-url-itself', (feed) => feed.newFeedUrl, null],
  ['57-new-feed-url-http', (feed) => feed.newFeedUrl, null],
  ['57-new-feed-url-elsewhere', (feed) => feed.newFeedUrl, 'https://new.example/feed.xml'],
  ['65-durations', each('durationSeconds'), [3723, 90, null, 3600, null, 5400, 2700, null, null, null, 91]],
  ['66-markup-in-title', titles, ['Bold tide', 'Ebb & flow', 'Vector<T> and 1 < 2', 'Raw markup']],
  ['67-long-title', (feed) => feed.items[0]?.title, 'Tide '.repeat(100).trim()],
  ['68-invisible-characters', titles, ['מים\u200f gnp.exe', null, 'zerowidth', '👩\u200d🔬 lab']],
  ['69-same-title', each('titleShared'), [false, false, false]],
  [
    '70-odd-numbers',
    (feed) => feed.items.map(({ season, number }) => [season, number]),
    [
      ['0', '0'],
      ['1', '1.5'],
      ['1', '12'],
      [null, null],
      ['3', 'Ch.5'],
    ],
  ],
]

/** Asserted below, not in the table. */
const others: readonly (readonly [name: string, numbers: readonly number[]])[] = [
  ['33-billion-laughs', [33]],
  ['34-header-is-wrong', [34]],
  ['53-login-page', [53]],
  ['53-challenge-page', [53]],
  ['53-site-page', [53]],
  ['62-sent-as-html', [62]],
  ['', [47]],
]

describe('feed quirks', () => {
  it.each(outcomes)('%s', (name, read, expected, mended) => {
    const feed = quirkFeed(name)
    expect(read(feed)).toEqual(expected)
    expect(feed.mended).toBe(mended ?? false)
    expect(feed.warnings.length > 0).toBe(mended ?? false)
  })

  it('33: entities of its own are refused, not expanded', () =>
    expect(parseQuirk('33-billion-laughs')).toMatchObject({
      ok: false,
      error: { code: 'refused', message: expect.stringContaining('document type not allowed') },
    }))

  it('34: the declaration in the file counts before a header that cannot be true', () => {
    const result = parseQuirk('34-header-is-wrong', { contentType: 'text/xml; charset=utf-8' })
    expect(result.ok && titles(result.value)).toEqual(['潮の満ち引き'])
    const undeclared = Buffer.from(
      rssOf('<item><title>caf\xe9 \x93x\x94</title></item>').replace(' encoding="UTF-8"', ''),
      'latin1',
    )
    const read = parseBytes(undeclared, { contentType: 'application/rss+xml; charset="ISO-8859-1"' })
    expect(read.ok && titles(read.value)).toEqual(['café “x”'])
  })

  it('47: ten thousand episodes and 15 MB are read, more than 20 MB are not', () => {
    const notes = `<description>${'water '.repeat(240)}</description>`
    const items = Array.from(
      { length: 10_000 },
      (_, index) => `<item><title>E${index}</title><guid>${index}</guid>${notes}</item>`,
    )
    const feed = rssOf(items.join(''))
    expect(feed.length).toBeGreaterThan(14_000_000)
    const result = parseBytes(feed)
    expect(result.ok && [result.value.items.length, result.value.warnings]).toEqual([10_000, []])
    expect(parseBytes(Buffer.alloc(20_000_001, 0x20))).toMatchObject({ ok: false, error: { code: 'refused' } })
  })

  it('53: pages are told apart, and what they name is offered', () => {
    expect(parseQuirk('53-login-page')).toMatchObject({
      error: { code: 'not-a-feed', details: { kind: 'login', candidates: [] } },
    })
    expect(parseQuirk('53-challenge-page')).toMatchObject({
      error: { code: 'not-a-feed', retryable: true, details: { kind: 'challenge' } },
    })
    expect(parseQuirk('53-site-page')).toMatchObject({
      error: {
        code: 'not-a-feed',
        message: expect.stringContaining('names 2 feeds'),
        details: {
          kind: 'web-page',
          candidates: [
            { url: 'https://tide.example/feed/', title: 'Episodes & more' },
            { url: 'https://tide.example/comments/feed/', title: 'Comments' },
          ],
        },
      },
    })
  })

  it('62: the type a server declares does not matter', () => {
    for (const contentType of ['text/html; charset=utf-8', 'application/octet-stream', 'nonsense'])
      expect(parseQuirk('62-sent-as-html', { contentType }).ok).toBe(true)
  })

  it('all 70 are covered, here or by the client, and each fixture has its outcome', () => {
    const named = [...outcomes.map(([name]) => name), ...others.map(([name]) => name)].filter((name) => name !== '')
    const here = [...outcomes.map(([name]) => Number(name.slice(0, 2))), ...others.flatMap(([, numbers]) => numbers)]
    const covered = new Set([...here, ...quirksOfHttp])
    expect(Array.from({ length: 70 }, (_, index) => index + 1).filter((number) => !covered.has(number))).toEqual([])
    const files = readdirSync(new URL('./fixtures/quirks/', import.meta.url)).map((file) => file.replace(/\.xml$/, ''))
    expect(files.sort()).toEqual([...named].sort())
  })

  it('reads the example of the podcast namespace', () => {
    const result = parseBytes(readFixture('podcast-namespace/feed-example.xml'), {
      url: 'https://example.com/feed.xml',
    })
    expect(result).toMatchObject({
      ok: true,
      value: {
        podcastGuid: 'y0ur-gu1d-g035-h3r3',
        mended: false,
        items: [
          {
            title: 'Episode 3 - The Future',
            season: '1',
            number: '3',
            chaptersUrl: 'https://example.com/ep3_chapters.json',
            transcripts: [{ type: 'text/plain' }, { type: 'text/vtt', language: 'es', rel: 'captions' }],
            persons: [
              { name: 'Adam Curry', role: 'host', group: 'cast' },
              { name: 'Dave Jones', role: 'guest' },
              { name: 'Becky Smith', role: 'cover art designer', group: 'visuals' },
            ],
          },
          {},
          {},
        ],
      },
    })
  })
})
