// What the stand-in itself promises. These run on the stand-in only.
import { type ChildProcess, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test'
import { closeApp, onRealElectron } from '../fixtures.ts'
import { tone } from './probe/tone.ts'

type Launch = (env?: Record<string, string>, options?: Record<string, unknown>) => Promise<ElectronApplication>
const test = base.extend<{ folder: string; launch: Launch; app: ElectronApplication; page: Page }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'probe-'))
    writeFileSync(join(folder, 'tone.wav'), tone(10))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  launch: async ({ folder }, use) => {
    const open: ElectronApplication[] = []
    await use(async (env = {}, options = {}) => {
      const app = await _electron.launch({
        executablePath: resolve('e2e/stand-in/electron'),
        args: [resolve('e2e/stand-in/probe')],
        env: {
          ...(process.env as Record<string, string>),
          PROBE_USERDATA: join(folder, 'data'),
          PROBE_MEDIA: join(folder, 'tone.wav'),
          ...env,
        },
        ...options,
      })
      open.push(app)
      return app
    })
    for (const app of open) await closeApp(app)
  },
  app: async ({ launch }, use) => use(await launch()),
  page: async ({ app }, use) => {
    const page = await app.firstWindow()
    await page.getByRole('heading').waitFor()
    await use(page)
  },
})

test.skip(onRealElectron, 'these hold the stand-in’s own promises')

/* eslint-disable @typescript-eslint/no-explicit-any */
const log = (app: ElectronApplication): Promise<string[]> => app.evaluate(() => (globalThis as any).probe.log)

test('what is missing throws by name', async ({ app, page }) => {
  const messages = await app.evaluate(async (electron: any) => {
    const attempt = async (action: () => unknown): Promise<string> => {
      try {
        await action()
        return 'no error'
      } catch (error) {
        return (error as Error).message
      }
    }
    const window = electron.BrowserWindow.getAllWindows()[0]
    return Promise.all([
      attempt(() => new electron.MessageChannelMain()),
      attempt(() => electron.contentTracing.startRecording()),
      attempt(() => electron.autoUpdater.on('error', () => {})),
      attempt(() => electron.safeStorage.encryptString('x')),
      attempt(() => electron.safeStorage.encryptStringAsync('x')),
      attempt(() => electron.session.fromPartition('persist:x')),
      attempt(() => electron.session.defaultSession.cookies),
      attempt(() => electron.session.defaultSession.on('will-download', () => {})),
      attempt(() => electron.app.getFileIcon('x')),
      attempt(() => electron.app.on('no-such-event', () => {})),
      attempt(() => window.setVibrancy('x')),
      attempt(() => window.on('no-such-event', () => {})),
      attempt(() => window.webContents.findInPage('x')),
      attempt(() => window.webContents.on('paint', () => {})),
      attempt(() => new electron.BrowserWindow({ webPreferences: { sandbox: false } })),
      attempt(() => electron.protocol.handle('https', () => new Response())),
      attempt(() => electron.net.request('x')),
      attempt(() => new electron.MenuItem({ role: 'services' }).click()),
    ])
  })
  for (const message of messages) expect(message).toMatch(/^stand-in: electron\.\S.* is not implemented/)
  expect(await app.evaluate(({ safeStorage }) => safeStorage.isEncryptionAvailable())).toBe(false)
  expect(
    await page.evaluate(() => (window as any).probe.invoke('no-such-channel').catch((error: Error) => error.message)),
  ).toContain("No handler registered for 'no-such-channel'")
})

