import { join } from 'node:path'
import { BrowserWindow, type IpcMainInvokeEvent, nativeTheme, screen, session } from 'electron'
import Store from 'electron-store'
import { origin } from './protocol.ts'

interface WindowState {
  x?: number
  y?: number
  width: number
  height: number
  maximized: boolean
}

/** Small and may be lost: nothing that matters goes into electron-store. */
const openStore = (): Store<{ window: WindowState }> =>
  new Store<{ window: WindowState }>({
    name: 'window',
    defaults: { window: { width: 1280, height: 800, maximized: false } },
    clearInvalidConfig: true,
  })

const isOnAScreen = ({ x, y, width, height }: WindowState): boolean =>
  x !== undefined &&
  y !== undefined &&
  screen
    .getAllDisplays()
    .some(
      ({ workArea }) =>
        x < workArea.x + workArea.width &&
        x + width > workArea.x &&
        y < workArea.y + workArea.height &&
        y + height > workArea.y,
    )

const titleBarColours = () =>
  nativeTheme.shouldUseDarkColors
    ? { color: '#181b1f', symbolColor: '#b9b9b6' }
    : { color: '#fbfaf8', symbolColor: '#4c5058' }

/** The main window, where it was last time. @param here folder of the main bundle */
export function createMainWindow(here: string): BrowserWindow {
  const store = openStore()
  const state = store.get('window')
  const window = new BrowserWindow({
    width: state.width,
    height: state.height,
    ...(isOnAScreen(state) ? { x: state.x!, y: state.y! } : {}),
    minWidth: 720,
    minHeight: 520,
    show: false,
    title: 'Inkwell',
    backgroundColor: titleBarColours().color,
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'hidden',
    ...(process.platform === 'darwin' ? {} : { titleBarOverlay: { ...titleBarColours(), height: 48 } }),
    webPreferences: {
      preload: join(here, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize()
    window.show()
  })
  window.on('close', () => store.set('window', { ...window.getNormalBounds(), maximized: window.isMaximized() }))
  if (process.platform !== 'darwin')
    nativeTheme.on('updated', () => {
      if (!window.isDestroyed()) window.setTitleBarOverlay(titleBarColours())
    })
  lockNavigation(window)
  void window.loadURL(`${origin}/index.html`)
  return window
}

/** The page stays the page: no navigation, no new windows, no webviews; nothing a page asks for is granted. */
function lockNavigation(window: BrowserWindow): void {
  const contents = window.webContents
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  const stay = (event: { preventDefault(): void }, url: string): void => {
    if (!url.startsWith(`${origin}/`)) event.preventDefault()
  }
  contents.on('will-navigate', (event) => stay(event, event.url))
  contents.on('will-redirect', (event) => stay(event, event.url))
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Clipboard text written by a press of "Copy" is all that the pages need. */
export function denyPermissions(): void {
  const allowed = new Set(['clipboard-sanitized-write'])
  session.defaultSession.setPermissionRequestHandler((_contents, permission, callback) =>
    callback(allowed.has(permission)),
  )
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => allowed.has(permission))
}

/** Whether a call comes from the main frame of one of our windows, showing our own page. */
export function isTrusted(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame
  if (!frame) return false // the frame is gone
  return (
    BrowserWindow.fromWebContents(event.sender) !== null &&
    frame === event.sender.mainFrame &&
    new URL(frame.url).protocol === 'app:' &&
    frame.url.startsWith(`${origin}/`)
  )
}
