import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, dialog, nativeTheme } from 'electron'
import { contract } from '#shared/contract/index.ts'
import { compose, type House } from './compose.ts'
import { createDesktop } from './desktop/dialogs.ts'
import { setApplicationMenu } from './desktop/menu.ts'
import { registerScheme, serveScheme } from './desktop/protocol.ts'
import { electronSpeechProcess } from './desktop/speech-process.ts'
import { createMainWindow, denyPermissions, isTrusted } from './desktop/window.ts'
import { registerIpc, sendEvent } from './ipc/register.ts'

const here = dirname(fileURLToPath(import.meta.url))

if (process.env.INKWELL_PROFILE) app.setPath('userData', process.env.INKWELL_PROFILE)
registerScheme()

if (!app.requestSingleInstanceLock()) app.quit()
// Not `await app.whenReady()`: Electron waits for this module to end before it is ready (electron#40719).
else void app.whenReady().then(start)

async function start(): Promise<void> {
  const composed = await compose({
    profilePath: app.getPath('userData'),
    entry: new URL(import.meta.url),
    origin: 'app',
    desktop: createDesktop(),
    startSpeechProcess: electronSpeechProcess(new URL(import.meta.url)),
  })
  if (!composed.ok) {
    dialog.showErrorBox('Inkwell cannot open this profile', composed.error.message)
    app.exit(1)
    return
  }
  const house = composed.value
  denyPermissions()
  serveScheme(join(here, '../renderer'), house.artworkFile)
  registerIpc({
    contract,
    handlers: house.handlers,
    trusted: isTrusted,
    offerFiles: house.offerFiles,
    log: house.log,
  })
  forwardEvents(house)
  followColorScheme(house)
  setApplicationMenu((path) => house.events.emit('app.navigate', { path }))
  createMainWindow(here)
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) createMainWindow(here)
  })
  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0] ?? createMainWindow(here)
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  closeBeforeQuit(house)
  void house.start()
}

function forwardEvents(house: House): void {
  house.events.onAny((event, payload) => {
    for (const window of BrowserWindow.getAllWindows()) sendEvent(window.webContents, event, payload)
  })
  // Another process (headless, a second app) writes to the same database: its commits are changes here too.
  let version = house.storage.dataVersion()
  const timer = setInterval(() => {
    const now = house.storage.dataVersion()
    if (now === version) return
    version = now
    house.announceForeignChange()
  }, 1_000)
  app.on('will-quit', () => clearInterval(timer))
}

/** Title bar, menus and dialogs follow the scheme chosen in Settings. */
function followColorScheme(house: House): void {
  const follow = (): void => {
    const scheme = house.settings.colorScheme()
    nativeTheme.themeSource = scheme === 'auto' ? 'system' : scheme
  }
  follow()
  house.events.on('settings.changed', follow)
}

/** Running jobs are let go at their last checkpoint and the database is closed before the process ends. */
function closeBeforeQuit(house: House): void {
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    closed = true
    void house.close().finally(() => app.quit())
  })
}