test('IPC: values, senders, order, removal, one-way, synchronous', async ({ app, page }) => {
  const values = await page.evaluate(async () => {
    const { probe } = window as any
    const sent = {
      date: new Date(5),
      map: new Map([['a', new Set([1n])]]),
      bytes: new Uint8Array([1, 2, 3]),
      nothing: undefined,
      minusZero: -0,
      nan: Number.NaN,
      list: [null, /x/g],
    }
    const [got] = await probe.invoke('echo', sent)
    const heard: string[] = []
    probe.on('noted', (text: string) => heard.push(text))
    for (let index = 0; index < 50; index++) probe.send('note', String(index))
    while (heard.length < 50) await new Promise((done) => setTimeout(done, 10))
    const refused = await probe.invoke('echo', Promise.resolve()).catch((error: Error) => error.message)
    return {
      date: got.date.getTime(),
      big: got.map.get('a').has(1n),
      bytes: [...got.bytes],
      has: 'nothing' in got,
      minusZero: Object.is(got.minusZero, -0),
      nan: got.nan,
      list: String(got.list),
      ordered: heard.every((text, index) => text === String(index)),
      sync: probe.sendSync('sync', 'é'),
      sender: await probe.invoke('sender'),
      refused,
    }
  })
  expect(values).toEqual({
    date: 5,
    big: true,
    bytes: [1, 2, 3],
    has: true,
    minusZero: true,
    nan: Number.NaN,
    list: ',/x/g',
    ordered: true,
    sync: 'sync é',
    sender: { url: 'app://bundle/index.html', origin: 'app://bundle', same: true, top: true, parent: null, window: 1 },
    refused: expect.stringContaining('could not be cloned'),
  })
  const again = await app.evaluate(({ ipcMain }) => {
    let second = ''
    try {
      ipcMain.handle('echo', () => 1)
    } catch (error) {
      second = (error as Error).message
    }
    ipcMain.removeHandler('echo')
    ipcMain.handleOnce('echo', () => 'once')
    return second
  })
  expect(again).toBe("Attempted to register a second handler for 'echo'")
  expect(await page.evaluate(() => (window as any).probe.invoke('echo'))).toBe('once')
  expect(
    await page.evaluate(() => (window as any).probe.invoke('echo').catch((error: Error) => error.message)),
  ).toContain('No handler registered')
})

test('windows: several, quick window, focus, refusal to close, close from the page', async ({ app, page }) => {
  const state = await app.evaluate(async ({ BrowserWindow }) => {
    const { probe } = globalThis as any
    const events: string[] = []
    const quick = probe.open({
      width: 420,
      height: 120,
      frame: false,
      alwaysOnTop: true,
      show: false,
      skipTaskbar: true,
      resizable: false,
    })
    for (const name of ['show', 'hide', 'focus', 'blur', 'close', 'closed', 'ready-to-show']) {
      quick.on(name, () => events.push(`quick ${name}`))
      probe.first.on(name, () => events.push(`first ${name}`))
    }
    await new Promise((done) => quick.once('ready-to-show', done))
    const before = { top: quick.isAlwaysOnTop(), visible: quick.isVisible(), focused: probe.first.isFocused() }
    quick.show()
    const during = {
      focused: quick.isFocused(),
      first: probe.first.isFocused(),
      same: BrowserWindow.getFocusedWindow() === quick,
    }
    quick.hide()
    probe.first.once('close', (event: any) => event.preventDefault())
    probe.first.close()
    probe.first.hide()
    const hidden = probe.first.isVisible()
    probe.first.show()
    quick.close()
    await new Promise((done) => quick.once('closed', done))
    return { before, during, hidden, count: BrowserWindow.getAllWindows().length, dead: quick.isDestroyed(), events }
  })
  expect(state).toEqual({
    before: { top: true, visible: false, focused: true },
    during: { focused: true, first: false, same: true },
    hidden: false,
    count: 1,
    dead: true,
    events: [
      'quick ready-to-show',
      'quick show',
      'first blur',
      'quick focus',
      'quick blur',
      'quick hide',
      'first close',
      'first hide',
      'first show',
      'first focus',
      'quick close',
      'quick closed',
    ],
  })
  await app.evaluate(() =>
    (globalThis as any).probe.first.once('close', (event: any) => {
      event.preventDefault()
      ;(globalThis as any).probe.log.push('refused')
    }),
  )
  await page.evaluate(() => window.close())
  await expect.poll(() => log(app)).toContain('refused') // else the end of the test would be what is refused
  expect(await page.evaluate(() => document.title)).toBe('Probe')
  expect(app.windows()).toHaveLength(1)
})

test('the end: before-quit, refusal, will-quit, quit, and no window-all-closed', async ({ app, page, folder }) => {
  const file = join(folder, 'end.txt')
  await app.evaluate(({ app }, file) => {
    const fs = process.getBuiltinModule('node:fs')
    app.on('quit', () =>
      fs.writeFileSync(file, (globalThis as any).probe.log.filter((line: string) => /quit|closed/.test(line)).join()),
    )
    ;(globalThis as any).probe.first.once('close', (event: any) => event.preventDefault())
    app.quit() // refused by the window
  }, file)
  await page.waitForTimeout(100)
  const closed = app.waitForEvent('close')
  await app.evaluate(({ app }) => void setTimeout(() => app.quit(), 10))
  await closed
  await expect
    .poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
    .toBe('before-quit,before-quit,will-quit,quit')
})

