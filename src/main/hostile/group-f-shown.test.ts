import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Episode } from '#shared/contract/episodes.ts'
import { asFeed, feedOf, type HostileHouse, openHostileHouse } from './hostile-house.ts'

let home: HostileHouse
const opened: string[] = []
beforeAll(async () => {
  home = await openHostileHouse({
    desktop: {
      chooseFolder: async () => null,
      chooseFiles: async () => [],
      chooseSavePath: async () => null,
      showInFolder: () => {},
      openFolder: async () => {},
      openExternal: async (url) => void opened.push(url),
      relaunch: () => {},
    },
  })
})
afterAll(() => home.close())

describe('81 to 94: what main hands to the page', () => {
  const markup = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg><animate onbegin=alert(1)></svg>',
    '<math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<form action="http://t.example"><base href="http://t.example/"><meta http-equiv="refresh" content="0">',
    '<style>@import "http://t.example/x.css"</style>',
    '<object data="http://t.example"></object><embed src="http://t.example"><webview src="http://t.example">',
    '<img src="http://t.example/x?u=1">',
    '<div style="position:fixed;inset:0">',
    `${'<div>'.repeat(20_000)}deep`,
    `<p>${'a'.repeat(1_000_000)}</p>`,
  ]

  it('is markup of a measured size that keeps to its contract; nothing of it is loaded', async () => {
    home.routes['/shown.xml'] = asFeed(
      feedOf(
        markup.map((html, index) => ({
          title: `${index}`,
          inside: `<description><![CDATA[<p>Shown</p>${html}]]></description>`,
        })),
      ),
    )
    const feed = await home.follow('/shown.xml')
    const list = await home.episodes(feed.id)
    expect(list).toHaveLength(markup.length)
    for (const { id } of list) {
      const { descriptionHtml } = await home.ask<Episode>('episodes.get', { episodeId: id })
      expect(descriptionHtml).toContain('Shown')
      expect(Buffer.byteLength(descriptionHtml!)).toBeLessThanOrEqual(200_000)
    }
    expect(home.network.asked).not.toContain('t.example')
    home.expectHarmless()
  })

  it.each([
    'file:///C:/Windows/System32/calc.exe',
    'ms-msdt:/id',
    'search-ms:query=a',
    'smb://server/share',
    'vscode://file/etc/passwd',
    'obsidian://open?vault=a',
    'javascript:alert(1)',
    'data:text/html,x',
    ' file:///etc/passwd',
  ])('91 %j is not opened', async (url) => {
    expect(await home.tell('app.openExternal', { url })).toMatchObject({ ok: false })
    expect(opened).toEqual([])
    home.expectHarmless()
  })

  it('91 an episode that names only such addresses opens nothing, one on the web does', async () => {
    const web = 'https://show.example/episode'
    home.routes['/links.xml'] = asFeed(
      feedOf([
        {
          title: 'Bad',
          inside: '<link>file:///etc/passwd</link><enclosure url="smb://server/x.mp3" type="audio/mpeg" length="1"/>',
        },
        { title: 'Good', inside: `<link>${web}</link>` },
      ]),
    )
    const feed = await home.follow('/links.xml')
    for (const { id } of await home.episodes(feed.id)) await home.tell('episodes.openLink', { episodeId: id })
    expect(opened.splice(0)).toEqual([web])
    home.expectHarmless()
  })
})
