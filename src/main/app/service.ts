import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Desktop, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'

export interface AppDeps {
  readonly storage: Storage
  readonly log: Log
  readonly desktop: Pick<Desktop, 'openExternal'> | null
  readonly profilePath: string
  readonly version: string
}
export type AppService = ReturnType<typeof createAppService>

const openable = ['http:', 'https:', 'mailto:']

export const createAppService = ({ storage, log, desktop, profilePath, version }: AppDeps) => ({
  info: () => ({
    version,
    electron: process.versions.electron ?? 'none',
    node: process.versions.node,
    sqlite: storage.get<{ version: string }>('SELECT sqlite_version() AS version')!.version,
    profilePath,
  }),
  /** http, https and mailto only: other schemes start programs. */
  async openExternal(url: string): Promise<Result<Record<string, never>, 'address-refused' | 'not-available'>> {
    const parsed = URL.canParse(url) ? new URL(url) : null
    if (!parsed || !openable.includes(parsed.protocol) || (parsed.protocol !== 'mailto:' && parsed.hostname === ''))
      return fail('address-refused', 'Inkwell opens web pages and mail addresses only. This link is neither.')
    if (!desktop) return fail('not-available', 'There is no browser here to open it in.')
    // As parsed: what the check saw is what is opened.
    await desktop.openExternal(parsed.href)
    return ok({})
  },
  /** @returns the reference that the page shows */
  reportDefect(message: string, stack: string): { reference: string } {
    const reference = randomUUID().slice(0, 8).toUpperCase()
    log.error('defect.page', { reference, message, stack })
    return { reference }
  },
})
