import { createHmac } from 'node:crypto'

/** What stands in place of a secret in an address that is shown. */
export const mask = '•••'

const secretName =
  /^(?:.*[-_.])?(?:token|auth|authorization|api-?key|apikey|key|sig|signature|secret|pass|passwd|passwort|password|pwd|session|sessionid|sid|hash|jwt|access|credential|credentials|licen[cs]e|member|memberid|subscriber|email|user|userid|uid)$/i
const camelSecretName = /(?:Token|Auth|Key|Secret|Signature|Password|Session)$/
/** Names whose long values are public ids. */
const publicName =
  /^(?:channel_id|playlist_id|list|v|format|type|feed|page|lang|language|date|updated|t|time|ver|version)$/i
const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i
/** Beside such a word an id in the path is a personal one; elsewhere hosts use UUIDs for public shows. */
const privatePlace =
  /^(?:private|premium|members?|member-feed|patron|personal|secret|token|access|subscriber|user|users|u)$/i
const privateHost = /^(?:private|premium|members?|access|secure|plus)\./i

/** Long, of letters and digits mixed: made by a machine, not by a person who names a show. */
export function looksLikeToken(text: string): boolean {
  if (/^eyJ[\w-]{10,}/.test(text)) return true
  return text.split(/[-_.~]/).some((part) => {
    if (part.length < 16 || !/^[a-z0-9]+$/i.test(part) || !/\d/.test(part) || !/[a-z]/i.test(part)) return false
    const changes = part.match(/\d(?=[a-z])|[a-z](?=\d)|[a-z](?=[A-Z])/gi)?.length ?? 0
    return changes >= 3 && new Set(part.toLowerCase()).size >= 7
  })
}

/**
 * The parts of an address that let someone in: values of telling names in the query, machine-made words in query and
 * path. As they stand in the address, still encoded.
 */
export function secretsOfUrl(href: string): string[] {
  const url = parse(href)
  if (!url) return []
  const found: string[] = []
  for (const { name, value } of queryOf(url)) if (isSecretValue(name, value)) found.push(value)
  const segments = url.pathname.split('/')
  segments.forEach((segment, index) => {
    const stem = segment.replace(/\.(?:rss|xml|atom|json|mp3|m4a|mp4|ogg|opus|jpg|png)$/i, '')
    const before = segments[index - 1] ?? ''
    const placed = privatePlace.test(before) || privateHost.test(url.hostname)
    if (uuid.test(stem) ? placed : looksLikeToken(stem)) found.push(stem)
  })
  return [...new Set(found)]
}

/** Secrets in the query only: those of an episode's address, whose path is long and made by a machine anyway. */
export function secretsOfQuery(href: string): string[] {
  const url = parse(href)
  return url ? [...new Set(queryOf(url).flatMap(({ name, value }) => (isSecretValue(name, value) ? [value] : [])))] : []
}

function isSecretValue(name: string, value: string): boolean {
  if (value.length < 4 || publicName.test(name)) return false
  return secretName.test(name) || camelSecretName.test(name) || looksLikeToken(value)
}

const queryOf = (url: URL): { name: string; value: string }[] =>
  url.search
    .slice(1)
    .split(/[&;]/)
    .filter((pair) => pair.includes('='))
    .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) }))

/** The address without user, password and fragment, with each of `secrets` and its own secrets masked. */
export function displayUrl(href: string, secrets: readonly string[] = []): string {
  const url = parse(href)
  if (!url) return mask
  url.username = ''
  url.password = ''
  url.hash = ''
  let text = url.href
  for (const secret of [...secrets, ...secretsOfUrl(text)].sort((a, b) => b.length - a.length))
    if (secret.length >= 4) text = text.replaceAll(secret, mask)
  return text
}

/**
 * The same for addresses of one feed: scheme, user, password, default port, fragment and a last slash make no
 * difference. HMAC with the profile's salt, so that it tells nothing of a private address.
 */
export function urlKey(href: string, salt: Buffer): string {
  const url = parse(href)
  const text = url ? `${url.host.toLowerCase()}${url.pathname.replace(/\/+$/, '')}${url.search}` : href
  return createHmac('sha256', salt).update(text).digest('hex')
}

/** Sent to this origin only. NFC, as servers store it (RFC 7617 with charset UTF-8). */
export function authorizationOf(
  credentials: { type: 'basic'; username: string; password: string } | { type: 'bearer'; token: string } | null,
): string | undefined {
  if (!credentials) return undefined
  if (credentials.type === 'bearer') return `Bearer ${credentials.token}`
  const pair = `${credentials.username}:${credentials.password}`.normalize('NFC')
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
}

function parse(href: string): URL | null {
  return URL.canParse(href) ? new URL(href) : null
}
