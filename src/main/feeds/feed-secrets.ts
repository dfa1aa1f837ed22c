import type { Credentials } from '#shared/contract/feeds.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { FeedDeps } from './deps.ts'
import { newEntry, type PrivateEntry, parseEntry } from './private-entry.ts'
import type { FeedRow } from './store.ts'
import { mask } from './url-secrets.ts'

/** Where a feed is asked, and with what. */
export interface FeedTarget {
  readonly url: string
  readonly credentials: Credentials | null
  readonly allowLocalHosts: readonly string[]
  /** Null for public feeds. */
  readonly entry: PrivateEntry | null
}
type Where = 'keychain' | 'session'

export interface FeedSecrets {
  /** Fails with `needs-password` when the secret is gone, damaged, or its keychain locked. */
  target(row: FeedRow): Promise<Result<FeedTarget, 'needs-password'>>
  load(subject: string): Promise<PrivateEntry | null>
  save(
    subject: string,
    entry: PrivateEntry,
    where: Where,
  ): Promise<Result<null, 'keychain-unavailable' | 'invalid-secret'>>
  forget(subject: string): Promise<void>
}

export const feedSubject = (feedId: string): string => `feed/${feedId}`
export const moveSubject = (moveId: string, end: 'to' | 'from'): string => `move/${moveId}/${end}`

export function createFeedSecrets({
  credentials,
  youTubeUrl,
}: Pick<FeedDeps, 'credentials' | 'youTubeUrl'>): FeedSecrets {
  const load = async (subject: string): Promise<PrivateEntry | null> => {
    const stored = await credentials.get(subject)
    return stored.ok && stored.value !== null ? parseEntry(stored.value) : null
  }
  return {
    load,
    target: async (row) => {
      // The user allowed one host, not the network.
      const localHosts = (url: string): string[] => [
        ...(row.allow_local && URL.canParse(url) ? [new URL(url).host] : []),
        ...(row.kind === 'youtube' && youTubeUrl ? [new URL(youTubeUrl).host] : []),
      ]
      if (!row.is_private)
        return row.url === null
          ? fail('needs-password', 'The address of this feed is missing.')
          : ok({ url: row.url, credentials: null, allowLocalHosts: localHosts(row.url), entry: null })
      const entry = await load(feedSubject(row.id))
      if (!entry)
        return fail(
          'needs-password',
          row.secret_storage === 'session'
            ? 'The secret of this feed was kept for one session only.'
            : 'The secret of this feed is not in the keychain, or the keychain is locked.',
        )
      return ok({ url: entry.url, credentials: entry.credentials, allowLocalHosts: localHosts(entry.url), entry })
    },
    save: (subject, entry, where) => credentials.set(subject, JSON.stringify(entry), where),
    forget: async (subject) => {
      await credentials.delete(subject)
    },
  }
}

/** The entry for new credentials; null when the address itself held a secret that is gone, so that it must be pasted again. */
export function entryFor(row: FeedRow, before: PrivateEntry | null, credentials: Credentials): PrivateEntry | null {
  if (before) return { ...before, credentials }
  const url = row.url ?? (row.url_display?.includes(mask) ? null : row.url_display)
  return url === null ? null : newEntry(url, credentials)
}
