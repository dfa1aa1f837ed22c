import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { ContractNames } from '#shared/contract/names.ts'

/** Put in by the build (electron.vite.config.ts) from the contract. */
declare const __CONTRACT_NAMES__: ContractNames

const events = new Set<string>()
const api: Record<string, unknown> = { platform: process.platform }

for (const [feature, entries] of Object.entries(__CONTRACT_NAMES__)) {
  const calls: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(entries)) {
    const channel = `${feature}.${name}`
    if (kind === 'event') events.add(channel)
    else calls[name] = (input: unknown) => ipcRenderer.invoke(channel, input)
  }
  api[feature] = calls
}

api.on = (event: string, listener: (payload: unknown) => void) => {
  if (!events.has(event)) throw new Error(`no such event: ${event}`)
  const wrapped = (_event: unknown, payload: unknown): void => listener(payload)
  ipcRenderer.on(event, wrapped)
  return () => {
    ipcRenderer.removeListener(event, wrapped)
  }
}

// A page cannot make up a path: only a File that a person dropped or chose has one.
api.offerFiles = (files: File[]) =>
  ipcRenderer.invoke(
    'files.offer',
    [...files].map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ''),
  )

contextBridge.exposeInMainWorld('inkwell', api)