test('own schemes: streaming both ways, cancel, ranges, absolute addresses, failure', async ({ app, page }) => {
  const seen = await page.evaluate(async () => {
    const started = performance.now()
    const response = await fetch('/ticks')
    const reader = response.body!.getReader()
    await reader.read()
    const first = performance.now() - started
    let last = first
    for (let part = await reader.read(); !part.done; part = await reader.read()) last = performance.now() - started
    const endless = new AbortController()
    const stream = (await fetch('app://bundle/endless', { signal: endless.signal })).body!.getReader()
    await stream.read()
    await new Promise((done) => setTimeout(done, 300))
    endless.abort()
    const bytes = new Uint8Array(3_000_000).fill(7)
    const echo = await fetch('/echo', { method: 'POST', body: new Blob([bytes], { type: 'audio/wav' }) })
    const back = new Uint8Array(await echo.arrayBuffer())
    const part = await fetch('media://files/tone.wav', { headers: { range: 'bytes=0-3' } })
    const failed = await fetch('/fails').then(
      () => 'ok',
      () => 'failed',
    )
    const file = await fetch('/file')
    return {
      early: first < last - 150,
      type: echo.headers.get('x-type'),
      size: back.length,
      value: back[2_999_999],
      part: [part.status, await part.text()],
      failed,
      file: [file.headers.get('content-type'), (await file.text()).includes('<h1>')],
    }
  })
  expect(seen).toEqual({
    early: true,
    type: 'audio/wav',
    size: 3_000_000,
    value: 7,
    part: [206, 'RIFF'],
    failed: 'failed',
    file: ['text/html', true],
  })
  await expect.poll(() => log(app)).toContain('endless cancelled')
  const sent = () => app.evaluate(() => (globalThis as any).probe.sent as number)
  const atCancel = await sent()
  await page.waitForTimeout(100)
  expect(await sent()).toBe(atCancel)
  const audio = await page.evaluate(async () => {
    const audio = document.createElement('audio')
    audio.src = 'media://files/tone.wav'
    await new Promise((done, fail) => {
      audio.oncanplaythrough = done
      audio.onerror = () => fail(new Error(audio.error?.message))
    })
    audio.currentTime = 8
    await new Promise((done) => {
      audio.onseeked = done
    })
    await audio.play()
    await new Promise((done) => setTimeout(done, 300))
    return { duration: Math.round(audio.duration), at: audio.currentTime > 8.1, source: audio.src }
  })
  expect(audio).toEqual({ duration: 10, at: true, source: 'media://files/tone.wav' })
  expect((await log(app)).some((line) => line.startsWith('media bytes='))).toBe(true)
})

test('webRequest: cancel, redirect, response headers with a policy; nothing reaches the network', async ({
  app,
  page,
}) => {
  await app.evaluate(({ session }) => {
    const { webRequest } = session.defaultSession
    webRequest.onBeforeRequest({ urls: ['app://bundle/blocked*', 'app://bundle/moved'] }, (details, callback) =>
      callback(details.url.endsWith('moved') ? { redirectURL: 'app://bundle/other.html' } : { cancel: true }),
    )
    webRequest.onHeadersReceived((details, callback) =>
      callback({
        responseHeaders: {
          ...details.responseHeaders,
          'x-added': ['yes'],
          'content-security-policy': ["default-src 'none'; connect-src 'self'; script-src 'none'"],
        },
      }),
    )
  })
  await page.reload()
  const seen = await page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
    const image = new Image()
    image.src = 'media://files/x.png'
    await new Promise((done) => {
      image.onerror = done
    })
    const text = (address: string) =>
      fetch(address).then(
        (response) => response.text(),
        () => 'refused',
      )
    return {
      blocked: await text('/blocked-1'),
      moved: (await text('/moved')).includes('other'),
      added: (await fetch('/other.html')).headers.get('x-added'),
      outside: await text('https://api.example/'),
      violations: await new Promise<unknown[]>((done) => setTimeout(() => done(violations), 100)),
    }
  })
  expect(seen).toEqual({
    blocked: 'refused',
    moved: true,
    added: 'yes',
    outside: 'refused',
    violations: ['img-src', 'connect-src'],
  })
  expect(
    await app.evaluate(({ net }) => net.fetch('https://api.example/').catch((error: Error) => error.message)),
  ).toContain('ERR_INTERNET_DISCONNECTED')
})

