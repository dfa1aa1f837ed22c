import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { feedOf, parseBytes, rssOf } from './fixtures/parse.ts'
import { identityKeys } from './identity.ts'
import { limits } from './types.ts'

const refused = { ok: false, error: { code: 'refused' } }
const item = (inside: string): string => `<item><guid>g</guid>${inside}</item>`
const only = (inside: string) => feedOf(parseBytes(rssOf(item(inside)))).items[0]!
const withSubset = (subset: string): string =>
  `<?xml version="1.0"?><!DOCTYPE rss [${subset}]><rss version="2.0"><channel><title>&x;</title><item><title>&x;</title></item></channel></rss>`

describe('attack inputs A: bytes of a feed', () => {
  it.each([
    [
      '1 billion laughs',
      Array.from({ length: 9 }, (_, index) => `<!ENTITY x${index} "${`&x${index + 1};`.repeat(10)}">`).join(''),
    ],
    ['2 quadratic blow-up', `<!ENTITY x "${'a'.repeat(50_000)}">`],
    ['3 XXE file', '<!ENTITY x SYSTEM "file:///etc/passwd">'],
    ['4 XXE parameter entity', '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;'],
    ['4 with brackets in quotes', `<!ENTITY x "]>">`],
  ])('%s is refused', (_, subset) => {
    const result = parseBytes(withSubset(subset))
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'refused', message: expect.stringContaining('document type not allowed') },
    })
    expect(JSON.stringify(result)).not.toMatch(/passwd|127\.0\.0\.1/)
  })
  it('1 also when it hides: lower case, behind a comment, without an end, after quoted names', () => {
    const rss = '<rss version="2.0"><channel><title>&x;</title></channel></rss>'
    for (const prolog of [
      '<!doctype rss [<!ENTITY x "y">]>',
      '<!-- > --><!DOCTYPE rss\n[ ]>',
      '<!DOCTYPE rss [',
      '<!DOCTYPE rss SYSTEM "a>b" [<!ENTITY x "y">]>',
    ])
      expect(parseBytes(prolog + rss)).toMatchObject(refused)
  })
  it('5 XInclude is an element like any other', () => {
    const found = only(
      '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><title>T</title>',
    )
    expect(found.title).toBe('T')
    expect(JSON.stringify(found)).not.toContain('passwd')
  })
  it('6 200,000 nested elements are refused', () =>
    expect(parseBytes(rssOf(item(`${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}`)))).toMatchObject(refused))
  it('7 200,000 attributes are refused, 200 are not', () => {
    const many = (count: number) =>
      rssOf(item(`<x ${Array.from({ length: count }, (_, index) => `a${index}="1"`).join(' ')}/>`))
    expect(parseBytes(many(200_000))).toMatchObject(refused)
    expect(parseBytes(many(200)).ok).toBe(true)
    expect(parseBytes(rssOf(item('<x a="'.repeat(100_000))))).toMatchObject(refused)
  })
  it('8 300,000 items: the first 10,000 are kept', () => {
    const feed = feedOf(parseBytes(rssOf('<item><title>t</title></item>'.repeat(300_000))))
    expect(feed.items).toHaveLength(limits.items)
    expect(feed.warnings).toEqual(['Read the first 10,000 of 300,000 episodes.'])
  })
  it('9 and 10 a packed file is unpacked once, and not beyond the limit', () => {
    expect(parseBytes(gzipSync(Buffer.alloc(40_000_000)))).toMatchObject(refused)
    expect(parseBytes(gzipSync(rssOf(item('')))).ok).toBe(true)
    expect(parseBytes(gzipSync(gzipSync(rssOf(item('')))))).toMatchObject({ ok: false })
    expect(parseBytes(gzipSync(rssOf(item(''))).subarray(0, 60))).toMatchObject({ error: { code: 'broken' } })
    expect(parseBytes(brotliCompressSync(Buffer.alloc(1_000_000)))).toMatchObject({ ok: false })
  })
  it.each([
    ['an unclosed CDATA', `<title><![CDATA[${'x'.repeat(1_000_000)}`],
    ['1 MB of <', '<'.repeat(1_000_000)],
    ['1 MB of comment', `<!--${' -'.repeat(500_000)}`],
    ['100,000 unclosed CDATA', '<title><![CDATA[x</title>'.repeat(100_000)],
    ['100,000 unclosed titles', '<title>'.repeat(100_000)],
    ['100,000 stray &', '&'.repeat(100_000)],
    ['100,000 half references', '&#x'.repeat(100_000)],
    ['100,000 processing instructions', '<?x '.repeat(100_000)],
  ])('14 %s ends, and keeps the items before it', (_, junk) => {
    const before = '<item><guid>a</guid><title>A</title></item>'
    const head = rssOf(before).replace('</channel></rss>', '')
    const result = parseBytes(`${head}<item><guid>b</guid>${junk}`)
    expect(feedOf(result).items[0]).toMatchObject({ guid: 'a', title: 'A' })
    expect(parseBytes(`${rssOf('').replace('</channel></rss>', '')}<item>${junk}`)).toMatchObject({
      error: { code: 'broken' },
    })
  })
  it('15 names that mean something to objects', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'a:__proto__']
    for (const name of names) {
      const result = parseBytes(
        rssOf(
          `<${name}><polluted>yes</polluted></${name}>${item(`<${name} polluted="yes" __proto__="x">yes</${name}><title>T</title>`)}`,
        ),
      )
      expect(feedOf(result).items[0]?.title).toBe('T')
    }
    const json =
      '{"version":"https://jsonfeed.org/version/1.1","title":"T","__proto__":{"polluted":"yes"},"items":[{"id":"1","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}]}'
    expect(feedOf(parseBytes(json)).items).toHaveLength(1)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
  it('16 bytes that are no text become U+FFFD, and what is stored is well-formed', () => {
    const bad: Record<string, Buffer> = {
      nul: Buffer.from('a\0b'),
      overlong: Buffer.from([0x61, 0xc0, 0xaf, 0x62]),
      surrogate: Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62]),
      'cut character': Buffer.from([0x61, 0xe2, 0x82, 0x62]),
    }
    // Enough true UTF-8 around it to show what it is.
    const [head, tail] = rssOf(item('<title>|</title><description>äöüßäöüßäöüßäöüßäöüßäöüß</description>')).split('|')
    for (const [name, bytes] of Object.entries(bad)) {
      const { title } = feedOf(parseBytes(Buffer.concat([Buffer.from(head!), bytes, Buffer.from(tail!)]))).items[0]!
      expect(title, name).toMatch(/^a\ufffd*b$/)
      expect(title!.isWellFormed()).toBe(true)
    }
    const utf7 = `<?xml version="1.0" encoding="UTF-7"?><rss version="2.0"><channel><item><title>+ADw-script+AD4-</title></item></channel></rss>`
    expect(feedOf(parseBytes(utf7)).items[0]?.title).toBe('+ADw-script+AD4-')
    const wide = Buffer.from(rssOf(item('<title>Flut</title>')), 'utf16le')
    expect(feedOf(parseBytes(wide)).items[0]?.title).toBe('Flut')
  })
  it('17 a login page with XML content type is no feed without episodes', () => {
    const page =
      '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html><body><input type="password"/></body></html>'
    expect(parseBytes(page, { contentType: 'application/rss+xml' })).toMatchObject({
      error: { code: 'not-a-feed', details: { kind: 'login' } },
    })
  })
  it('18 empty bodies, and feeds without items', () => {
    for (const bytes of ['', '  \n\t', '\ufeff'])
      expect(parseBytes(bytes)).toMatchObject({ error: { code: 'empty-body', retryable: true } })
    expect(feedOf(parseBytes(rssOf(''))).items).toEqual([])
  })
  it.each([
    ['{"a":1}', 'other'],
    ['[]', 'other'],
    ['{"version":', 'other'],
    ['plain words', 'other'],
    ['<opml version="2.0"><body/></opml>', 'opml'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'other'],
    ['ID3\u0004\u0000\u0000', 'recording'],
    ['%PDF-1.7', 'file'],
  ])('%j is not a feed', (text, kind) =>
    expect(parseBytes(text)).toMatchObject({ error: { code: 'not-a-feed', details: { kind } } }),
  )
  it('deep JSON does not overflow', () => {
    const deep = `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect(() => parseBytes(deep)).not.toThrow()
  })
})

describe('attack inputs B: meaning of a feed', () => {
  it('19 one guid on two items: told apart by their files, and one that is there twice is kept once', () => {
    const twin = (file: string) =>
      `<item><guid>same</guid><title>T</title><enclosure url="https://x.example/${file}.mp3"/></item>`
    const { items } = feedOf(parseBytes(rssOf(twin('a') + twin('b') + twin('a'))))
    expect(items).toHaveLength(2)
    const [a, b] = items.map((each) => identityKeys(each)[0]!.key)
    expect(a).not.toBe(b)
    const reordered = feedOf(parseBytes(rssOf(twin('b') + twin('a')))).items.map((each) => identityKeys(each)[0]!.key)
    expect(reordered).toEqual([b, a])
  })
  it('20 a guid used again for another file: the guid is the same, the file says otherwise', () => {
    const week = (file: string) => only(`<enclosure url="https://x.example/${file}.mp3"/>`)
    const [first, second] = [identityKeys(week('a')), identityKeys(week('b'))]
    expect(first[0]).toEqual(second[0])
    expect(first[1]).not.toEqual(second[1])
  })
  it('21 guids of 1 MB, with line breaks, or like paths', () => {
    const guid = (text: string) => feedOf(parseBytes(rssOf(`<item><guid>${text}</guid></item>`))).items[0]?.guid
    expect(guid('x'.repeat(1_000_000))).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(guid('x'.repeat(1_000_000))).not.toBe(guid('x'.repeat(1_000_001)))
    expect(guid('../../x')).toBe('../../x')
    expect(guid('a\nb')).toBe('a\nb')
  })
  it.each([
    'Sat, 01 Jan 0001 00:00:00 GMT',
    'Fri, 31 Dec 9999 23:59:59 GMT',
    'now',
    '9'.repeat(100_000),
    '31 Feb 2014 10:00:00 GMT',
    '-1',
    '2014-13-45',
    'NaN',
  ])('22 date %#: none', (date) => expect(only(`<pubDate>${date}</pubDate>`).publishedAtMs).toBeNull())
  it.each(['-1', 'NaN', '9223372036854775808', '0', '1e400', '12abc'])('23 length %s is ignored', (length) =>
    expect(only(`<enclosure url="https://x.example/a.mp3" length="${length}" type="audio/mpeg"/>`).media).toMatchObject(
      { bytes: null },
    ),
  )
  it.each(['99999:99:99', '-5', '-1:30', 'soon', '9'.repeat(400), '1:99:99', '0', 'Infinity', 'NaN'])(
    '24 duration %s: none',
    (duration) => expect(only(`<itunes:duration>${duration}</itunes:duration>`).durationSeconds).toBeNull(),
  )
  it('25 titles without measure', () => {
    const title = (text: string) => only(`<title>${text}</title>`).title
    expect([...title('x'.repeat(1_000_000))!]).toHaveLength(500)
    expect(title('   \n ')).toBeNull()
    expect(title('\u200f\u200e\u202e')).toBeNull()
    expect(title('\u0301\u0301')).toBeNull()
    expect(title(`z${'\u0301'.repeat(10_000)}!`)!.length).toBeLessThan(12)
    const family = '👨\u200d👩\u200d👧\u200d👦'
    expect(title(family.repeat(600))).toBe(family.repeat(500))
    expect(title('%% inkwell:end summary %%')).toBe('%% inkwell:end summary %%')
  })
  it('27 a new address on another host is handed on to be asked about', () => {
    const moved = (url: string) =>
      feedOf(parseBytes(rssOf('', `<itunes:new-feed-url>${url}</itunes:new-feed-url>`))).newFeedUrl
    expect(moved('https://evil.example/feed')).toBe('https://evil.example/feed')
    expect(moved('file:///etc/passwd')).toBeNull()
    expect(moved('javascript:alert(1)')).toBeNull()
  })
  it('addresses of items cannot leave the web', () => {
    const found = only(
      '<link>javascript:alert(1)</link><enclosure url="file:///etc/passwd" type="audio/mpeg"/><enclosure url="data:audio/mpeg,x" type="audio/mpeg"/>',
    )
    expect([found.link, found.media]).toEqual([null, null])
  })
  it('show notes end at 200 KB, between two words', () => {
    const long = only(`<description><![CDATA[<p>${'wässer <b>x</b> '.repeat(30_000)}</p>]]></description>`)
      .descriptionHtml!
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(limits.descriptionBytes)
    expect(Buffer.byteLength(long)).toBeGreaterThan(limits.descriptionBytes - 3_000)
    expect(/(?:<\/b>|wässer)$/.test(long)).toBe(true)
  })
})
