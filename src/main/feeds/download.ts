import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Result } from '#shared/result.ts'
import type { HttpResponse } from '../ports.ts'
import type { FeedDeps } from './deps.ts'
import type { FeedTarget } from './feed-secrets.ts'
import type { ParsedFeed, ParseFailureCode } from './parse/types.ts'
import type { Problem } from './problems.ts'
import { readRetryAfter } from './schedule.ts'
import { authorizationOf } from './url-secrets.ts'

/** Grows when feeds are read differently, so that unchanged documents are read again. */
export const parserVersion = 3
const maxFeedBytes = 20_000_000
/** Five seconds, and one more for every two megabytes: up to fifteen. */
const parseTimeoutMs = (bytes: number): number => Math.min(15_000, 5_000 + Math.round(bytes / 2_000))
const longBytes = 1_000_000
const longParseTimeoutMs = 30_000
const accept =
  'application/rss+xml, application/atom+xml, application/feed+json;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5'

/** What the parser says of a page that is no feed. */
const Page = z.object({
  kind: z.string(),
  candidates: z.array(z.object({ url: z.string(), title: z.string().nullable() })),
})

export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
  readonly bodySha256: string | null
}
export type Download =
  | { readonly kind: 'not-modified'; readonly response: HttpResponse }
  | { readonly kind: 'same-body'; readonly response: HttpResponse }
  | { readonly kind: 'feed'; readonly response: HttpResponse; readonly bodySha256: string; readonly feed: ParsedFeed }
  | { readonly kind: 'problem'; readonly problem: Problem; readonly response: HttpResponse | null }

/** One GET of a feed, polite to its host, and its body read in a worker. Never throws for what a server sends. */
export async function downloadFeed(
  { http, hostQueue, workers, clock, signal }: Pick<FeedDeps, 'http' | 'hostQueue' | 'workers' | 'clock' | 'signal'>,
  target: Pick<FeedTarget, 'url' | 'credentials' | 'allowLocalHosts'>,
  options: { validators?: Validators | null } = {},
): Promise<Download> {
  const { validators } = options
  const host = hostOf(target.url)
  const asked = await hostQueue.run(host, () =>
    http.get({
      url: target.url,
      headers: {
        accept,
        // Verbatim, weak ones too: servers compare them as text.
        ...(validators?.etag ? { 'if-none-match': validators.etag } : {}),
        ...(validators?.lastModified ? { 'if-modified-since': validators.lastModified } : {}),
      },
      authorization: authorizationOf(target.credentials),
      maxBytes: maxFeedBytes,
      allowLocalHosts: target.allowLocalHosts,
      signal,
    }),
  )
  if (!asked.ok)
    return {
      kind: 'problem',
      response: null,
      problem: { code: asked.error.code, host, words: asked.error.message },
    }
  const response = asked.value
  const problem = (found: Omit<Problem, 'host'>): Download => ({
    kind: 'problem',
    response,
    problem: { host: hostOf(response.url), signedIn: target.credentials !== null, ...found },
  })
  if (response.status === 304)
    return validators?.etag || validators?.lastModified
      ? { kind: 'not-modified', response }
      : problem({ code: 'not-modified-unasked', status: 304 })
  const refusal = refusalOf(response, clock.now())
  if (refusal) return problem(refusal)
  const bodySha256 = createHash('sha256').update(response.body).digest('hex')
  if (validators?.bodySha256 === bodySha256) return { kind: 'same-body', response }
  const contentType = response.headers['content-type'] ?? null
  const parse = (timeoutMs: number) =>
    workers.run<unknown, Result<ParsedFeed, ParseFailureCode>>(
      'feed-parser',
      { bytes: response.body, contentType, url: response.url },
      { timeoutMs, signal },
    )
  let answer = await parse(parseTimeoutMs(response.body.length))
  // A long feed on a busy computer is not an attack: speech recognition may have all the cores.
  if (!answer.ok && answer.error.code === 'worker-timed-out' && response.body.length > longBytes)
    answer = await parse(longParseTimeoutMs)
  if (!answer.ok) {
    if (answer.error.code === 'cancelled') return problem({ code: 'cancelled' })
    return problem({ code: 'parser-failed', words: 'The feed is too large or too tangled to be read.' })
  }
  const parsed = answer.value
  if (parsed.ok) return { kind: 'feed', response, bodySha256, feed: parsed.value }
  const words = parsed.error.message
  if (parsed.error.code === 'broken') return problem({ code: 'broken', words })
  if (parsed.error.code === 'refused') return problem({ code: 'document-refused', words })
  if (parsed.error.code === 'empty-body') return problem({ code: 'empty-body' })
  const page = Page.safeParse(parsed.error.details)
  const candidates = page.success ? page.data.candidates.filter(({ url }) => url !== response.url) : []
  const codes = { login: 'login-page', challenge: 'protected' } as const
  return problem({
    code: codes[page.data?.kind as keyof typeof codes] ?? 'not-a-feed',
    status: response.status,
    candidates,
    words,
  })
}

function refusalOf(response: HttpResponse, nowMs: number): Omit<Problem, 'host'> | null {
  const { status, headers } = response
  if (status === 200 || status === 203) return null
  const retryAfterMs = readRetryAfter(headers['retry-after'], nowMs)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (status === 401)
    return {
      code: 'needs-password',
      status,
      scheme: /^\s*bearer\b/i.test(headers['www-authenticate'] ?? '') ? 'bearer' : 'basic',
    }
  if (isChallenge(response)) return { code: 'protected', status }
  if (status === 403) return { code: 'refused', status }
  if (status === 404) return { code: 'not-found', status }
  if (status === 410) return { code: 'gone', status }
  if (status === 429 || (status === 503 && retryAfterMs !== undefined))
    return { code: 'asked-to-wait', status, ...wait }
  if (status >= 500) return { code: 'server-error', status, ...wait }
  return { code: 'odd-status', status }
}

function isChallenge({ headers, body, status }: HttpResponse): boolean {
  if (headers['cf-mitigated'] === 'challenge') return true
  if (status !== 403 && status !== 503 && status !== 200) return false
  return /<title>\s*(?:Just a moment|Attention Required! \| Cloudflare|DDoS-Guard)/i.test(startOf(body))
}

/** Enough for the head of a page. */
const startOf = (body: Buffer): string => body.subarray(0, 50_000).toString('utf8')

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '')