test('permissions go through the handlers', async ({ app, page }) => {
  const seen = await page.evaluate(async () => {
    const name = (promise: Promise<unknown>) =>
      promise.then(
        () => 'granted',
        (error: Error) => error.name,
      )
    return {
      microphone: await name(navigator.mediaDevices.getUserMedia({ audio: true })),
      camera: await name(navigator.mediaDevices.getUserMedia({ video: true })),
      notifications: await Notification.requestPermission(),
      place: await new Promise((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('granted'),
          () => done('denied'),
        ),
      ),
      query: [
        (await navigator.permissions.query({ name: 'geolocation' })).state,
        (await navigator.permissions.query({ name: 'notifications' })).state,
      ],
    }
  })
  expect(seen).toEqual({
    microphone: 'granted',
    camera: 'NotAllowedError',
    notifications: 'denied',
    place: 'denied',
    query: ['denied', 'granted'],
  })
  expect((await log(app)).filter((line) => line.startsWith('asked'))).toEqual([
    'asked media',
    'asked media',
    'asked notifications',
  ])
})

test('navigation: away refused, redirect announced, popup refused, webview inert', async ({ app, page }) => {
  await page.click('#away')
  await page.click('#popup')
  await expect
    .poll(() => log(app))
    .toEqual(expect.arrayContaining(['will-navigate https://away.example/', 'open https://popup.example/']))
  await expect.poll(() => app.windows().length).toBe(1)
  expect(await page.title()).toBe('Probe')
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.emit('will-attach-webview', { preventDefault() {} }, {}, {}),
  )
  await page.click('#redirect')
  await expect.poll(() => page.title()).toBe('Other')
  expect(await log(app)).toEqual(
    expect.arrayContaining([
      'will-navigate app://bundle/redirect',
      'will-redirect app://bundle/other.html',
      'will-attach-webview',
    ]),
  )
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getURL())).toBe(
    'app://bundle/other.html',
  )
})

test('real files and folders are dropped; files made by scripts have no path', async ({ page, folder }) => {
  mkdirSync(join(folder, 'a folder'))
  writeFileSync(join(folder, 'ü.txt'), 'x')
  await page.evaluate(() => {
    const drop = document.getElementById('drop')!
    drop.ondragover = (event) => event.preventDefault()
    drop.ondrop = (event) => {
      event.preventDefault()
      ;(window as any).paths = [...event.dataTransfer!.files].map((file) => (window as any).probe.pathOf(file))
      ;(window as any).kinds = [...event.dataTransfer!.items].map((item) => item.webkitGetAsEntry()?.isDirectory)
    }
  })
  const box = (await page.locator('#drop').boundingBox())!
  const cdp = await page.context().newCDPSession(page)
  const files = [join(folder, 'a folder'), join(folder, 'ü.txt')]
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await cdp.send('Input.dispatchDragEvent', {
      type,
      x: box.x + 20,
      y: box.y + 20,
      data: { items: [], files, dragOperationsMask: 1 },
    })
  await expect.poll(() => page.evaluate(() => (window as any).paths)).toEqual(files)
  expect(await page.evaluate(() => (window as any).kinds)).toEqual([true, false])
  expect(await page.evaluate(() => (window as any).probe.pathOf(new File(['x'], 'x.txt')))).toBe('')
})

test('clipboard is one for main process and page', async ({ app, page }) => {
  await app.evaluate(({ clipboard }) => clipboard.writeText('from main'))
  await page.fill('#text', '')
  await page.focus('#text')
  await page.keyboard.press('Control+v')
  await expect(page.locator('#text')).toHaveValue('from main')
  await page.fill('#text', 'from page')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('from page')
})

