import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Episode } from '#shared/contract/episodes.ts'
import { contract } from '#shared/contract/index.ts'
import { asFeed, feedOf, type HostileHouse, openHostileHouse } from './hostile-house.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const ipc = vi.hoisted(() => ({
  handled: new Map<string, (event: unknown, argument: unknown) => unknown>(),
  window: {},
}))
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, handler: (event: unknown, argument: unknown) => unknown) =>
      ipc.handled.set(channel, handler),
  },
  BrowserWindow: { fromWebContents: (contents: unknown) => (contents === ipc.window ? {} : null) },
  nativeTheme: {},
  screen: {},
  session: {},
  protocol: {},
}))
vi.mock('electron-store', () => ({ default: class {} }))

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

describe('115 calls that do not come from our own page', () => {
  const main = { url: 'app://inkwell/index.html' }
  const event = (more: object) => ({ sender: ipc.window, senderFrame: main, ...more })
  beforeAll(async () => {
    Object.assign(ipc.window, { mainFrame: main })
    const [{ registerIpc }, { isTrusted }] = await Promise.all([
      import('../ipc/register.ts'),
      import('../desktop/window.ts'),
    ])
    registerIpc({
      contract,
      handlers: home.house.handlers,
      trusted: isTrusted,
      offerFiles: home.house.offerFiles,
      log: home.house.log,
    })
  })

  it.each([
    ['a frame inside the page', { senderFrame: { url: 'app://inkwell/index.html' } }],
    ['a frame that is gone', { senderFrame: null }],
    ['another origin', { sender: { mainFrame: main } }],
    [
      'a page of the web',
      { sender: Object.assign(ipc.window, { mainFrame: main }), senderFrame: { url: 'https://evil.example/' } },
    ],
  ])('%s is refused on every channel', async (_name, more) => {
    expect(ipc.handled.size).toBeGreaterThan(40)
    for (const [channel, handler] of ipc.handled)
      expect(await handler(event(more), {}), channel).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
    home.expectHarmless()
  })

  it('a page that left for another address is refused', async () => {
    const elsewhere = { url: 'https://evil.example/index.html' }
    const moved = { sender: Object.assign(ipc.window, { mainFrame: elsewhere }), senderFrame: elsewhere }
    expect(await ipc.handled.get('feeds.list')!(moved, {})).toMatchObject({ error: { code: 'not-allowed' } })
    for (const url of ['app://inkwell.evil/index.html', 'app://elsewhere/', 'about:blank', 'file:///etc/passwd']) {
      Object.assign(elsewhere, { url })
      expect(await ipc.handled.get('feeds.list')!(moved, {}), url).toMatchObject({ error: { code: 'not-allowed' } })
    }
    Object.assign(ipc.window, { mainFrame: main })
  })

  it('from our page: 100 MB, paths, prototypes and what no schema takes are refused on every channel', async () => {
    const poison = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')
    const arguments_ = [
      'x'.repeat(100_000_000),
      { text: 'x'.repeat(7_000_000) },
      poison,
      { path: '/etc/passwd', sql: 'DROP TABLE feeds' },
      { feedId: '../../x', episodeId: "' OR 1=1 --", noteId: 1, jobId: null },
      [[]],
      7,
      new Map(),
    ]
    for (const [channel, handler] of ipc.handled)
      for (const argument of arguments_)
        expect(await handler(event({}), argument), channel).toMatchObject({ ok: false })
    expect(await ipc.handled.get('feeds.list')!(event({}), {})).toMatchObject({ ok: true })
    home.expectHarmless()
  })
})
