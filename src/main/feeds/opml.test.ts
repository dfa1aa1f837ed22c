import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processorMs } from '../time-testing.ts'
import { decodeOpml, readOpml } from './opml-read.ts'
import { writeOpml } from './opml-write.ts'
import { episode, type FeedHouse, feedAnswer, must, openFeedHouse, rss } from './testing/feed-house.ts'

const outlines = (content: string) => must(readOpml(content)).outlines

describe('reading OPML', () => {
  it('names in any case, 1.0 to 2.0, nested folders as categories, lines', () => {
    const read = outlines(`<?xml version="1.0"?>
<opml version="1.0"><head><title>x</title></head><body>
  <outline text="Tech">
    <outline text="Deep">
      <outline type="podcast" text="A &amp; B" xmlUrl="https://a.example/f?x=1&amp;y=2"/>
    </outline>
  </outline>
  <outline title="Old" XMLURL="https://b.example/f" category="/News,Other"/>
  <outline text="Bare" url="https://c.example/f"/>
</body></opml>`)
    expect(read).toEqual([
      { line: 5, title: 'A & B', url: 'https://a.example/f?x=1&y=2', category: 'Tech/Deep', type: 'podcast' },
      { line: 8, title: 'Old', url: 'https://b.example/f', category: 'News', type: null },
      { line: 9, title: 'Bare', url: 'https://c.example/f', category: null, type: null },
    ])
  })
  it.each([
    ['bare &', '<opml><body><outline text="Q&A" xmlUrl="https://a.example/f?a=1&b=2"/></body></opml>'],
    ['no body', '<opml version="2.0"><outline text="Q&amp;A" xmlUrl="https://a.example/f?a=1&amp;b=2"/></opml>'],
    ['BOM', '\ufeff<opml><body><outline text="Q&amp;A" xmlUrl="https://a.example/f?a=1&amp;b=2"/></body></opml>'],
    ['cut off', '<opml><body><outline text="Q&amp;A" xmlUrl="https://a.example/f?a=1&amp;b=2"/><outline text="x" xmlU'],
    ['unclosed', '<opml><body><outline text="Q&amp;A" xmlUrl="https://a.example/f?a=1&amp;b=2">'],
  ])('%s', (_, content) => {
    expect(outlines(content)).toMatchObject([{ title: 'Q&A', url: 'https://a.example/f?a=1&b=2' }])
  })
  it('no title, no address, UTF-16, Windows-1252', () => {
    expect(
      outlines('<opml><body><outline xmlUrl="https://a.example/f"/><outline text="x" xmlUrl=""/></body></opml>'),
    ).toMatchObject([{ title: null, url: 'https://a.example/f' }])
    const text = '<opml><body><outline text="Müll" xmlUrl="https://a.example/f"/></body></opml>'
    expect(outlines(decodeOpml(Buffer.from(`\ufeff${text}`, 'utf16le')))[0]!.title).toBe('Müll')
    expect(
      outlines(decodeOpml(Buffer.from(`<?xml version="1.0" encoding="windows-1252"?>${text}`, 'latin1')))[0]!.title,
    ).toBe('Müll')
  })
  it('HTML entities in names; UTF-8 that says it is something else', () => {
    expect(
      outlines('<opml><body><outline text="Caf&eacute; &nosuch; &lt;3" xmlUrl="https://a.example/f"/>'),
    ).toMatchObject([{ title: 'Café &nosuch; <3' }])
    const text = '<?xml version="1.0" encoding="ISO-8859-1"?><opml><outline text="Müll" xmlUrl="https://a.example/f"/>'
    expect(outlines(decodeOpml(Buffer.from(text)))[0]!.title).toBe('Müll')
    expect(outlines(decodeOpml(Buffer.from(text.slice(44), 'latin1')))[0]!.title).toBe('Müll')
  })
  it('lists of podcast apps: episodes are no feeds, one folder around everything is no category', () => {
    expect(
      outlines(`<opml><body><outline text="playlists"><outline type="podcast-playlist" title="All"/></outline>
<outline text="feeds"><outline type="rss" text="A" xmlUrl="https://a.example/f">
<outline type="podcast-episode" title="1" url="https://a.example/1" enclosureUrl="https://a.example/1.mp3"/></outline>
<outline text="Deep"><outline type="rss" text="B" xmlUrl="https://b.example/f"/></outline></outline>
<outline type="rss" text="C" xmlUrl="https://c.example/f" category=", , news , x"/></body></opml>`),
    ).toEqual([
      { line: 2, title: 'A', url: 'https://a.example/f', category: null, type: 'rss' },
      { line: 4, title: 'B', url: 'https://b.example/f', category: 'Deep', type: 'rss' },
      { line: 5, title: 'C', url: 'https://c.example/f', category: 'news', type: 'rss' },
    ])
  })
  it('an empty list is written, and read back', () => {
    expect(must(readOpml(writeOpml([], 0)))).toMatchObject({ outlines: [], leftOut: 0 })
  })
  it('limits: 5 MB, 5,000 outlines, any depth (attack 28)', () => {
    expect(readOpml('x'.repeat(5_000_001))).toMatchObject({ ok: false, error: { code: 'too-large' } })
    expect(readOpml('<html>no</html>')).toMatchObject({ ok: false, error: { code: 'not-opml' } })
    const many = Array.from({ length: 10_000 }, (_, index) => `<outline xmlUrl="https://a.example/${index}"/>`).join(
      '\n',
    )
    const read = must(readOpml(`<opml><body>${many}</body></opml>`))
    expect([read.outlines.length, read.leftOut]).toEqual([5_000, 5_000])
    const deep = `<opml><body>${'<outline text="d">'.repeat(10_000)}<outline xmlUrl="https://a.example/f"/></body></opml>`
    expect(outlines(deep)[0]!.category!.length).toBeLessThanOrEqual(200)
  })
  it('is read in time that grows with its length, lines and all', () => {
    const deep = `<opml><body>\n${'<outline text="d">'.repeat(11_000)}\n<outline xmlUrl="https://a.example/f"/>${'</x>'.repeat(300_000)}`
    let read: ReturnType<typeof outlines> = []
    const ms = processorMs(() => {
      read = outlines(`${deep}\n<outline xmlUrl="https://b.example/f"/></body></opml>`)
    })
    expect(read.map(({ line }) => line)).toEqual([3, 4])
    expect(ms).toBeLessThan(3_000)
  })
})

