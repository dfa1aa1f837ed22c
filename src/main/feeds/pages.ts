import type { FeedDeps } from './deps.ts'
import { downloadFeed } from './download.ts'
import type { FeedTarget } from './feed-secrets.ts'
import { isSameOrigin } from './fetcher.ts'
import type { ParsedFeed } from './parse/types.ts'

const maxPages = 20
const maxItems = 10_000

/**
 * The older pages of a feed that is new here (RFC 5005), up to 20. A page that fails ends the reading; what was read
 * counts. Credentials go to pages of the feed's own server only.
 */
export async function readOlderPages(
  deps: FeedDeps,
  target: FeedTarget,
  first: ParsedFeed,
): Promise<{ feed: ParsedFeed; complete: boolean }> {
  const items = [...first.items]
  const visited = new Set([target.url])
  let next = first.nextPageUrl
  for (let page = 0; page < maxPages && next !== null && items.length < maxItems; page += 1) {
    if (visited.has(next) || !/^https?:\/\//i.test(next) || !URL.canParse(next)) break
    visited.add(next)
    const credentials = isSameOrigin(next, target.url) ? target.credentials : null
    const download = await downloadFeed(deps, { url: next, credentials, allowLocalHosts: target.allowLocalHosts })
    if (download.kind !== 'feed' || download.feed.items.length === 0) break
    items.push(...download.feed.items)
    next = download.feed.nextPageUrl
  }
  return { feed: { ...first, items: items.slice(0, maxItems) }, complete: next === null && first.nextPageUrl === null }
}