test('shell, dialogs, notifications, tray, menus, shortcuts: scripted', async ({ app, page, folder }) => {
  const file = join(folder, 'old.txt')
  writeFileSync(file, 'x')
  const seen = await app.evaluate(
    async (
      { app, shell, dialog, Notification, Tray, Menu, nativeImage, globalShortcut, BrowserWindow, standin }: any,
      file,
    ) => {
      const heard: unknown[] = []
      await shell.trashItem(file)
      const missing = await shell.trashItem(file).catch((error: Error) => error.message)
      shell.showItemInFolder('/a')
      await shell.openExternal('https://a.example/')
      standin.answerDialog('showOpenDialog', { canceled: false, filePaths: ['/x'] })
      standin.answerDialog('showMessageBox', { response: 2, checkboxChecked: true })
      const window = BrowserWindow.getAllWindows()[0]
      const answers = [
        await dialog.showOpenDialog(window, { properties: ['openFile'] }),
        await dialog.showOpenDialog({}),
        await dialog.showSaveDialog({}),
        await dialog.showMessageBox(window, { message: 'm', buttons: ['a', 'b', 'c'], cancelId: 1 }),
        await dialog.showMessageBox({ message: 'm', cancelId: 1 }),
      ]
      const note = new Notification({
        title: 't',
        body: 'b',
        hasReply: true,
        actions: [{ type: 'button', text: 'Play' }],
      })
      for (const name of ['show', 'click', 'close']) note.on(name, () => heard.push(name))
      note.on('reply', (event: any, text: string) => heard.push(['reply', event.reply, text]))
      note.on('action', (event: any, index: number) => heard.push(['action', event.actionIndex, index]))
      note.show()
      const shown = standin.notifications.at(-1)
      shown.press()
      shown.pressAction(0)
      shown.answer('hi')
      shown.dismiss()
      const tray = new Tray(nativeImage.createEmpty())
      for (const name of ['click', 'right-click']) tray.on(name, () => heard.push(`tray ${name}`))
      tray.on('drop-files', (_event: unknown, files: string[]) => heard.push(files))
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { id: 'pause', label: 'Pause', type: 'checkbox', click: (item: any) => heard.push(`pause ${item.checked}`) },
        ]),
      )
      const found = standin.trays[0]
      found.emit('click')
      found.emit('right-click')
      found.emit('drop-files', {}, ['/f'])
      found.menu.getMenuItemById('pause').click()
      Menu.setApplicationMenu(
        Menu.buildFromTemplate([
          {
            label: 'File',
            submenu: [{ label: 'New', accelerator: 'Shift+CmdOrCtrl+N', click: () => heard.push('new') }],
          },
          { role: 'viewMenu' },
        ]),
      )
      standin.pressAccelerator('Ctrl+Shift+N')
      standin.pressAccelerator('CmdOrCtrl+Plus')
      const taken = [
        globalShortcut.register('CmdOrCtrl+Shift+Space', () => heard.push('shortcut')),
        globalShortcut.register('Control+Shift+Space', () => {}),
      ]
      standin.pressShortcut('Shift+Ctrl+Space')
      app.setBadgeCount(3)
      app.setLoginItemSettings({ openAtLogin: true })
      return {
        missing,
        answers,
        heard,
        taken,
        zoom: window.webContents.getZoomLevel(),
        badge: app.getBadgeCount(),
        login: app.getLoginItemSettings().openAtLogin,
        calls: standin.calls.map((call: any) => call.api),
        protocol: [app.setAsDefaultProtocolClient('probe'), app.isDefaultProtocolClient('probe')],
      }
    },
    file,
  )
  expect(seen).toMatchObject({
    missing: expect.stringContaining('Failed to move'),
    answers: [
      { canceled: false, filePaths: ['/x'] },
      { canceled: true, filePaths: [] },
      { canceled: true },
      { response: 2, checkboxChecked: true },
      { response: 1, checkboxChecked: false },
    ],
    heard: [
      'show',
      'click',
      ['action', 0, 0],
      ['reply', 'hi', 'hi'],
      'close',
      'tray click',
      'tray right-click',
      ['/f'],
      'pause true',
      'new',
      'shortcut',
    ],
    taken: [true, false],
    zoom: 0.5,
    badge: 3,
    login: true,
    protocol: [true, true],
  })
  expect(seen.calls).toEqual(
    expect.arrayContaining([
      'shell.trashItem',
      'shell.showItemInFolder',
      'shell.openExternal',
      'dialog.showOpenDialog',
      'notification',
      'app.setBadgeCount',
    ]),
  )
  expect(existsSync(file)).toBe(false)
  expect(readdirSync(join(folder, 'data/standin-trash'))).toEqual(['old.txt'])
  await page.keyboard.press('Control+Shift+N') // reaches the page only, as in Electron under Playwright
  expect(seen.heard.filter((entry: unknown) => entry === 'new')).toHaveLength(1)
})

