// A small main process that uses many parts of Electron, without a build step.
import { createReadStream, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { app, BrowserWindow, ipcMain, net, protocol, session } from 'electron'

const here = dirname(fileURLToPath(import.meta.url))
if (process.env.PROBE_USERDATA) app.setPath('userData', process.env.PROBE_USERDATA)
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  {
    scheme: 'media',
    privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
  },
])
const log = []
globalThis.probe = {
  log,
  here,
  worker: () => new Worker(new URL('./worker.mjs', import.meta.url)),
  chunk: () => import('./chunk.mjs'),
}
for (const name of [
  'before-quit',
  'will-quit',
  'quit',
  'window-all-closed',
  'second-instance',
  'open-url',
  'open-file',
  'activate',
  'render-process-gone',
  'child-process-gone',
])
  app.on(name, () => log.push(name))

const policy =
  "default-src 'none'; script-src app:; style-src 'unsafe-inline'; img-src app: media:; media-src media: 'self'; connect-src app: media://files"
async function fromApp(request) {
  const url = new URL(request.url)
  log.push(`${request.method} ${url.href}`)
  if (url.pathname === '/redirect')
    return new Response(null, { status: 302, headers: { location: 'app://bundle/other.html' } })
  if (url.pathname === '/ticks') {
    let sent = 0
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((done) => setTimeout(done, 60))
        controller.enqueue(new TextEncoder().encode(`tick ${++sent}\n`))
        if (sent === 5) controller.close()
      },
      cancel: () => void log.push(`cancelled after ${sent}`),
    })
    return new Response(body, { headers: { 'content-type': 'text/plain' } })
  }
  if (url.pathname === '/endless') {
    let sent = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          sent += 1
          globalThis.probe.sent = sent
          controller.enqueue(new Uint8Array(65_536))
        },
        cancel: () => void log.push('endless cancelled'),
      },
      { highWaterMark: 0 },
    )
    return new Response(body)
  }
  if (url.pathname === '/echo')
    return new Response(request.body, {
      headers: { 'content-type': 'application/octet-stream', 'x-type': request.headers.get('content-type') ?? '' },
    })
  if (url.pathname === '/fails') throw new Error('handler failed on purpose')
  if (url.pathname === '/file') return net.fetch(`file://${join(here, 'page/index.html')}`)
  if (url.pathname === '/other.html')
    return new Response('<title>Other</title>other', { headers: { 'content-type': 'text/html' } })
  return new Response(await readFile(join(here, 'page/index.html')), {
    headers: { 'content-type': 'text/html', 'content-security-policy': policy },
  })
}
function fromMedia(request) {
  const file = process.env.PROBE_MEDIA
  const size = statSync(file).size
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('range') ?? '')
  log.push(`media ${request.headers.get('range')}`)
  const start = range ? Number(range[1]) : 0
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1
  const headers = {
    'content-type': 'audio/wav',
    'accept-ranges': 'bytes',
    'content-length': String(end - start + 1),
    'access-control-allow-origin': 'app://bundle',
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  }
  return new Response(Readable.toWeb(createReadStream(file, { start, end })), { status: range ? 206 : 200, headers })
}
globalThis.probe.open = (options = {}, path = 'index.html') => {
  const window = new BrowserWindow({
    width: 900,
    height: 600,
    ...options,
    webPreferences: {
      preload: join(here, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      ...options.webPreferences,
    },
  })
  window.webContents.on('will-navigate', (event, url) => {
    log.push(`will-navigate ${url}`)
    if (!url.startsWith('app://')) event.preventDefault()
  })
  window.webContents.on('will-redirect', (_event, url) => log.push(`will-redirect ${url}`))
  window.webContents.on('will-attach-webview', (event) => {
    log.push('will-attach-webview')
    event.preventDefault()
  })
  window.webContents.setWindowOpenHandler(({ url }) => {
    log.push(`open ${url}`)
    return { action: 'deny' }
  })
  window.webContents.on('preload-error', (_event, _path, error) =>
    log.push(`preload-error ${error.message.split('\n')[0]}`),
  )
  window.loadURL(`app://bundle/${path}`)
  return window
}
if (process.env.PROBE_ALONE && !app.requestSingleInstanceLock({ from: process.pid })) app.quit()
app.whenReady().then(() => {
  protocol.handle('app', fromApp)
  protocol.handle('media', fromMedia)
  ipcMain.handle('echo', (_event, ...args) => args)
  ipcMain.handle('sender', (event) => ({
    url: event.senderFrame.url,
    origin: event.senderFrame.origin,
    same: event.senderFrame === event.sender.mainFrame,
    top: event.senderFrame.top === event.senderFrame,
    parent: event.senderFrame.parent,
    window: BrowserWindow.fromWebContents(event.sender).id,
  }))
  ipcMain.on('note', (event, text) => {
    log.push(`note ${text}`)
    event.reply('noted', text)
  })
  ipcMain.on('sync', (event, text) => {
    event.returnValue = `sync ${text}`
  })
  session.defaultSession.setPermissionRequestHandler((_contents, permission, callback, details) => {
    log.push(`asked ${permission}`)
    callback(permission === 'media' && details.mediaTypes.includes('audio'))
  })
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission !== 'geolocation')
  globalThis.probe.first = globalThis.probe.open(
    process.env.PROBE_PRELOAD_ARG ? { webPreferences: { additionalArguments: [process.env.PROBE_PRELOAD_ARG] } } : {},
  )
})
