import type { Credentials } from '#shared/contract/feeds.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { type AddressFailure, readAddress } from './address.ts'
import type { FeedDeps } from './deps.ts'
import { type Download, downloadFeed } from './download.ts'
import { type FeedSecrets, feedSubject } from './feed-secrets.ts'
import { isSameOrigin } from './fetcher.ts'
import { weighEvidence } from './move-proposals.ts'
import { newEntry } from './private-entry.ts'
import { type AddFailureCode, type Candidate, problemToFailure } from './problems.ts'
import { judgeRedirects } from './redirects.ts'
import type { Refresher } from './refresh.ts'
import { type ResolveFailure, resolveApple, resolveYouTube } from './resolve.ts'
import {
  type FeedColumns,
  type FeedRow,
  insertFeed,
  listFeedsByDisplay,
  noValidators,
  readFeed,
  readFeedByKey,
  updateFeed,
} from './store.ts'
import { displayUrl, secretsOfUrl, urlKey } from './url-secrets.ts'

export interface AddInput {
  readonly url: string
  readonly credentials?: Credentials | undefined
  readonly secretStorage: 'keychain' | 'session'
  readonly allowLocalNetwork: boolean
}
export type AddFailure =
  | AddressFailure
  | AddFailureCode
  | ResolveFailure
  | 'choose-feed'
  | 'keychain-unavailable'
  | 'invalid-credentials'

interface Found {
  readonly url: string
  readonly credentials: Credentials | null
  readonly download: Extract<Download, { kind: 'feed' }>
}

