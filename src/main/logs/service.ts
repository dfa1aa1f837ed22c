import { basename } from 'node:path'
import type { z } from 'zod'
import type { BundleFile, LogLine } from '#shared/contract/logs.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { FileLog } from '../log.ts'
import type { Clock, Desktop, Events } from '../ports.ts'
import type { Reader } from '../storage/storage.ts'
import { errorCode, writeFileAtomic } from '../storage/write-file.ts'
import { joinFiles, newToken, prepareFiles } from './bundle.ts'
import { logBytes, tailLog } from './tail.ts'

type File = z.infer<typeof BundleFile>
export interface LogsDeps {
  readonly reader: Reader
  readonly events: Events
  readonly clock: Clock
  readonly log: FileLog
  readonly desktop: Pick<Desktop, 'chooseSavePath'> | null
  readonly profilePath: string
  readonly vaultPath: () => string | null
  readonly version: string
  /** The last report of the health check; null before the first. */
  readonly health: () => unknown
}
export type SaveFailure = 'not-shown' | 'nothing-left' | 'write-failed' | 'no-window'

export interface LogsService {
  tail(options: {
    limit: number
    minLevel: LogLine['level']
  }): Promise<{ lines: LogLine[]; bytes: number; folder: string }>
  prepareBundle(): Promise<{ token: string; files: File[] }>
  saveBundle(
    token: string,
    leaveOut: readonly string[],
  ): Promise<Result<{ fileName: string; bytes: number } | null, SaveFailure>>
  /** @param path absolute; a file that is there is replaced */
  saveBundleAt(
    path: string,
    token: string,
    leaveOut: readonly string[],
  ): Promise<Result<{ fileName: string; bytes: number }, SaveFailure>>
  close(): void
}

const linesInBundle = 2_000
/** What a window may have open at once. */
const bundlesKept = 3
/** Views read the log again at most this often while lines come. */
const announceMs = 1_000

export function createLogsService(deps: LogsDeps): LogsService {
  const { log, events, desktop } = deps
  const shownByToken = new Map<string, readonly File[]>()
  let timer: NodeJS.Timeout | undefined
  log.onWritten(() => {
    timer ??= setTimeout(() => {
      timer = undefined
      events.emit('logs.changed', {})
    }, announceMs).unref()
  })

  const tail = (limit: number, minLevel: LogLine['level']): Promise<LogLine[]> =>
    tailLog(log.folder, { limit, minLevel }, log.redactor)

  /** Nothing is made anew: exactly the bytes that were shown. */
  const chosen = (token: string, leaveOut: readonly string[]): Result<string, 'not-shown' | 'nothing-left'> => {
    const shown = shownByToken.get(token)
    if (!shown) return fail('not-shown', 'These diagnostics are not open any more. Prepare them again and read them.')
    const files = shown.filter(({ name }) => !leaveOut.includes(name))
    return files.length === 0
      ? fail('nothing-left', 'You left out every part, so there is nothing to save.')
      : ok(joinFiles(files))
  }

  const saveBundleAt: LogsService['saveBundleAt'] = async (path, token, leaveOut) => {
    const text = chosen(token, leaveOut)
    if (!text.ok) return text
    try {
      await writeFileAtomic(path, text.value, { mode: 0o600 })
    } catch (error) {
      return fail(
        'write-failed',
        `${basename(path)} could not be written (${errorCode(error)}). Nothing was saved. Choose another place.`,
      )
    }
    return ok({ fileName: basename(path), bytes: Buffer.byteLength(text.value) })
  }

  return {
    tail: async ({ limit, minLevel }) => ({
      lines: await tail(limit, minLevel),
      bytes: await logBytes(log.folder),
      folder: log.folder,
    }),
    prepareBundle: async () => {
      const files = await prepareFiles({
        reader: deps.reader,
        profilePath: deps.profilePath,
        vaultPath: deps.vaultPath,
        version: deps.version,
        health: deps.health,
        lines: () => tail(linesInBundle, 'info'),
        logProblem: log.problem,
        redactor: log.redactor,
      })
      const token = newToken()
      shownByToken.set(token, files)
      for (const oldest of shownByToken.keys()) if (shownByToken.size > bundlesKept) shownByToken.delete(oldest)
      return { token, files }
    },
    saveBundle: async (token, leaveOut) => {
      const text = chosen(token, leaveOut)
      if (!text.ok) return text
      if (!desktop) return fail('no-window', 'There is no window here to choose a place in.')
      const day = new Date(deps.clock.now()).toISOString().slice(0, 10)
      const path = await desktop.chooseSavePath('Save the diagnostics', `Inkwell diagnostics ${day}.txt`)
      return path === null ? ok(null) : saveBundleAt(path, token, leaveOut)
    },
    saveBundleAt,
    close: () => clearTimeout(timer),
  }
}
