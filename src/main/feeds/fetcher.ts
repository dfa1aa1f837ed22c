import { fail, ok, type Result } from '#shared/result.ts'
import type { FeedFetcher } from '../services.ts'
import type { FeedDownloader } from '../services-sound.ts'
import type { FeedDeps } from './deps.ts'
import { hostOf } from './download.ts'
import type { FeedSecrets } from './feed-secrets.ts'
import { openPlaceholders } from './secret-book.ts'
import { readFeed } from './store.ts'
import { authorizationOf } from './url-secrets.ts'

export interface SecretOpener {
  /** The whole address; null when its secret is gone. For the browser and for requests, never for storage. */
  open(feedId: string, url: string): Promise<string | null>
}

/** An address of a feed as it is asked for. */
interface Way {
  readonly href: string
  readonly authorization: string | undefined
  readonly allowLocalHosts: readonly string[]
  /** For the queue. */
  readonly host: string
}

export function createFeedFetcher(
  {
    storage,
    http,
    downloader,
    hostQueue,
    signal: closing,
  }: Pick<FeedDeps, 'storage' | 'http' | 'downloader' | 'hostQueue' | 'signal'>,
  secrets: FeedSecrets,
): FeedFetcher & FeedDownloader & SecretOpener {
  const wayTo = async (feedId: string, url: string): Promise<Result<Way, 'invalid-url' | 'needs-password'>> => {
    const row = readFeed(storage, feedId)
    if (!row) return fail('invalid-url', 'Its feed is not here any more.')
    const target = await secrets.target(row)
    if (!target.ok) return target
    const { entry, credentials, allowLocalHosts } = target.value
    const opened = entry ? openPlaceholders(url, entry) : url
    if (opened === null)
      return fail(
        'needs-password',
        'This address holds a secret that is not kept any more. Give the feed its password again, or refresh it.',
      )
    const isBundled = row.kind === 'sample' && opened.startsWith('inkwell-sample:')
    if (!isBundled && (!/^https?:\/\//i.test(opened) || !URL.canParse(opened)))
      return fail('invalid-url', 'The feed names an address that is neither https nor http.')
    const { href, login } = takeLogin(opened)
    const own = !isBundled && isSameOrigin(href, target.value.url) ? authorizationOf(credentials) : undefined
    return ok({ href, authorization: own ?? login, allowLocalHosts, host: isBundled ? 'bundled' : hostOf(href) })
  }
  return {
    open: async (feedId, url) => {
      const row = readFeed(storage, feedId)
      if (!row?.is_private) return url
      const target = await secrets.target(row)
      return target.ok ? openPlaceholders(url, target.value.entry!) : null
    },
    fetch: async (feedId, url, { maxBytes, signal }) => {
      const way = await wayTo(feedId, url)
      if (!way.ok) return way
      const { href, host, ...rest } = way.value
      return hostQueue.run(host, () => http.get({ url: href, ...rest, maxBytes, signal: signal ?? closing }))
    },
    // Not in the queue of the host: an hour's recording must not hold up the feeds that lie beside it.
    download: async (feedId, url, { signal, ...options }) => {
      const way = await wayTo(feedId, url)
      if (!way.ok) return way
      const { href, host: _, ...rest } = way.value
      const signals = [signal, closing].filter((one) => one !== undefined)
      return downloader.download({ url: href, ...rest, ...options, signal: AbortSignal.any(signals) })
    },
  }
}

/** The feed's own server, or the same one over https. */
export function isSameOrigin(url: string, feedUrl: string): boolean {
  const [a, b] = [new URL(url), new URL(feedUrl)]
  if (a.origin === b.origin) return true
  return a.hostname === b.hostname && b.protocol === 'http:' && a.protocol === 'https:' && !a.port && !b.port
}

function takeLogin(address: string): { href: string; login: string | undefined } {
  if (!URL.canParse(address)) return { href: address, login: undefined }
  const url = new URL(address)
  if (!url.username && !url.password) return { href: address, login: undefined }
  const [username, password] = [decode(url.username), decode(url.password)]
  url.username = ''
  url.password = ''
  return { href: url.href, login: authorizationOf({ type: 'basic', username, password }) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
