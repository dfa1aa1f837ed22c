const openable = new Set(['http:', 'https:', 'mailto:'])

export interface SafeLink {
  /** Normalised; what is handed to main. */
  readonly url: string
  /** Shown beside the link, so that a text cannot pretend to lead elsewhere. */
  readonly host: string
}

/** Only absolute http, https and mailto addresses lead out of a text; everything else is shown as words. */
export function safeLink(href: unknown): SafeLink | null {
  if (typeof href !== 'string' || href.length > 4096) return null
  let url: URL
  try {
    url = new URL(href)
  } catch {
    return null
  }
  if (!openable.has(url.protocol)) return null
  if (url.protocol === 'mailto:') return { url: url.href, host: url.pathname.split('@').at(-1) ?? '' }
  // A name before the host is there to mislead; it would also be sent.
  url.username = ''
  url.password = ''
  return { url: url.href, host: url.host }
}

/** Seconds of a `#t=160` link; null for any other. */
export function timeOfHref(href: unknown): number | null {
  if (typeof href !== 'string') return null
  const match = /^#t=(\d{1,7}(?:\.\d{1,3})?)$/.exec(href)
  return match ? Number(match[1]) : null
}
