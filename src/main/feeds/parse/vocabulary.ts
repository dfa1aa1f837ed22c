import { parseDuration } from './durations.ts'
import { escapeHtml } from './html-text.ts'

/** Elements that hold words (perhaps with markup nobody escaped), by canonical name. */
const textNames = new Set(['title', 'description', 'summary', 'subtitle', 'tagline', 'encoded', 'body', 'fullitem'])
const valueNames = new Set(['itunes:duration', 'itunes:season', 'itunes:episode', 'podcast:season', 'podcast:episode'])
/** Hold attributes only; many feeds forget to close them. */
const voidNames = new Set([
  'enclosure',
  'itunes:image',
  'googleplay:image',
  'podcast:transcript',
  'podcast:chapters',
  'podcast:source',
  'media:thumbnail',
  'psc:chapter',
  'atom:link',
])

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

export const isTextElement = (name: string): boolean =>
  textNames.has(local(name)) || name === 'content' || name === 'atom:content' || valueNames.has(name)

export const isVoidElement = (name: string, kind: 'rss' | 'atom'): boolean =>
  voidNames.has(name) || (kind === 'atom' && name === 'link')

/** The `div` that Atom wraps around XHTML is no part of it (RFC 4287, 3.1.1.3). */
export const unwrapXhtml = (xml: string): string =>
  /^\s*&lt;(?:[\w.-]+:)?div\b[^>]*>([\s\S]*)&lt;\/(?:[\w.-]+:)?div\s*>\s*$/i.exec(xml)?.[1] ?? xml

/**
 * Atom 0.3 packs words with `mode="base64"`, Atom 1.0 everything whose type is neither text nor XML (RFC 4287, 4.1.3.3).
 * @returns null when the words are not packed; empty when what is packed is no text
 */
export function unpackBase64(attributes: ReadonlyMap<string, string>, xml: string): string | null {
  const type = attributes.get('type') ?? ''
  const isPacked = attributes.get('mode') === 'base64' || /^(?!text\/)[\w.-]+\/(?!xml$)[\w.-]+$/i.test(type)
  const packed = isPacked ? xml.replace(/<!\[CDATA\[|\]\]>|\s/g, '') : ''
  if (packed === '' || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return null
  const text = Buffer.from(packed, 'base64').toString('utf8')
  return /[\u0000-\u0008\ufffd]/.test(text) ? '' : escapeHtml(text)
}

/**
 * Values that the parser behind reads as numbers only: `PT1H`, `S01`, `Folge 12`.
 * @param xml inside of the element
 */
export function readableValue(name: string, xml: string): string {
  if (!valueNames.has(name)) return xml
  const text = xml.replace(/<!\[CDATA\[|\]\]>/g, '').trim()
  if (name === 'itunes:duration') return String(parseDuration(text) ?? '')
  return text.startsWith('-') ? '' : (/\d+(?:\.\d+)?/.exec(text.slice(0, 200))?.[0] ?? '')
}
