import { type MergeCounts, mergeEpisodes } from '../episodes/merge.ts'
import { inSlices } from '../episodes/slices.ts'
import type { FeedFetcher } from '../services.ts'
import type { Transaction } from '../storage/storage.ts'
import { updateArtwork } from './artwork.ts'
import type { FeedDeps } from './deps.ts'
import { type Download, hostOf, parserVersion } from './download.ts'
import { type FeedSecrets, type FeedTarget, feedSubject } from './feed-secrets.ts'
import { keepProposals, type MoveHint, weighEvidence, weighNewFeedUrl } from './move-proposals.ts'
import { readOlderPages } from './pages.ts'
import type { ParsedFeed } from './parse/types.ts'
import { hideUrl, prepareDrafts } from './prepare.ts'
import { ownSecrets } from './private-entry.ts'
import type { Problem } from './problems.ts'
import { type Detour, judgeRedirects } from './redirects.ts'
import { nextAfterSuccess } from './schedule.ts'
import { openSecretBook, type SecretBook } from './secret-book.ts'
import { countEpisodesOf, countInFeed, type FeedColumns, type FeedRow, stateColumns, updateFeed } from './store.ts'
import { displayUrl } from './url-secrets.ts'

type Answer = Exclude<Download, { kind: 'problem' }>
export type ReadDocument =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | {
      readonly kind: 'read'
      readonly changed: boolean
      readonly episodesChanged: boolean
      readonly newEpisodes: number
    }

const fine = { kind: 'fine', message: 'Up to date', detail: null } as const
const mended = {
  kind: 'mended',
  message: 'Read after mending its XML',
  detail: 'Its publisher sends broken XML; what could be read is here.',
} as const

/** What a feed's answer changes here. @param after takes work that may go on when the refresh is done */
export function createReadDocument(
  deps: FeedDeps,
  secrets: FeedSecrets,
  fetcher: FeedFetcher,
  after: (work: Promise<void>) => void,
): (row: FeedRow, target: FeedTarget, answer: Answer) => Promise<ReadDocument> {
  const { storage, clock, log } = deps

  /** Nothing new in it: the feed is well, and its redirects may still say that it moved (301 then 304). */
  const unchanged = async (row: FeedRow, target: FeedTarget, answer: Answer): Promise<ReadDocument> => {
    const nowMs = clock.now()
    // Validators are never those of an empty answer: after one, this says that the episodes are back.
    const well = stateColumns(row, row.was_mended ? mended : fine, nowMs)
    const isNews = row.failure_count > 0 || well.state_kind !== row.state_kind
    storage.writeUnaudited((tx) =>
      updateFeed(
        tx,
        row.id,
        {
          ...well,
          ...checked(nowMs, nextAfterSuccess(nowMs, row.ttl_minutes, answer.response)),
          ...validatorColumns(row, target, answer),
        },
        row.url_key,
      ),
    )
    const known = countInFeed(storage, row.id)
    const detour = judgeRedirects(target.url, answer.response)
    const movedNow = await takeDetour(row, target, detour, { matching: known, known })
    return { kind: 'read', changed: isNews || movedNow, episodesChanged: false, newEpisodes: 0 }
  }

  const takeDetour = async (
    row: FeedRow,
    target: FeedTarget,
    detour: Detour,
    evidence: { matching: number; known: number },
    /** Undefined when the document was not read again: what it said before still stands. */
    newFeedUrl?: string | null,
  ): Promise<boolean> => {
    if (row.kind === 'sample') return false
    if (detour.kind === 'https-upgrade') return upgrade(row, target, detour.url)
    const hints: MoveHint[] = []
    if (detour.kind === 'permanent')
      hints.push({ url: detour.url, reason: 'permanent-redirect', evidence, proven: true })
    const hint = newFeedUrl ? await weighNewFeedUrl(deps, row, target, newFeedUrl) : null
    if (hint && !hints.some(({ url }) => url === hint.url)) hints.push(hint)
    return keepProposals(deps, secrets, row, hints, newFeedUrl === undefined ? redirectReasons : null)
  }

  const upgrade = async (row: FeedRow, target: FeedTarget, url: string): Promise<boolean> => {
    if (target.entry) {
      const kept = await secrets.save(feedSubject(row.id), { ...target.entry, url }, row.secret_storage ?? 'keychain')
      if (!kept.ok) return false
    }
    storage.write('feeds.upgradeToHttps', (tx) => {
      const display = displayUrl(url)
      updateFeed(tx, row.id, { url: target.entry ? null : url, url_display: display }, row.url_key)
      tx.audit(`feed:${row.id}`, { urlDisplay: row.url_display }, { urlDisplay: display })
    })
    return true
  }

  return async (row, target, answer) => {
    if (answer.kind !== 'feed') return unchanged(row, target, answer)
    const { feed, response } = answer
    const detour = judgeRedirects(target.url, response)
    const known = countInFeed(storage, row.id)
    const evidence =
      detour.kind === 'permanent' || detour.kind === 'temporary'
        ? await weighEvidence(deps, row, feed)
        : { matching: 0, known }
    const isElsewhere = (detour.kind === 'permanent' || detour.kind === 'temporary') && detour.otherHost
    if (isElsewhere && known > 0 && evidence.matching === 0 && feed.items.length > 0 && !isSameShow(row, feed)) {
      const hint: MoveHint = { url: detour.url, reason: 'redirect-to-other-host', evidence, proven: true }
      await keepProposals(deps, secrets, row, [hint], redirectReasons)
      return { kind: 'problem', problem: { code: 'another-show', host: hostOf(response.url) } }
    }
    const firstRead = row.last_ok_at_ms === null
    const pages = firstRead ? await readOlderPages(deps, target, feed) : { feed, complete: feed.nextPageUrl === null }
    const whole = pages.feed
    const book = target.entry ? openSecretBook(target.entry) : null
    const drafts = await inSlices(prepareDrafts(whole, { salt: deps.salt, book }))
    const texts = feedTexts(whole, book)
    if (book && target.entry) {
      const entry = book.entry()
      // The keychain first: a row must never name a secret that was not kept.
      if (JSON.stringify(entry.slots) !== JSON.stringify(target.entry.slots)) {
        const kept = await secrets.save(feedSubject(row.id), entry, row.secret_storage ?? 'keychain')
        if (!kept.ok) return { kind: 'problem', problem: { code: 'needs-password', host: hostOf(target.url) } }
      }
    }
    const isEmpty = drafts.length === 0 && known > 0
    const nowMs = clock.now()
    const finish = (tx: Transaction, counts: MergeCounts): void => {
      const state = isEmpty
        ? {
            kind: 'empty' as const,
            message: 'Suddenly has no episodes',
            detail: `All ${known} you have are kept. Inkwell looks again by itself.`,
          }
        : feed.mended
          ? mended
          : fine
      updateFeed(
        tx,
        row.id,
        {
          ...texts.columns,
          ...stateColumns(row, state, nowMs),
          ...checked(nowMs, nextAfterSuccess(nowMs, feed.ttlMinutes, response)),
          // An empty answer is no truth to come back to with "unchanged".
          ...(isEmpty ? {} : validatorColumns(row, target, answer)),
          ttl_minutes: feed.ttlMinutes,
          was_mended: Number(feed.mended),
          last_ok_at_ms: nowMs,
        },
        row.url_key,
      )
      if (counts.added + counts.updated + counts.left > 0)
        log.info('feeds.merge', {
          feedId: row.id,
          ...counts,
          warnings: book ? feed.warnings.length : feed.warnings.slice(0, 5),
        })
    }
    const counts = await mergeEpisodes(deps, {
      feedId: row.id,
      drafts,
      partial: isEmpty || feed.partial || !pages.complete || drafts.length >= 10_000,
      addedAtMs: row.added_at_ms,
      firstRead,
      action: 'feeds.refresh',
      finish,
    })
    await takeDetour(row, target, detour, evidence, feed.newFeedUrl)
    const { imageUrl } = texts
    if (imageUrl !== null)
      after(
        updateArtwork(deps, fetcher, row.id, imageUrl).then((isNew) => {
          if (isNew) deps.events.emit('feeds.changed', { feedId: row.id })
        }),
      )
    const episodesChanged = counts.added + counts.updated + counts.left > 0
    return { kind: 'read', changed: true, episodesChanged, newEpisodes: newsOf(counts, firstRead, row) }
  }

  function newsOf(counts: MergeCounts, firstRead: boolean, row: FeedRow): number {
    return firstRead ? Number(countEpisodesOf(storage, row.id).new_episodes) : counts.added
  }
}

