import { matchItems } from '../episodes/identity.ts'
import { inSlices } from '../episodes/slices.ts'
import { readKnown } from '../episodes/store.ts'
import type { FeedDeps } from './deps.ts'
import { downloadFeed } from './download.ts'
import { type FeedSecrets, type FeedTarget, moveSubject } from './feed-secrets.ts'
import { type MoveRow, readMoveTo, upsertMove } from './move-store.ts'
import type { ParsedFeed } from './parse/types.ts'
import { prepareDrafts } from './prepare.ts'
import { newEntry, ownSecrets } from './private-entry.ts'
import type { FeedRow } from './store.ts'
import { displayUrl, secretsOfUrl, urlKey } from './url-secrets.ts'

export interface Evidence {
  readonly matching: number
  readonly known: number
}
export interface MoveHint {
  readonly url: string
  readonly reason: MoveRow['reason']
  readonly evidence: Evidence
  /** False while the new address could not be read: kept, not shown. */
  readonly proven: boolean
}
const triedAgainMs = 7 * 86_400_000

/** How many episodes of `feed` are ones that are in the list of `row`. */
export const weighEvidence = (deps: FeedDeps, row: FeedRow, feed: ParsedFeed): Promise<Evidence> =>
  inSlices(weigh(deps, row, feed))

function* weigh({ storage, salt }: FeedDeps, row: FeedRow, feed: ParsedFeed): Generator<void, Evidence> {
  const known = yield* readKnown(storage, row.id)
  const inFeed = [...known.byId.values()].filter((episode) => episode.inFeed)
  const drafts = yield* prepareDrafts(feed, { salt, book: null })
  const ids = new Set((yield* matchItems(drafts, known)).map(({ episodeId }) => episodeId))
  return { matching: inFeed.filter(({ id }) => ids.has(id)).length, known: inFeed.length }
}

/**
 * What `itunes:new-feed-url` is worth: the new address is read without any credentials, and the episodes there are
 * compared. Null when it says nothing (itself, from https to http, unchanged since the user decided).
 */
export async function weighNewFeedUrl(
  deps: FeedDeps,
  row: FeedRow,
  target: FeedTarget,
  newFeedUrl: string,
): Promise<MoveHint | null> {
  if (!/^https?:\/\//i.test(newFeedUrl) || !URL.canParse(newFeedUrl)) return null
  const url = new URL(newFeedUrl)
  url.username = ''
  url.password = ''
  url.hash = ''
  if (urlKey(url.href, deps.salt) === row.url_key) return null
  if (url.protocol === 'http:' && target.url.startsWith('https:')) return null
  const earlier = readMoveTo(deps.storage, row.id, urlKey(url.href, deps.salt))
  if (earlier && earlier.status !== 'unproven')
    return earlier.status === 'proposed'
      ? {
          url: url.href,
          reason: 'new-feed-url',
          proven: true,
          evidence: { matching: earlier.matching_episodes, known: earlier.known_episodes },
        }
      : null
  const unproven = {
    url: url.href,
    reason: 'new-feed-url' as const,
    proven: false,
    evidence: { matching: 0, known: 0 },
  }
  if (earlier && deps.clock.now() - earlier.proposed_at_ms < triedAgainMs) return unproven
  // The new address may carry the feed's secret in its own text; a host the user has not approved must not see it.
  const isOtherHost = url.host !== new URL(target.url).host
  if (
    isOtherHost &&
    target.entry &&
    ownSecrets(target.entry).some((secret) => secret.length >= 4 && url.href.includes(secret))
  )
    return { ...unproven, proven: true }
  const download = await downloadFeed(deps, {
    url: url.href,
    credentials: null,
    allowLocalHosts: target.allowLocalHosts,
  })
  if (download.kind !== 'feed') return unproven
  const evidence = await weighEvidence(deps, row, download.feed)
  return { ...unproven, proven: true, evidence }
}

/** Makes the open proposals of a feed those that its last answer gives reason for. @returns whether any changed */
export async function keepProposals(
  deps: FeedDeps,
  secrets: FeedSecrets,
  row: FeedRow,
  hints: readonly MoveHint[],
  /** Which open proposals go when they are not among the hints; null for all. */
  withdrawn: readonly MoveRow['reason'][] | null,
): Promise<boolean> {
  const { storage, ids, clock, salt } = deps
  let changed = false
  const keys: string[] = []
  for (const hint of hints) {
    const key = urlKey(hint.url, salt)
    keys.push(key)
    const before = readMoveTo(storage, row.id, key)
    const status = hint.proven ? 'proposed' : 'unproven'
    if (before && before.status !== 'proposed' && before.status !== 'unproven') continue
    if (
      before?.status === status &&
      before.matching_episodes === hint.evidence.matching &&
      before.known_episodes === hint.evidence.known
    )
      continue
    const id = before?.id ?? ids.next()
    const isPrivate = row.is_private === 1 || secretsOfUrl(hint.url).length > 0
    if (isPrivate) {
      const kept = await secrets.save(moveSubject(id, 'to'), newEntry(hint.url, null), row.secret_storage ?? 'keychain')
      if (!kept.ok) continue
    }
    const display = displayUrl(hint.url)
    storage.write('feeds.proposeMove', (tx) => {
      upsertMove(tx, {
        id,
        feed_id: row.id,
        status,
        reason: hint.reason,
        to_url: isPrivate ? null : hint.url,
        to_display: display,
        to_key: key,
        matching_episodes: hint.evidence.matching,
        known_episodes: hint.evidence.known,
        proposed_at_ms: clock.now(),
      })
      tx.audit(`feed:${row.id}`, { urlDisplay: row.url_display }, { urlDisplay: display, reason: hint.reason, status })
    })
    changed = true
  }
  return withdraw(deps, row, keys, withdrawn) || changed
}

function withdraw(
  { storage }: FeedDeps,
  row: FeedRow,
  keys: readonly string[],
  reasons: readonly MoveRow['reason'][] | null,
): boolean {
  const open = storage.all<MoveRow>("SELECT * FROM feed_moves WHERE feed_id = ? AND status = 'proposed'", [row.id])
  const stale = open.filter((move) => !keys.includes(move.to_key) && (reasons?.includes(move.reason) ?? true))
  if (stale.length === 0) return false
  storage.write('feeds.withdrawMove', (tx) => {
    for (const move of stale) {
      tx.run('DELETE FROM feed_moves WHERE id = ?', [move.id])
      tx.audit(`feed:${row.id}`, { proposed: move.to_display }, null)
    }
  })
  return true
}
