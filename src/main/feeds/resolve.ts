import { z } from 'zod'
import { fail, ok, type Result } from '#shared/result.ts'
import type { YouTubePlace } from './address.ts'
import type { FeedDeps } from './deps.ts'
import { discoverFeeds } from './parse/discover.ts'

const youTubeOrigin = 'https://www.youtube.com'
const appleOrigin = 'https://itunes.apple.com'
type Deps = Pick<FeedDeps, 'http' | 'hostQueue' | 'youTubeUrl' | 'appleUrl'>
export type ResolveFailure = 'unreachable' | 'no-public-feed'

const trusted = (override: string | undefined): string[] => (override ? [new URL(override).host] : [])

/** The address of the feed of a channel or playlist. */
export const youTubeFeedUrl = (
  deps: Pick<FeedDeps, 'youTubeUrl'>,
  { list, id }: Extract<YouTubePlace, { list: string }>,
): string => `${deps.youTubeUrl ?? youTubeOrigin}/feeds/videos.xml?${list}_id=${id}`

/** Reads the page of a channel, handle or video, which names the channel in several places; the first that is there counts. */
export async function resolveYouTube(deps: Deps, place: YouTubePlace): Promise<Result<string, ResolveFailure>> {
  if ('list' in place) return ok(youTubeFeedUrl(deps, place))
  const origin = deps.youTubeUrl ?? youTubeOrigin
  const { host } = new URL(origin)
  const asked = await deps.hostQueue.run(host, () =>
    deps.http.get({
      url: `${origin}${place.page}`,
      headers: { accept: 'text/html', 'accept-language': 'en' },
      maxBytes: 5_000_000,
      allowLocalHosts: trusted(deps.youTubeUrl),
    }),
  )
  if (!asked.ok)
    return fail('unreachable', `${asked.error.message} Nothing was added yet.`, { retryable: asked.error.retryable })
  const { status, body, url } = asked.value
  if (status === 404)
    return fail(
      'no-public-feed',
      'YouTube knows no such channel (404). Check the name in the address. Nothing was added yet.',
    )
  if (status !== 200)
    return fail(
      'unreachable',
      `YouTube answers ${status} to the channel’s page. Try again later. Nothing was added yet.`,
      {
        retryable: true,
      },
    )
  const html = body.toString('utf8')
  const listed = discoverFeeds(html, url)
    .map((candidate) => /[?&]channel_id=(UC[\w-]{22})\b/.exec(candidate.url)?.[1])
    .find((id) => id !== undefined)
  const id = listed ?? channelIdIn(html)
  if (id) return ok(youTubeFeedUrl(deps, { list: 'channel', id }))
  const consent = /consent\.(?:youtube|google)\./.test(url)
  return fail(
    'no-public-feed',
    consent
      ? 'YouTube asks for consent before it shows this page, and Inkwell does not give it for you. Open the channel in a browser, choose “Share channel”, “Copy channel ID”, and paste youtube.com/channel/ with that ID. Nothing was added yet.'
      : 'This YouTube page names no channel. Open the channel itself and copy that page’s address. Nothing was added yet.',
  )
}

/** In the order of how sure it is that the channel of the page is meant, not one it recommends. */
function channelIdIn(html: string): string | null {
  const patterns = [
    /<link[^>]+rel="canonical"[^>]+\/channel\/(UC[\w-]{22})"/,
    /"externalId":"(UC[\w-]{22})"/,
    /<meta[^>]+itemprop="(?:channelId|identifier)"[^>]+content="(UC[\w-]{22})"/,
    /"videoDetails":\{[^}]{0,2000}?"channelId":"(UC[\w-]{22})"/,
    /"(?:externalChannelId|channelId|browseId)":"(UC[\w-]{22})"/,
  ]
  for (const pattern of patterns) {
    const id = pattern.exec(html)?.[1]
    if (id) return id
  }
  return null
}

const Lookup = z.object({
  results: z.array(z.object({ kind: z.string().optional(), feedUrl: z.string().optional() })).max(200),
})

/** Asks Apple's public lookup for the feed of a show. */
export async function resolveApple(
  deps: Deps,
  show: { showId: string; country: string | null },
): Promise<Result<string, ResolveFailure>> {
  const origin = deps.appleUrl ?? appleOrigin
  const country = show.country ? `&country=${show.country}` : ''
  const asked = await deps.hostQueue.run(new URL(origin).host, () =>
    deps.http.get({
      url: `${origin}/lookup?id=${show.showId}&entity=podcast${country}`,
      headers: { accept: 'application/json' },
      maxBytes: 1_000_000,
      allowLocalHosts: trusted(deps.appleUrl),
    }),
  )
  if (!asked.ok)
    return fail('unreachable', `${asked.error.message} Nothing was added yet.`, { retryable: asked.error.retryable })
  if (asked.value.status !== 200)
    return fail(
      'unreachable',
      `Apple’s directory answers ${asked.value.status}. Try again in a few minutes, or paste the show’s own address. Nothing was added yet.`,
      { retryable: true },
    )
  const answer = Lookup.safeParse(readJson(asked.value.body))
  const feedUrl = answer.success ? answer.data.results.find((result) => result.feedUrl)?.feedUrl : undefined
  if (!feedUrl || !/^https?:\/\//i.test(feedUrl))
    return fail(
      'no-public-feed',
      'Apple lists this show without a public feed: it is a paid channel, or only on Apple Podcasts. If you are a member, look on the show’s own site for a private feed address. Nothing was added yet.',
    )
  return ok(feedUrl)
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
