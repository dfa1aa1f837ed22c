import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import type { Contract } from '#shared/contract/define.ts'
import { fail, type Result } from '#shared/result.ts'
import type { Log } from '../ports.ts'
import { type AnyHandlers, answer, matchHandlers } from './answer.ts'

/** The one place that touches ipcMain. @param trusted whether the call comes from the main frame of a window of ours */
export function registerIpc(options: {
  contract: Contract
  handlers: AnyHandlers
  trusted: (event: IpcMainInvokeEvent) => boolean
  /** Paths of files that a page holds as File objects become tokens here. */
  offerFiles: (paths: string[]) => Promise<Result<unknown>>
  log: Log
}): void {
  const { contract, handlers, trusted, offerFiles, log } = options
  const refuse = (channel: string): Result<never> => {
    log.warn('ipc.refused', { channel })
    return fail('not-allowed', 'This page may not ask that.')
  }
  for (const [channel, matched] of matchHandlers(contract, handlers))
    ipcMain.handle(channel, (event, argument: unknown) =>
      trusted(event) ? answer(channel, matched, argument, log) : refuse(channel),
    )
  ipcMain.handle('files.offer', (event, paths: unknown) => {
    if (!trusted(event)) return refuse('files.offer')
    if (!Array.isArray(paths) || paths.length > 1_000 || paths.some((path) => typeof path !== 'string' || path === ''))
      return fail('invalid-input', 'These are not files.')
    return offerFiles(paths as string[])
  })
}

/** The one place that sends to pages. */
export function sendEvent(target: WebContents, event: string, payload: unknown): void {
  if (!target.isDestroyed()) target.send(event, payload)
}