describe('bringing feeds in and out', () => {
  let house: FeedHouse
  const token = 'q7f3Zk9dPl2mN8sV4tXw'
  beforeEach(async () => {
    house = await openFeedHouse()
  })
  afterEach(() => house.close())

  it('adds what it can, says a line for each, and reads the feeds afterwards', async () => {
    house.routes['/a.xml'] = feedAnswer(rss([episode(1)], { title: 'Own title' }))
    const report = must(
      await house.feeds.importOpmlText(`<opml><body>
<outline text="A" xmlUrl="${house.at('show', '/a.xml')}"/>
<outline text="A again" xmlUrl="${house.at('show', '/a.xml')}"/>
<outline text="Feed scheme" xmlUrl="feed://b.example/f"/>
<outline text="File" xmlUrl="file:///etc/passwd"/>
<outline text="Script" xmlUrl="javascript:alert(1)"/>
<outline text="List" type="include" url="https://a.example/self.opml"/>
<outline text="Page" xmlUrl="https://www.youtube.com/@x"/>
<outline text="Members" xmlUrl="https://m.example/rss?auth=${token}"/>
<outline text="Link" type="link" url="https://a.example/"/>
<outline text="No feed" type="rss" xmlUrl="" htmlUrl="https://a.example/"/>
</body></opml>`),
    )
    expect(report.lines.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'added'],
      [3, 'already-followed'],
      [4, 'added'],
      [5, 'refused'],
      [6, 'refused'],
      [7, 'refused'],
      [8, 'failed'],
      [9, 'added'],
      [10, 'refused'],
      [11, 'refused'],
    ])
    expect(report).toMatchObject({ added: 3, alreadyFollowed: 1, failed: 6 })
    expect(report.lines[2]!.urlDisplay).toBe('https://b.example/f')
    expect(
      JSON.stringify([report, house.storage.all('SELECT * FROM feeds'), house.storage.all('SELECT * FROM audit')]),
    ).not.toContain(token)
    await house.feeds.settled()
    expect(house.feeds.list().find(({ title }) => title === 'Own title')).toMatchObject({
      episodeCount: 1,
      state: { kind: 'fine' },
    })
  })
  it('without a keychain private feeds are left to the user, the others come', async () => {
    await house.close()
    house = await openFeedHouse({ keychain: 'missing' })
    const report = must(
      await house.feeds.importOpmlText(
        `<opml><body><outline xmlUrl="https://m.example/rss?auth=${token}"/><outline xmlUrl="https://b.example/f"/></body></opml>`,
      ),
    )
    expect(report.lines.map(({ outcome }) => outcome)).toEqual(['failed', 'added'])
  })
  it('export: escaped, dated, private ones left out unless chosen; its own import gives the same bytes', async () => {
    house.routes['/m.xml'] = (headers) =>
      headers.authorization ? feedAnswer(rss([episode(1)], { title: 'Members' })) : { status: 401 }
    must(
      await house.feeds.importOpmlText(
        `<opml><body><outline text='T &amp; "C" &lt;x>' xmlUrl="https://b.example/f?a=1&amp;b=2"/><outline text="News/Ünï"><outline text="N" xmlUrl="https://c.example/f"/></outline></body></opml>`,
      ),
    )
    await house.feeds.settled()
    const credentials = { type: 'basic' as const, username: 'a@b', password: 'p/w d' }
    must(
      await house.feeds.add({
        url: house.at('show', '/m.xml'),
        credentials,
        secretStorage: 'keychain',
        allowLocalNetwork: false,
      }),
    )
    await house.feeds.addSample()
    const exported = must(await house.feeds.opmlText({ includePrivate: false }))
    expect(exported).toMatchObject({ feeds: 2, leftOut: 1 })
    expect(exported.text).toContain('<dateCreated>Mon, 23 Nov 2026 12:00:00 GMT</dateCreated>')
    const withPrivate = must(await house.feeds.opmlText({ includePrivate: true }))
    expect(withPrivate.text).toContain('a%40b:p%2Fw%20d@')
    const other = await openFeedHouse()
    must(await other.feeds.importOpmlText(exported.text))
    await other.feeds.close()
    expect(must(await other.feeds.opmlText({ includePrivate: false })).text).toBe(exported.text)
    expect(other.feeds.list().map(({ category, title }) => [category, title])).toEqual([
      ['News/Ünï', 'N'],
      [null, 'T & "C" <x>'],
    ])
    await other.close()
  })
  it('files: read by token or dialog, written whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkwell-opml-'))
    const path = join(folder, 'in.opml')
    writeFileSync(path, '<opml><body><outline xmlUrl="https://b.example/f"/></body></opml>')
    await house.close()
    const saved = join(folder, 'out.opml')
    house = await openFeedHouse({
      deps: {
        offeredFiles: { pathOf: (name) => (name === 'good' ? path : name === 'folder' ? folder : null) },
        desktop: { chooseFiles: async () => [], chooseSavePath: async () => saved },
      },
    })
    expect(must(await house.feeds.importOpml('good'))).toMatchObject({ added: 1 })
    expect(await house.feeds.importOpml('gone')).toMatchObject({ ok: false, error: { code: 'file-missing' } })
    expect(await house.feeds.importOpml('folder')).toMatchObject({ ok: false, error: { code: 'file-unreadable' } })
    expect(must(await house.feeds.importOpml(undefined))).toBeNull()
    expect(must(await house.feeds.exportOpml({ includePrivate: false }))).toEqual({
      fileName: 'out.opml',
      feeds: 1,
      leftOut: 0,
    })
    expect(readFileSync(saved, 'utf8')).toContain('https://b.example/f')
    rmSync(folder, { recursive: true })
  })
})
