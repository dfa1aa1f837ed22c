import { Menu, type MenuItemConstructorOptions } from 'electron'

/** The application menu: what the OS expects, and the sidebar's places. */
export function setApplicationMenu(go: (path: string) => void): void {
  const place = (label: string, path: string, accelerator: string): MenuItemConstructorOptions => ({
    id: path,
    label,
    accelerator,
    click: () => go(path),
  })
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: 'File',
      submenu: [
        place('Settings', '/settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        { role: 'close' },
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'Go',
      submenu: [
        place('Home', '/', 'CmdOrCtrl+1'),
        place('Feeds', '/feeds', 'CmdOrCtrl+2'),
        place('Activity', '/activity', 'CmdOrCtrl+3'),
      ],
    },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
