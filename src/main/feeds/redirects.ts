import type { HttpResponse } from '../ports.ts'

export type Detour =
  | { readonly kind: 'none' }
  /** The same host and path, only safer: taken without asking. */
  | { readonly kind: 'https-upgrade'; readonly url: string }
  | { readonly kind: 'permanent'; readonly url: string; readonly otherHost: boolean }
  | { readonly kind: 'temporary'; readonly url: string; readonly otherHost: boolean }

/** What the redirects of an answer mean. A chain is permanent only if every hop is (301, 308). @param asked the feed's own address */
export function judgeRedirects(asked: string, response: Pick<HttpResponse, 'hops' | 'url'>): Detour {
  if (response.hops.length === 0 || !URL.canParse(asked)) return { kind: 'none' }
  const [from, to] = [new URL(asked), new URL(response.url)]
  from.hash = ''
  to.hash = ''
  if (from.href === to.href) return { kind: 'none' }
  const permanent = response.hops.every(({ status }) => status === 301 || status === 308)
  const otherHost = from.hostname !== to.hostname
  if (!permanent) return { kind: 'temporary', url: to.href, otherHost }
  const isUpgrade =
    from.protocol === 'http:' &&
    to.protocol === 'https:' &&
    from.hostname === to.hostname &&
    from.pathname === to.pathname &&
    from.search === to.search
  return isUpgrade ? { kind: 'https-upgrade', url: to.href } : { kind: 'permanent', url: to.href, otherHost }
}
