import { sha256 } from './clean-text.ts'
import type { ParsedItem } from './types.ts'

export interface IdentityKey {
  readonly kind: 'guid' | 'media' | 'title-date-duration'
  readonly key: string
}
export type Identified = Pick<
  ParsedItem,
  'guid' | 'guidShared' | 'titleShared' | 'title' | 'publishedAtMs' | 'durationSeconds' | 'media' | 'link'
>

/**
 * Parameters that change from one refresh to the next while the file stays the same. Short, because leaving out one that
 * tells files apart would make two episodes one: `v`, `key`, `hash`, `date` and `src` do on some hosts.
 */
const rotating =
  /^(?:token|auth|auth_?token|access_?token|jwt|sig|signature|hmac|expires?|expiry|exp|updated|cb|cachebuster?|nocache|ts|timestamp|nonce|utm_.*|x-amz-.*|x-goog-.*|policy|key-pair-id|awsaccesskeyid|googleaccessid|dest-id|aid|session|sessionid|listeningsessionid|_)$/i

const hostSegment = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+([a-z]{2,12})$/i
const fileExtension =
  /^(?:mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|mp4|m4v|mov|webm|php|aspx?|html?|xml|json|rss|jsp|cgi)$/i

/**
 * What of a media address stays when prefixes that count listeners, tokens and schemes change: host and path behind the
 * last prefix, and the parameters that tell files apart.
 */
export function mediaKey(address: string): string {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return address.trim()
  }
  let segments = [url.hostname.replace(/^www\./, ''), ...url.pathname.split('/').filter((segment) => segment !== '')]
  // `https://tracker/…/https%3A%2F%2Fhost/file.mp3`
  const embedded = /https?(?::|%3a)(?:\/|%2f){1,2}(.+)$/i.exec(url.pathname)
  if (embedded)
    segments = decodeURIComponentSafely(embedded[1]!)
      .split('/')
      .filter((segment) => segment !== '')
  for (let index = segments.length - 2; index > 0; index -= 1) {
    const tld = hostSegment.exec(segments[index]!)?.[1]
    if (tld === undefined || fileExtension.test(tld)) continue
    segments = segments.slice(index)
    break
  }
  const kept = [...url.searchParams]
    .filter(([name]) => !rotating.test(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const query = kept.map(([name, value]) => `${name}=${value}`).join('&')
  const [host, ...path] = segments
  return `${host!.toLowerCase().replace(/^www\./, '')}/${path.join('/')}${query === '' ? '' : `?${query}`}`
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Guids are compared without case; one that is an address, without what rotates in it. */
export function guidKey(guid: string): string {
  const plain = /^https?:\/\//i.test(guid) && guid.includes('?') ? mediaKey(guid) : guid
  return plain.normalize('NFC').toLowerCase()
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** @returns null when it would say too little */
export function titleKey({
  title,
  publishedAtMs,
  durationSeconds,
}: Pick<ParsedItem, 'title' | 'publishedAtMs' | 'durationSeconds'>): string | null {
  if (title === null || publishedAtMs === null) return null
  return `${day(publishedAtMs)}|${durationSeconds ?? '-'}|${plainTitle(title)}`
}

const plainTitle = (title: string): string => title.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')

/**
 * By what an item is known again, surest first. A guid that several items of the feed share counts only together with
 * the file (or the title, where there is none); a title that several share does not count.
 */
export function identityKeys(item: Identified): IdentityKey[] {
  const keys: IdentityKey[] = []
  const media = item.media === null ? null : mediaKey(item.media.url)
  const title = titleKey(item)
  if (item.guid !== null) {
    const guid = guidKey(item.guid)
    const rest = media ?? title ?? item.title ?? ''
    keys.push({ kind: 'guid', key: item.guidShared ? `${guid} + ${sha256(rest).slice(0, 32)}` : guid })
  }
  if (media !== null) keys.push({ kind: 'media', key: media })
  if (title !== null && !item.titleShared) keys.push({ kind: 'title-date-duration', key: title })
  // An item that gives nothing else would be another episode at every refresh.
  if (item.guid === null && media === null && title === null)
    keys.push({ kind: 'guid', key: `page ${item.link ?? '-'} ${plainTitle(item.title ?? '')}` })
  return keys
}