test('theme, power, app events, keyboard and context-menu events', async ({ app, page }) => {
  const scheme = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  await app.evaluate(({ nativeTheme, powerMonitor, powerSaveBlocker, app, BrowserWindow, standin }: any) => {
    const { log } = (globalThis as any).probe
    nativeTheme.on('updated', () => log.push(`theme ${nativeTheme.shouldUseDarkColors}`))
    for (const name of ['suspend', 'resume']) powerMonitor.on(name, () => log.push(name))
    powerMonitor.emit('suspend')
    powerMonitor.emit('resume')
    for (const name of ['open-url', 'open-file', 'activate']) app.emit(name, { preventDefault() {} }, 'x')
    const id = powerSaveBlocker.start('prevent-app-suspension')
    log.push(`blocker ${powerSaveBlocker.isStarted(id)} ${powerSaveBlocker.stop(id)} ${powerSaveBlocker.isStarted(id)}`)
    const contents = BrowserWindow.getAllWindows()[0].webContents
    contents.on('before-input-event', (event: any, input: any) => {
      if (input.type === 'keyDown' && input.control && input.key === 'b') {
        log.push('input b')
        event.preventDefault()
      }
    })
    contents.on('context-menu', (_event: unknown, params: any) =>
      log.push(`menu ${params.isEditable} ${params.linkURL}`),
    )
    contents.on('console-message', (event: any) => log.push(`console ${event.level} ${event.message}`))
    standin.setSystemTheme('dark')
  })
  await expect.poll(scheme).toBe(true)
  await app.evaluate(({ nativeTheme }) => {
    nativeTheme.themeSource = 'light'
  })
  await expect.poll(scheme).toBe(false)
  await page.evaluate(() => {
    ;(window as any).keys = []
    addEventListener('keydown', (event) => (window as any).keys.push(event.key))
    console.warn('careful')
  })
  await page.keyboard.press('Control+b')
  await page.keyboard.press('c')
  expect(await page.evaluate(() => (window as any).keys)).toEqual(['Control', 'c'])
  await page.click('#text', { button: 'right' })
  await expect
    .poll(() => log(app))
    .toEqual(
      expect.arrayContaining([
        'theme true',
        'theme false',
        'suspend',
        'resume',
        'open-url',
        'open-file',
        'activate',
        'blocker true true false',
        'input b',
        'menu true ',
        'console warning careful',
      ]),
    )
})

test('renderer crash is told and the page comes back; utility process answers and crashes', async ({ app, page }) => {
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents
    contents.on('render-process-gone', (_event, details) => {
      ;(globalThis as any).probe.log.push(`gone ${details.reason}`)
      contents.reload()
    })
    contents.forcefullyCrashRenderer()
  })
  await expect.poll(() => log(app)).toEqual(expect.arrayContaining(['render-process-gone', 'gone crashed']))
  await expect
    .poll(
      () =>
        app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
            'window.probe.invoke("echo", 1).then(([x]) => x)',
          ),
        ),
      { timeout: 60_000 },
    )
    .toBe(1)
  expect(page.isClosed()).toBe(false)
  const child = await app.evaluate(async ({ utilityProcess }) => {
    const { here } = (globalThis as any).probe
    const path = `${here}/child.mjs`
    const child = utilityProcess.fork(path)
    const next = (name: string) => new Promise<any>((done) => child.once(name as 'message', done))
    child.postMessage({ bytes: new Uint8Array(5) })
    const message = await next('message')
    child.postMessage('crash')
    const crash = await next('exit')
    const second = utilityProcess.fork(path)
    second.postMessage('exit 7')
    const code = await new Promise((done) => second.once('exit', done))
    return { bytes: message.bytes, crashed: crash !== 0, code, pid: child.pid }
  })
  expect(child).toEqual({ bytes: 5, crashed: true, code: 7, pid: undefined })
  expect(await log(app)).toContain('child-process-gone')
})

