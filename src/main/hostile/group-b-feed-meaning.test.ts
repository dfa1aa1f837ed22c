import { readFileSync } from 'node:fs'
import { basename, relative, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Episode } from '#shared/contract/episodes.ts'
import type { Feed, OpmlReport } from '#shared/contract/feeds.ts'
import { asFeed, everythingUnder, feedOf, type HostileHouse, type Item, openHostileHouse } from './hostile-house.ts'

let home: HostileHouse
beforeAll(async () => {
  home = await openHostileHouse()
})
afterAll(() => home.close())

const file = (name: string, length = '1000'): string =>
  `<enclosure url="${home.at(`/${name}.mp3`)}" length="${length}" type="audio/mpeg"/>`

let feeds = 0
async function read(items: readonly Item[], options: { title?: string; channel?: string } = {}) {
  const path = `/feed-${feeds++}.xml`
  home.routes[path] = asFeed(feedOf(items, options))
  const feed = await home.follow(path)
  return { path, feed, episodes: () => home.episodes(feed.id) }
}
/** Path below the vault → text. */
const notes = (): Map<string, string> =>
  new Map(
    everythingUnder(home.vaultPath)
      .filter((path) => path.endsWith('.md'))
      .map((path) => [relative(home.vaultPath, path), readFileSync(path, 'utf8')]),
  )

describe('identity', () => {
  it('19 one guid on two items', async () => {
    const { path, feed, episodes } = await read([
      { guid: 'same', title: 'First', inside: file('a') },
      { guid: 'same', title: 'Second', inside: file('b') },
      { guid: 'same', title: 'First', inside: file('a') },
    ])
    const before = (await episodes()).map(({ id, title }) => [title, id]).sort()
    expect(before.map(([title]) => title)).toEqual(['First', 'Second'])
    home.routes[path] = asFeed(
      feedOf([
        { guid: 'same', title: 'Second', inside: file('b') },
        { guid: 'same', title: 'First', inside: file('a') },
      ]),
    )
    await home.refresh(feed.id)
    expect((await episodes()).map(({ id, title }) => [title, id]).sort()).toEqual(before)
    home.expectHarmless()
  })

  it('20 a guid used again next week, and 30 titles that change at every fetch: notes stay where and what they are', async () => {
    const week = (title: string, name: string, day: number) =>
      feedOf(
        [
          {
            guid: 'weekly',
            title,
            inside: `${file(name)}<pubDate>${day} Nov 2026 10:00:00 GMT</pubDate>${home.spoken()}`,
          },
        ],
        { title: `Show of ${title}` },
      )
    home.routes['/weekly.xml'] = asFeed(week('Low water', 'w1', 2))
    const feed = await home.follow('/weekly.xml')
    const [first] = await home.episodes(feed.id)
    expect((await home.process(first!.id)).state).toBe('done')
    const written = notes()
    home.routes['/weekly.xml'] = asFeed(week('High water', 'w2', 9))
    await home.refresh(feed.id)
    const titles = (await home.episodes(feed.id)).map(({ id, title }) => [title, id === first!.id])
    expect(titles.sort()).toEqual([
      ['High water', false],
      ['Low water', true],
    ])
    expect(notes()).toEqual(written)

    // 30: the same episode under another name of itself and of its show.
    home.routes['/weekly.xml'] = asFeed(week('A third name', 'w1', 2))
    await home.refresh(feed.id)
    expect((await home.ask<Episode>('episodes.get', { episodeId: first!.id })).title).toBe('A third name')
    expect((await home.process(first!.id)).state).toBe('done')
    expect([...notes().keys()].sort()).toEqual([...written.keys()].sort())
    home.expectHarmless()
  })

  it('21 guids of 1 MB, with line breaks, or like paths name nothing on disk', async () => {
    const { episodes } = await read(
      ['../../../sentinel/x', 'x'.repeat(1_000_000), 'a\nb', '/etc/passwd'].map((guid, index) => ({
        guid,
        title: `Guid ${index}`,
      })),
    )
    const list = await episodes()
    expect(list).toHaveLength(4)
    for (const { id } of list) await home.write(id, 'Body.')
    const folders = [...notes().keys()].filter((path) => path.includes('Guid '))
    expect(folders).toHaveLength(8)
    for (const path of folders) expect(path.split(sep)).toHaveLength(3)
    home.expectHarmless()
  })
})