/** Follows whatever a person pasted. Nothing is stored before a feed was read. */
export function createAdd(deps: FeedDeps, secrets: FeedSecrets, refresher: Refresher) {
  const { storage, clock, ids, salt } = deps

  /** Where to ask, in order; the second only when the first cannot be connected to. */
  const placesOf = async (
    input: AddInput,
  ): Promise<Result<{ urls: string[]; credentials: Credentials | null; isYouTube: boolean }, AddFailure>> => {
    const address = readAddress(input.url)
    if (!address.ok) return address
    const given = input.credentials ?? null
    if (address.value.kind === 'youtube') {
      const url = await resolveYouTube(deps, address.value.place)
      return url.ok ? ok({ urls: [url.value], credentials: null, isYouTube: true }) : url
    }
    if (address.value.kind === 'apple') {
      const url = await resolveApple(deps, address.value)
      return url.ok ? ok({ urls: [url.value], credentials: given, isYouTube: false }) : url
    }
    const { url, fallbackUrl, userInfo } = address.value
    const credentials = given ?? (userInfo ? { type: 'basic' as const, ...userInfo } : null)
    return ok({ urls: fallbackUrl === null ? [url] : [url, fallbackUrl], credentials, isYouTube: false })
  }

  const localHosts = (url: string, input: AddInput, isYouTube: boolean): string[] => [
    ...(input.allowLocalNetwork ? [new URL(url).host] : []),
    ...(isYouTube && deps.youTubeUrl ? [new URL(deps.youTubeUrl).host] : []),
  ]

  const find = async (
    urls: readonly string[],
    credentials: Credentials | null,
    input: AddInput,
    isYouTube: boolean,
    isCandidate = false,
  ): Promise<Result<Found, AddFailure>> => {
    let last: Result<Found, AddFailure> = fail('invalid-url', 'That is not an address Inkwell can read.')
    for (const url of urls) {
      const download = await downloadFeed(deps, {
        url,
        credentials,
        allowLocalHosts: localHosts(url, input, isYouTube),
      })
      if (download.kind === 'feed') return ok({ url, credentials, download })
      if (download.kind !== 'problem') break
      const { problem } = download
      last = problemToFailure(problem)
      if (['connect-failed', 'tls-failed', 'timed-out'].includes(problem.code)) continue
      const candidates = sensible(problem.candidates ?? [])
      if (problem.code !== 'not-a-feed' || candidates.length === 0 || isCandidate) return last
      if (candidates.length > 1) return chooseFeed(candidates)
      const only = candidates[0]!.url
      // The page was given the password; its feed gets it only on the same server.
      return find([only], isSameOrigin(only, url) ? credentials : null, input, isYouTube, true)
    }
    return last
  }

  const store = async (
    found: Found,
    input: AddInput,
  ): Promise<Result<{ feedId: string; alreadyFollowed: boolean }, AddFailure>> => {
    const { download, credentials } = found
    const detour = judgeRedirects(found.url, download.response)
    // A new feed has no history to protect: it is followed where it lives, if it says so for good.
    const moved = (detour.kind === 'permanent' && !(credentials && detour.otherHost)) || detour.kind === 'https-upgrade'
    const url = moved ? detour.url : found.url
    const isPrivate = credentials !== null || secretsOfUrl(url).length > 0
    const key = urlKey(url, salt)
    const known = readFeedByKey(storage, key) ?? (isPrivate ? await findRenewed(url, download) : undefined)
    const id = known?.id ?? ids.next()
    if (isPrivate) {
      const before = known ? await secrets.load(feedSubject(id)) : null
      const entry = { ...(before ?? newEntry(url, credentials)), url, credentials }
      const kept = await secrets.save(feedSubject(id), entry, input.secretStorage)
      if (!kept.ok) return keychainFailure()
    }
    const nowMs = clock.now()
    const columns: FeedColumns = {
      url: isPrivate ? null : url,
      url_display: displayUrl(url),
      is_private: Number(isPrivate),
      secret_storage: isPrivate ? input.secretStorage : null,
      ...(input.allowLocalNetwork ? { allow_local: 1 } : {}),
      removed_at_ms: null,
    }
    const feedId = storage.write('feeds.add', (tx) => {
      // Asked again inside: the same feed may have been added while this one was read.
      const before = readFeedByKey(tx, key) ?? (known && readFeed(tx, known.id))
      const after = { urlDisplay: displayUrl(url), title: isPrivate ? null : download.feed.title, isPrivate }
      if (before) {
        updateFeed(tx, before.id, { ...columns, url_key: key, ...noValidators })
        tx.audit(`feed:${before.id}`, { removedAtMs: before.removed_at_ms }, after)
        return before.id
      }
      insertFeed(tx, {
        ...columns,
        id,
        kind: download.feed.kind,
        own_title: (isPrivate ? null : download.feed.title?.trim()) || new URL(url).host,
        url_key: key,
        added_at_ms: nowMs,
        state_kind: 'new',
        state_message: 'Not read yet',
      })
      tx.audit(`feed:${id}`, null, after)
      return id
    })
    await refresher.takeFirst(feedId, download)
    return ok({ feedId, alreadyFollowed: known !== undefined && known.removed_at_ms === null })
  }

  /** A private feed that was given a fresh token: the same address but for its secrets, with episodes that are known. */
  const findRenewed = async (url: string, download: Found['download']): Promise<FeedRow | undefined> => {
    for (const row of listFeedsByDisplay(storage, displayUrl(url))) {
      const { matching, known } = await weighEvidence(deps, row, download.feed)
      if (known > 0 && matching > 0) return row
    }
    return undefined
  }

  return async (input: AddInput): Promise<Result<{ feedId: string; alreadyFollowed: boolean }, AddFailure>> => {
    const { credentials } = input
    if (credentials?.type === 'basic' && /[:\0\r\n]/.test(credentials.username))
      return fail('invalid-credentials', 'A user name cannot hold a colon or a line break. Check it. Nothing was sent.')
    if (/[\0\r\n]/.test(credentials?.type === 'bearer' ? credentials.token : (credentials?.password ?? '')))
      return fail(
        'invalid-credentials',
        'The password or token has a line break in it. Copy it again. Nothing was sent.',
      )
    const places = await placesOf(input)
    if (!places.ok) return places
    const { urls } = places.value
    const isPrivate = places.value.credentials !== null || urls.some((url) => secretsOfUrl(url).length > 0)
    if (isPrivate && input.secretStorage === 'keychain' && !(await deps.credentials.keychainAvailable()))
      return keychainFailure()
    for (const url of urls) {
      const known = readFeedByKey(storage, urlKey(url, salt))
      // Pasted again with nothing new to say: no need to ask the server whether it exists.
      if (known && known.removed_at_ms === null && !isPrivate) return ok({ feedId: known.id, alreadyFollowed: true })
    }
    const found = await find(urls, places.value.credentials, input, places.value.isYouTube)
    return found.ok ? store(found.value, input) : found
  }
}

const keychainFailure = (): Result<never, 'keychain-unavailable'> =>
  fail(
    'keychain-unavailable',
    'This computer’s keychain cannot be used, and a private address is kept nowhere else. Unlock it and try again, or keep the secret for this session only: the feed then asks for it again after a restart. Nothing was added yet.',
    { retryable: true },
  )

function chooseFeed(candidates: readonly Candidate[]): Result<never, 'choose-feed'> {
  return fail(
    'choose-feed',
    `This page names ${candidates.length} feeds. Choose the one you mean. Nothing was added yet.`,
    {
      details: { candidates: candidates.map(({ url, title }) => ({ url, title })) },
    },
  )
}

/** Feeds of comments are what nobody means, unless there is nothing else. */
function sensible(candidates: readonly Candidate[]): Candidate[] {
  const distinct = [...new Map(candidates.map((candidate) => [candidate.url, candidate])).values()]
  const shows = distinct.filter(
    ({ url, title }) => !/comments/i.test(new URL(url).pathname) && !/\bcomments\b/i.test(title ?? ''),
  )
  return shows.length > 0 ? shows : distinct
}
