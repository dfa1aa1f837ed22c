import { looksLikeToken } from '../feeds/url-secrets.ts'

/** What stands in place of a secret. */
export const mask = '•••'

/** One way in which a secret may stand in text. */
export interface SecretForm {
  readonly name: string
  readonly hide: (text: string) => string
}

const secretWord =
  'pass(?:word|wort|phrase|wd|code)|pwd|secret|token|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|credentials?|session[-_]?id|signature|jwt'
const headerName =
  '(?:proxy-)?authorization|(?:set-)?cookie2?|x-[\\w-]{0,40}(?:token|key|auth|secret|signature)|api-key|www-authenticate'
/** A quoted value, or what stands there without quotes. */
const quoted = '"(?:[^"\\\\]|\\\\.)*"?|\'(?:[^\'\\\\]|\\\\.)*\'?'
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const harmlessQuery =
  /^(?:format|type|page|lang|language|limit|offset|count|v|version|date|since|before|after|order|sort|feed)$/i

const replacing =
  (pattern: RegExp, by: string | ((...parts: string[]) => string)) =>
  (text: string): string =>
    text.replace(pattern, by as string)

/**
 * Every form is linear in the length of the text (repetitions are bounded, or end at what starts the next match), since
 * what is logged may come from outside. Applied in this order: whole blocks first, single words last.
 */
export const secretForms: readonly SecretForm[] = [
  {
    name: 'private key block',
    hide: replacing(/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g, mask),
  },
  {
    name: 'header to the end of its line',
    hide: replacing(
      new RegExp(`(?<![\\w-])(${headerName})(["']?\\s{0,4}[:=]\\s{0,4})(?:${quoted}|[^\\r\\n"']+)`, 'gi'),
      `$1$2${mask}`,
    ),
  },
  {
    name: 'user and password before a host',
    hide: (text) =>
      text
        .replace(/(:\/\/)[^\s/?#"'<>\\]{1,512}@/g, `$1${mask}@`)
        // A password may hold a raw slash, question mark or hash. A port is no password.
        .replace(/(:\/\/)[^\s/@:"'<>\\]{0,128}:(?!\d{1,5}(?:[/?#]|$))[^\s"'<>\\]{0,512}@/g, `$1${mask}@`),
  },
  { name: 'address in an address', hide: replacing(/(=)[^\s&"'<>\\]{0,300}%3A(?:%2F){2}[^\s&"'<>\\]*/gi, `$1${mask}`) },
  { name: 'address', hide: replacing(/\bhttps?:\/\/[^\s"'<>\\`“”]+/gi, hideInAddress) },
  {
    name: 'telling parameter',
    hide: replacing(
      /([?&;#](?:[\w.-]{0,40}(?:token|auth|key|secret|sig|pass|pwd|session|hash|jwt|code|credential|email|user|uid|sid|member|access|licen[cs]e)[\w.-]{0,40})=)[^&;\s"'<>\\]+/gi,
      `$1${mask}`,
    ),
  },
  {
    name: 'mail address',
    hide: replacing(/[\w.+%-]{1,64}(?:@|%40)(?=[\w-]{1,63}\.[\w-])/g, `${mask}@`),
  },
  {
    name: 'scheme of authorization',
    hide: replacing(/\b(bearer|basic|digest|negotiate)((?:\s|%20|\+|:){1,4})[\w+/=.~%-]{6,}/gi, `$1$2${mask}`),
  },
  {
    name: 'named passphrase to the end of its line',
    hide: replacing(
      new RegExp(`(pass(?:word|wort|phrase|code))(["']?\\s{0,4}[:=]\\s{0,4})(?:${quoted}|[^\\r\\n"'{\\[]+)`, 'gi'),
      `$1$2${mask}`,
    ),
  },
  {
    name: 'named value',
    hide: replacing(
      new RegExp(`(${secretWord})(["']?\\s{0,4}[:=]\\s{0,4})(?:${quoted}|[^\\s,;&"'{}\\[\\]()]+)`, 'gi'),
      `$1$2${mask}`,
    ),
  },
  {
    name: 'known shapes of keys',
    hide: replacing(
      /\b(?:sk-|rk-|pk-|sk_|rk_|pk_|AIza|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA|ya29\.|hf_|r8_|npm_|gsk_|AGE-SECRET-KEY-)[\w.-]{8,}/g,
      mask,
    ),
  },
  { name: 'JSON web token', hide: replacing(/\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, mask) },
  {
    name: 'machine-made word',
    hide: replacing(/(?<![\w-])[\w-]{24,}(?![\w-])/g, (word) =>
      !uuid.test(word) && !/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(word) && looksMachineMade(word) ? mask : word,
    ),
  },
]

const looksMachineMade = (word: string): boolean =>
  looksLikeToken(word) || (/[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word))

/** Scheme, host and plain words of the path stay; what might let someone in goes, and every parameter but harmless ones. */
function hideInAddress(address: string): string {
  const [, head = '', path = '', query = '', hash = ''] =
    /^([^/]+\/\/[^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/.exec(address) ?? []
  if (head === '') return mask
  const segments = path
    .split('/')
    .map((segment, at, all) => (isPlainSegment(segment, all[at - 1] ?? '') ? segment : mask))
  const pairs = query
    .slice(1)
    .split(/([&;])/)
    .map((pair) => {
      const [name = '', value] = [
        pair.split('=', 1)[0],
        pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : undefined,
      ]
      if (value === undefined) return /^[&;]?$/.test(pair) || /^[a-z_-]{1,16}$/i.test(pair) ? pair : mask
      return harmlessQuery.test(name) && /^[\w.,-]{0,12}$/.test(value) ? pair : `${name.slice(0, 40)}=${mask}`
    })
  return head + segments.join('/') + (query ? `?${pairs.join('')}` : '') + (hash ? `#${mask}` : '')
}

const privatePlace =
  /^(?:private|premium|members?|member-feed|patron|personal|secret|token|access|auth|key|subscriber|users?|u|p)$/i

/** Words a person would give to a show, a day, a number of an episode. */
function isPlainSegment(segment: string, before: string): boolean {
  if (segment === '') return true
  if (privatePlace.test(before) || segment.includes('%')) return false
  const stem = segment.replace(/\.(?:rss|xml|atom|json|mp3|m4a|mp4|ogg|opus|jpg|png|vtt|srt|txt|html?|php)$/i, '')
  return stem.split(/[-_.~,+]/).every((part) => {
    if (/^\d{0,6}$/.test(part)) return true
    if (/^[a-z]{1,4}\d{1,5}$/i.test(part)) return true
    if (/\d/.test(part)) return part.length < 6
    return part.length < 20 && !/[a-z][A-Z][a-z]*[A-Z]/.test(part)
  })
}