const redirectReasons = ['permanent-redirect', 'redirect-to-other-host'] as const

/** A news feed with one episode a day has no episode in common with yesterday. */
function isSameShow(row: FeedRow, feed: ParsedFeed): boolean {
  if (row.podcast_guid !== null && feed.podcastGuid !== null) return row.podcast_guid === feed.podcastGuid
  return feed.title?.trim().toLowerCase() === row.own_title.trim().toLowerCase()
}

const checked = (nowMs: number, nextMs: number): FeedColumns => ({
  last_checked_at_ms: nowMs,
  next_check_at_ms: nextMs,
  failure_count: 0,
})

/**
 * Stored as sent, but for one that repeats the feed's secret: that is not stored. A 304 may leave them out: then the old
 * ones stay good.
 */
function validatorColumns(row: FeedRow, { entry }: FeedTarget, answer: Answer): FeedColumns {
  const secrets = entry ? ownSecrets(entry).filter((secret) => secret.length >= 4) : []
  const headers = Object.fromEntries(
    Object.entries(answer.response.headers).filter(([, value]) => !secrets.some((secret) => value.includes(secret))),
  )
  if (answer.kind === 'not-modified')
    return { etag: headers.etag ?? row.etag, last_modified: headers['last-modified'] ?? row.last_modified }
  return {
    etag: headers.etag ?? null,
    last_modified: headers['last-modified'] ?? null,
    body_sha256: answer.kind === 'feed' ? answer.bodySha256 : row.body_sha256,
    parser_version: parserVersion,
  }
}

function feedTexts(feed: ParsedFeed, book: SecretBook | null): { columns: FeedColumns; imageUrl: string | null } {
  const text = (words: string | null): string | null => (words === null || !book ? words : book.hideInText(words))
  const title = text(feed.title)
  return {
    imageUrl: hideUrl(feed.imageUrl, book),
    columns: {
      ...(title ? { own_title: title } : {}),
      author: text(feed.author),
      description: text(feed.description),
      language: feed.language,
      site_url: hideUrl(feed.siteUrl, book),
      podcast_guid: feed.podcastGuid,
    },
  }
}
