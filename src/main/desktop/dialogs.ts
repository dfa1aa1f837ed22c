import { app, BrowserWindow, dialog, shell } from 'electron'
import type { Desktop } from '../ports.ts'

const asked = async <Answer>(show: (window: BrowserWindow | undefined) => Promise<Answer>): Promise<Answer> =>
  show(BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0])

/** The desktop's dialogs, file manager and browser. */
export function createDesktop(): Desktop {
  const open = (options: Electron.OpenDialogOptions): Promise<Electron.OpenDialogReturnValue> =>
    asked((window) => (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options)))
  return {
    chooseFolder: async (title) => {
      const { canceled, filePaths } = await open({ title, properties: ['openDirectory', 'createDirectory'] })
      return canceled ? null : (filePaths[0] ?? null)
    },
    chooseFiles: async (title, extensions) => {
      const { canceled, filePaths } = await open({
        title,
        properties: ['openFile', 'multiSelections'],
        filters: [{ name: title, extensions: [...extensions] }],
      })
      return canceled ? [] : filePaths
    },
    chooseSavePath: async (title, fileName) => {
      const options: Electron.SaveDialogOptions = { title, defaultPath: fileName }
      const { canceled, filePath } = await asked((window) =>
        window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options),
      )
      return canceled || !filePath ? null : filePath
    },
    showInFolder: (path) => shell.showItemInFolder(path),
    openFolder: async (path) => {
      await shell.openPath(path)
    },
    openExternal: (url) => shell.openExternal(url),
    relaunch: () => {
      app.relaunch()
      // Not `exit`: the house is closed first.
      app.quit()
    },
  }
}