test('main process: worker threads, dynamic import, SQLite, paths, metadata', async ({ app, page, folder }) => {
  expect(await page.title()).toBe('Probe')
  const seen = await app.evaluate(async ({ app, screen, nativeImage }) => {
    const { probe } = globalThis as any
    const worker = probe.worker()
    worker.postMessage(21)
    const fromWorker = await new Promise((done) => worker.once('message', done))
    await worker.terminate()
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    return {
      fromWorker,
      chunk: (await probe.chunk()).answer,
      sqlite: new DatabaseSync(':memory:').prepare('select 1 + 1 as two').get(),
      logs: app.getPath('logs'),
      name: app.getName(),
      version: app.getVersion(),
      packaged: app.isPackaged,
      size: screen.getPrimaryDisplay().size,
      image: nativeImage.createEmpty().isEmpty(),
      node: process.versions.node.split('.')[0],
    }
  })
  expect(seen).toMatchObject({
    fromWorker: { doubled: 42, electron: expect.stringContaining('not available') },
    chunk: 42,
    sqlite: { two: 2 },
    logs: join(folder, 'data/logs'),
    name: 'Probe',
    version: '1.2.3',
    packaged: false,
    size: { width: 1920, height: 1080 },
    image: true,
    node: '24',
  })
})

test('errors are told: in the preload, in a listener of the main process', async ({ launch }) => {
  const app = await launch({ PROBE_PRELOAD_ARG: '--broken-preload' })
  await (await app.firstWindow()).waitForLoadState()
  await expect.poll(() => log(app)).toContain('preload-error Error: broken on purpose')
  await app.evaluate(() => {
    setTimeout(() => {
      throw new Error('uncaught on purpose')
    })
  })
  await expect
    .poll(() => app.evaluate(({ standin }: any) => standin.callsOf('uncaughtException')[0]?.[0]))
    .toContain('uncaught on purpose')
})

test('screenshots are exact in both colour schemes; media emulation; axe', async ({ app, page }) => {
  const { width, height } = { width: 900, height: 600 }
  const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)]
  for (const [w, h] of [
    [width, height],
    [1280, 800],
  ] as const) {
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size[0], size[1]),
      [w, h] as const,
    )
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([w, h])
    for (const theme of ['dark', 'light'] as const) {
      await app.evaluate(({ nativeTheme }, theme) => {
        nativeTheme.themeSource = theme
      }, theme)
      await expect
        .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
        .toBe(theme === 'dark')
      expect(sizeOf(await page.screenshot())).toEqual([w, h])
    }
  }
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active', colorScheme: 'dark' })
  expect(
    await page.evaluate(() =>
      ['(prefers-reduced-motion: reduce)', '(forced-colors: active)', '(prefers-color-scheme: dark)'].map(
        (query) => matchMedia(query).matches,
      ),
    ),
  ).toEqual([true, true, true])
  await page.emulateMedia({ reducedMotion: null, forcedColors: null, colorScheme: null })
  const found = await new AxeBuilder({ page }).setLegacyMode().analyze()
  expect(found.violations.map((violation) => violation.id)).toEqual([])
})

test('two at once: other userData side by side, same userData once', async ({ launch, folder }) => {
  const first = await launch({ PROBE_ALONE: '1' })
  const other = await launch({ PROBE_ALONE: '1', PROBE_USERDATA: join(folder, 'other') })
  await (await first.firstWindow()).getByRole('heading').waitFor()
  await (await other.firstWindow()).getByRole('heading').waitFor()
  await first.evaluate(({ app }) =>
    app.on(
      'second-instance',
      (_event, argv, _cwd, data) => ((globalThis as any).probe.second = [argv.at(-1), typeof (data as any).from]),
    ),
  )
  execFileSync('e2e/stand-in/electron', [resolve('e2e/stand-in/probe'), 'probe://open/7'], {
    env: { ...process.env, PROBE_ALONE: '1', PROBE_USERDATA: join(folder, 'data') },
    timeout: 60_000,
  })
  await expect.poll(() => first.evaluate(() => (globalThis as any).probe.second)).toEqual(['probe://open/7', 'number'])
  expect((await log(other)).includes('second-instance')).toBe(false)
})

test('a killed app leaves no browser, and its lock does not keep the next one out', async ({ launch }) => {
  const app = await launch({ PROBE_ALONE: '1' })
  await (await app.firstWindow()).getByRole('heading').waitFor()
  const main = app.process() as ChildProcess
  const browser = execFileSync('pgrep', ['-P', String(main.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)
  main.kill('SIGKILL')
  for (const pid of browser)
    await expect
      .poll(() => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
      .toBe(false)
  const next = await launch({ PROBE_ALONE: '1' })
  await (await next.firstWindow()).getByRole('heading').waitFor()
})
