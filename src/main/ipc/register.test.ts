import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { contract } from '#shared/contract/index.ts'
import { type HostileHouse, openHostileHouse } from '../hostile/hostile-house.ts'

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
beforeAll(async () => {
  home = await openHostileHouse()
})
afterAll(() => home.close())

describe('115 calls that do not come from our own page', () => {
  const main = { url: 'app://inkwell/index.html' }
  const event = (more: object) => ({ sender: ipc.window, senderFrame: main, ...more })
  beforeAll(async () => {
    Object.assign(ipc.window, { mainFrame: main })
    const [{ registerIpc }, { isTrusted }] = await Promise.all([
      import('./register.ts'),
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