describe('values', () => {
  it('22 dates, 23 lengths and 24 durations that are none', async () => {
    const dates = [
      'Sat, 01 Jan 0001 00:00:00 GMT',
      '31 Dec 9999 23:59:59 GMT',
      'now',
      '9'.repeat(100_000),
      '31 Feb 2014',
    ]
    const durations = ['99999:99:99', '-5', 'soon', '9'.repeat(400), 'NaN']
    const lengths = ['-1', 'NaN', '9223372036854775808', '0', '1e400']
    const { episodes } = await read([
      ...dates.map((date, index) => ({
        guid: `odd-${index}`,
        title: 'odd',
        inside: `<pubDate>${date}</pubDate>${file(`odd-${index}`, lengths[index]!)}<itunes:duration>${durations[index]}</itunes:duration>`,
      })),
      { guid: 'plain', title: 'plain', inside: '<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>' },
    ])
    const list = await episodes()
    expect(list.map(({ title }) => title)).toEqual(['plain', 'odd', 'odd', 'odd', 'odd', 'odd'])
    expect(list.slice(1).map(({ publishedAtMs, durationSeconds }) => [publishedAtMs, durationSeconds])).toEqual(
      dates.map(() => [null, null]),
    )
    home.expectHarmless()
  })

  it('25 titles without measure, and 26 one that looks like a marker of ours', async () => {
    const marker = '%% inkwell:end summary %%'
    const titles = ['x'.repeat(1_000_000), ' \n ', '\u200f\u202e\u2066', `z${'\u0301'.repeat(10_000)}!`, marker]
    const { episodes } = await read(
      titles.map((title, index) => ({ guid: `t${index}`, title })),
      {
        title: 'Titles',
      },
    )
    const list = (await episodes()).sort((a, b) => (a.id < b.id ? -1 : 1)).reverse()
    const shown = list.map(({ title }) => title)
    expect(shown.filter((title) => title === 'Untitled')).toHaveLength(2)
    expect(shown.find((title) => title.startsWith('xx'))).toHaveLength(500)
    expect(shown.find((title) => title.startsWith('z'))!.length).toBeLessThan(12)
    for (const { id } of list) await home.write(id, 'Body.')
    const made = [...notes()].filter(([path]) => path.startsWith(`Titles${sep}`))
    expect(made).toHaveLength(10)
    for (const [path, text] of made) {
      expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255)
      expect(text.split('\n---\n')[1]).not.toContain('%%')
    }
    home.expectHarmless()
  })

  it('27 a new address on another host is not gone to with a password, and not without being asked', async () => {
    home.network.names.set('elsewhere.example', [['127.0.0.1']])
    const port = home.server.port
    home.routes['/moving.xml'] = asFeed(
      feedOf([{ title: 'T' }], {
        channel: `<itunes:new-feed-url>http://elsewhere.example:${port}/new.xml</itunes:new-feed-url>`,
      }),
    )
    home.routes['/new.xml'] = asFeed(feedOf([{ title: 'T' }]))
    const { feed } = await home.ask<{ feed: Feed }>('feeds.add', {
      url: home.at('/moving.xml'),
      credentials: { type: 'bearer', token: 'canary-token-27' },
      secretStorage: 'session',
      allowLocalNetwork: true,
    })
    const now = await home.refresh(feed.id)
    expect(now.urlDisplay).toBe(home.at('/moving.xml'))
    expect(now.proposedMove).toBeNull()
    expect(home.server.seen.filter(({ url }) => url === '/new.xml')).toEqual([])
    home.expectHarmless()
  })
})

describe('lists of feeds', () => {
  const imported = async (body: string): Promise<OpmlReport> => {
    const report = await home.house.feeds.importOpmlText(`<opml version="2.0"><body>${body}</body></opml>`)
    if (!report.ok) throw new Error(report.error.message)
    await home.house.feeds.settled()
    home.expectHarmless()
    return report.value
  }

  it('28 10,000 feeds, a list that includes itself, outlines 10,000 deep', async () => {
    const { feed } = await read([{ title: 'T' }])
    const many = await imported(`<outline text="T" xmlUrl="${feed.urlDisplay}"/>`.repeat(10_000))
    expect([many.alreadyFollowed, many.added]).toEqual([5_000, 0])
    expect(many.lines.at(-1)).toMatchObject({ outcome: 'failed', message: expect.stringContaining('5000 more') })
    const self = await imported(`<outline text="x" type="include" url="${home.at('/list.opml')}"/>`)
    expect(self.lines).toMatchObject([{ outcome: 'refused' }])
    const deep = `${'<outline text="d">'.repeat(10_000)}<outline text="T" xmlUrl="${feed.urlDisplay}"/>${'</outline>'.repeat(10_000)}`
    expect(await imported(deep)).toMatchObject({ added: 0, alreadyFollowed: 1 })
    const endless = await imported(
      `<outline text="T" xmlUrl="${feed.urlDisplay}"/>${'<outline text="d">'.repeat(250_000)}`,
    )
    expect(endless.lines.map(({ outcome }) => outcome)).toEqual(['already-followed', 'failed'])
    expect(endless.lines[1]?.message).toContain('nested deeper')
    expect(home.server.seen.filter(({ url }) => url === '/list.opml')).toEqual([])
  })

  it('29 addresses that are none', async () => {
    const before = (await home.ask<Feed[]>('feeds.list')).length
    const addresses = [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/xml,x',
      'ftp://show.example/f',
      '\\\\server\\x',
    ]
    const report = await imported(addresses.map((url) => `<outline text="x" xmlUrl="${url}"/>`).join(''))
    expect(report).toMatchObject({ added: 0, failed: addresses.length })
    expect(await home.ask<Feed[]>('feeds.list')).toHaveLength(before)
    const kept = await imported('<outline xmlUrl="feed://show.example/a"/><outline xmlUrl="itpc://show.example/b"/>')
    expect(kept.lines.map(({ urlDisplay }) => urlDisplay)).toEqual(['https://show.example/a', 'https://show.example/b'])
  })
})
