import { fail, ok, type Result } from '#shared/result.ts'

export type YouTubePlace =
  | { readonly list: 'channel' | 'playlist'; readonly id: string }
  /** Only its page knows the channel. Path and query. */
  | { readonly page: string }

/** What a person pasted, understood without the network. */
export type Address =
  | {
      readonly kind: 'web'
      /** Without user, password and fragment. */
      readonly url: string
      /** The same over http, when https was only guessed. */
      readonly fallbackUrl: string | null
      readonly userInfo: { readonly username: string; readonly password: string } | null
    }
  | { readonly kind: 'youtube'; readonly place: YouTubePlace }
  | { readonly kind: 'apple'; readonly showId: string; readonly country: string | null }
export type AddressFailure = 'invalid-url' | 'scheme-refused' | 'no-public-feed'

const podcastScheme = /^(feed|itpc|pcast|podcast|itms-pcast|itms-pcasts|rss):(\/\/)?/i
const bareHost = /^(\[[0-9a-f:.]+\]|[^\s/:?#@]+)(:\d{1,5})?([/?#]|$)/i
const youTubeHosts = new Set(['youtube.com', 'www.youtube.com', 'm.youtube.com', 'music.youtube.com'])

/** Reads anything people paste. @param pasted up to 4,096 characters */
export function readAddress(pasted: string): Result<Address, AddressFailure> {
  const text = pasted.trim().replace(/^<(.+)>$/, '$1')
  if (/[\u0000-\u001f\u007f]/.test(text)) return invalid('It has a line break or a control character in it.')
  if (text === '') return invalid('It is empty.')
  const podcast = podcastScheme.exec(text)
  if (podcast) {
    const rest = text.slice(podcast[0].length)
    // feed:https://… names its own scheme; feed://… leaves it open.
    return /^https?:\/\//i.test(rest) ? readWeb(rest, false) : readWeb(`https://${rest.replace(/^\/+/, '')}`, true)
  }
  if (/^https?:\/\//i.test(text)) return readWeb(text, false)
  const bare = bareHost.exec(text)
  const isScheme = /^[a-z][a-z0-9+.-]*:/i.test(text) && !bare?.[2]
  if (isScheme)
    return fail(
      'scheme-refused',
      `Inkwell reads feeds over https and http, not “${text.slice(0, text.indexOf(':') + 1)}”. Nothing was opened. Copy the web address of the feed or of its page.`,
    )
  if (!bare || !/[.:]|^localhost$/i.test(bare[1]! + (bare[2] ?? '')))
    return invalid('An address looks like example.com/feed.xml.')
  return readWeb(`https://${text}`, true)
}

const invalid = (why: string): Result<never, 'invalid-url'> =>
  fail('invalid-url', `That is not an address Inkwell can read. ${why} Copy it again from the page of the show.`)

function readWeb(text: string, guessed: boolean): Result<Address, AddressFailure> {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return invalid('An address looks like https://example.com/feed.xml.')
  }
  if (url.hostname === '') return invalid('It names no site.')
  const host = url.hostname.toLowerCase().replace(/\.$/, '')
  if (youTubeHosts.has(host) || host === 'youtu.be') return readYouTube(url, host)
  if (host === 'podcasts.apple.com' || host === 'itunes.apple.com') return readApple(url)
  if (host === 'open.spotify.com' || host === 'spotify.link' || host === 'podcasters.spotify.com')
    return fail(
      'no-public-feed',
      'Spotify does not give out feeds, so this page cannot be followed. Most shows are elsewhere too: look for “RSS” on the show’s own site, or paste its Apple Podcasts page. Shows that are only on Spotify cannot be read.',
    )
  const userInfo =
    url.username || url.password ? { username: decode(url.username), password: decode(url.password) } : null
  url.username = ''
  url.password = ''
  url.hash = ''
  const plain = new URL(url)
  plain.protocol = 'http:'
  return ok({ kind: 'web', url: url.href, fallbackUrl: guessed ? plain.href : null, userInfo })
}

function readYouTube(url: URL, host: string): Result<Address, AddressFailure> {
  const at = (place: YouTubePlace): Result<Address, AddressFailure> => ok({ kind: 'youtube', place })
  const list = url.searchParams.get('playlist_id') ?? url.searchParams.get('list')
  const channel = /^\/channel\/(UC[\w-]{22})/.exec(url.pathname)?.[1] ?? url.searchParams.get('channel_id')
  if (channel && /^UC[\w-]{22}$/.test(channel)) return at({ list: 'channel', id: channel })
  const isVideo = host === 'youtu.be' || url.searchParams.has('v')
  if (list && /^[\w-]{10,64}$/.test(list) && !isVideo) return at({ list: 'playlist', id: list })
  if (host === 'youtu.be') return at({ page: `/watch?v=${encodeURIComponent(url.pathname.slice(1).split('/')[0]!)}` })
  if (isVideo) return at({ page: `/watch?v=${encodeURIComponent(url.searchParams.get('v')!)}` })
  if (/^\/(@[^/]+|(c|user|shorts|live|channel)\/[^/]+|[\w.-]+)/.test(url.pathname) && url.pathname !== '/feed')
    return at({ page: url.pathname.replace(/^(\/(?:@[^/]+|(?:c|user|channel)\/[^/]+)).*/, '$1') })
  return invalid('It is YouTube itself. Open the channel or playlist you mean and copy that page’s address.')
}

function readApple(url: URL): Result<Address, AddressFailure> {
  const showId = /\/id(\d{4,15})/.exec(url.pathname)?.[1] ?? /^\d{4,15}$/.exec(url.searchParams.get('id') ?? '')?.[0]
  if (!showId) return invalid('It is Apple Podcasts, but names no show. Open the show and copy that page’s address.')
  return ok({ kind: 'apple', showId, country: /^\/([a-z]{2})\//.exec(url.pathname)?.[1] ?? null })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
