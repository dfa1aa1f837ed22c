import { type Address, readAddress } from '../feeds/address.ts'
import type { Http, HttpFailureCode } from '../ports.ts'
import { readYouTubeLink } from '../youtube/links.ts'
import { addFeed } from './recognise-answer.ts'
import type { RecogniseContent } from './recognise-content.ts'
import { recogniseVideo, type VideoFacts } from './recognise-video.ts'
import { type Recognised, unsupported } from './recognised.ts'

const maxPageBytes = 20_000_000

/** Whether a pasted text is one address and nothing else. */
export const looksLikeAddress = (text: string): boolean => {
  const trimmed = text.trim()
  if (trimmed.length > 4_096 || /\s/.test(trimmed)) return false
  return (
    /^[a-z][a-z0-9+.-]{1,20}:\/\/\S+$/i.test(trimmed) ||
    /^(?:feed|itpc|pcast):\S+$/i.test(trimmed) ||
    /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?$/u.test(trimmed)
  )
}

/** Failures of https that http may not have, as when a feed is added. */
const worthPlainHttp: ReadonlySet<HttpFailureCode> = new Set(['connect-failed', 'tls-failed', 'timed-out'])

const hostOf = (address: Address): string =>
  address.kind === 'web' ? new URL(address.url).hostname : address.kind === 'youtube' ? 'YouTube' : 'Apple Podcasts'

/** An address: a feed or page to follow, a transcript, or an article. It is fetched to see; nothing is stored. */
export async function recogniseAddress(
  pasted: string,
  { http, youTube, recognise, nowMs }: { http: Http; youTube: VideoFacts; recognise: RecogniseContent; nowMs: number },
): Promise<Recognised> {
  const video = readYouTubeLink(pasted)
  if (video) return recogniseVideo(video, youTube)
  const read = readAddress(pasted)
  if (!read.ok) return unsupported('Pasted address', read.error.message)
  const address = read.value
  const host = hostOf(address)
  if (address.kind !== 'web')
    return addFeed(pasted, host, `A page of ${host}: the show is followed and its episodes are listed.`)
  // A secret in the address, or a scheme for feeds: whoever pastes it means a feed, and only feeds keep secrets safe.
  const isSecret = address.userInfo !== null
  if (isSecret || !/^(?:https?:\/\/|[^:/]+\.[^:/]+)/i.test(pasted.trim()))
    return addFeed(
      pasted,
      host,
      `A ${isSecret ? 'private ' : ''}feed at ${host}: the show is followed and its episodes are listed.`,
    )
  const first = await http.get({ url: address.url, maxBytes: maxPageBytes })
  const answer =
    !first.ok && address.fallbackUrl !== null && worthPlainHttp.has(first.error.code)
      ? await http.get({ url: address.fallbackUrl, maxBytes: maxPageBytes })
      : first
  if (answer.ok) {
    const { url, status, headers, body } = answer.value
    return recognise({ kind: 'answer', answer: { url, status, headers, body }, pasted, nowMs })
  }
  // Feeds may be on the local network when the user allows it: adding asks.
  if (answer.error.code === 'address-refused')
    return addFeed(
      pasted,
      host,
      `An address on your own network (${host}): adding it as a feed asks you to allow that.`,
    )
  return unsupported(host, answer.error.message)
}
