import { limits } from './types.ts'

/**
 * An address in a feed as an absolute one: relative, without scheme, with spaces and letters of any script. Only what
 * can be asked over the web, or has the scheme of the feed itself.
 */
export function absoluteUrl(text: string | null | undefined, base: string | null): string | null {
  const trimmed = text?.trim()
  if (!trimmed || trimmed.length > limits.urlCharacters) return null
  try {
    const url = base === null ? new URL(trimmed) : new URL(trimmed, base)
    const web = url.protocol === 'http:' || url.protocol === 'https:'
    if (web ? url.hostname === '' : base === null || new URL(base).protocol !== url.protocol) return null
    return url.href.length > limits.urlCharacters ? null : url.href
  } catch {
    // `www.example.com/x` beside absolute ones
    return base === null && /^www\.[\w-]+\.\w/.test(trimmed) ? absoluteUrl(`https://${trimmed}`, null) : null
  }
}
