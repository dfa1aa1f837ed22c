import { scanPage } from './discover.ts'
import type { FeedLink } from './types.ts'

export interface NotAFeed {
  readonly kind: 'login' | 'challenge' | 'web-page' | 'opml' | 'recording' | 'file' | 'other'
  /** Feeds that the page names. */
  readonly candidates: readonly FeedLink[]
}

const challengeMarks =
  /challenge-platform|cf_chl_|cf-browser-verification|cf-mitigated|_Incapsula_|ddos-guard|aws-waf|awsWafCookie|px-captcha|datadome|g-recaptcha|h-captcha|hcaptcha\.com|Enable JavaScript and cookies to continue/i
const challengeTitles =
  /^(?:just a moment|attention required|access denied|checking your browser|verify you are human|please wait|one moment|security check|ddos-guard|robot check)/i
const loginTitles =
  /\b(?:log[\s-]?in|sign[\s-]?in|log on|anmeld|einlogg|connexion|se connecter|iniciar sesi|acceder|accedi|inloggen|entrar)/i

/** What kind of page came instead of a feed. */
export function readPage(text: string, url: string | null): NotAFeed {
  if (/<opml[\s>]/i.test(text.slice(0, 5_000))) return { kind: 'opml', candidates: [] }
  const looksLikeHtml = /<(?:!doctype\s+html|html|head|body|meta|title|script|div|form)\b/i.test(text.slice(0, 50_000))
  if (!looksLikeHtml) return { kind: 'other', candidates: [] }
  const { candidates, title, asksPassword } = scanPage(text, url)
  // A page of a show may hold a captcha in its contact form; a challenge names no feeds.
  if (challengeTitles.test(title) || (candidates.length === 0 && challengeMarks.test(text.slice(0, 200_000))))
    return { kind: 'challenge', candidates }
  if (candidates.length === 0 && (asksPassword || loginTitles.test(title))) return { kind: 'login', candidates }
  return { kind: 'web-page', candidates }
}

/** What came instead of a feed, and what to do. */
export function describeNotAFeed({ kind, candidates }: NotAFeed): string {
  switch (kind) {
    case 'login':
      return 'This address answers with a page to sign in, not with a feed. Private feeds have an address or a password of their own; look for it in your account there.'
    case 'challenge':
      return 'This address answers with a check for browsers (a captcha or the like), not with a feed. Try again later, or ask the publisher to let podcast apps through.'
    case 'opml':
      return 'This is a list of feeds (OPML), not a feed. Import it as a file to follow the feeds in it.'
    case 'recording':
      return 'This is a recording, not a feed.'
    case 'file':
      return 'This is a file of another kind, not a feed.'
    case 'other':
      return 'What this address sends is not a feed: there are no episodes in it that Inkwell can read.'
    case 'web-page':
      if (candidates.length === 1)
        return 'This is a web page, not a feed. It names a feed: choose it to follow that one.'
      return candidates.length > 1
        ? `This is a web page, not a feed. It names ${candidates.length} feeds; choose one.`
        : 'This is a web page, not a feed, and it names none. Look for a link called RSS or Podcast on the site.'
  }
}
