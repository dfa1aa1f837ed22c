import { Parser } from 'htmlparser2'
import { readInPieces } from '../../net/in-pieces.ts'
import { absoluteUrl } from './addresses.ts'
import { plainLine } from './clean-text.ts'
import type { FeedLink } from './types.ts'

const feedType = /^application\/(?:rss|atom|rdf|feed)\+(?:xml|json)\b/i
const feedAddress =
  /(?:\.rss|\.rdf|\/(?:feed|rss|atom|podcast)(?:\.xml)?\/?|[-_.](?:feed|rss)\.xml|\/(?:feeds?|rss)\/[^?#]+)(?:$|[?#])/i
const feedScheme = /^(?:feed|itpc|pcast|podcast):/i
const pageCharacters = 3_000_000

/**
 * The feeds that a web page names: `<link rel=alternate>` in its order, comments last; where there is none, links that
 * look like feeds. At most 20.
 * @param baseUrl address of the page after redirects
 */
export function discoverFeeds(html: string, baseUrl: string | null): FeedLink[] {
  return scanPage(html, baseUrl).candidates
}

/** `feed:https://…` and `itpc://…` */
const withoutFeedScheme = (href: string): string =>
  href.replace(feedScheme, '').replace(/^\/\//, () => (feedScheme.test(href) ? 'https://' : '//'))

export interface Page {
  readonly candidates: FeedLink[]
  readonly title: string
  readonly asksPassword: boolean
}

/** One walk through a page for all that is asked of it. */
export function scanPage(html: string, baseUrl: string | null): Page {
  const named: FeedLink[] = []
  const linked: FeedLink[] = []
  let base = baseUrl
  let title = ''
  let inTitle = false
  let asksPassword = false
  let open: { url: string; words: string } | null = null
  let depth = 0
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        const { href } = attributes
        depth += 1
        if (name === 'base' && href) base = absoluteUrl(href, base) ?? base
        else if (name === 'title') inTitle = title === ''
        else if (name === 'input' && attributes.type?.toLowerCase() === 'password') asksPassword = true
        else if (
          name === 'link' &&
          href &&
          /\balternate\b/i.test(attributes.rel ?? '') &&
          feedType.test(attributes.type ?? '')
        ) {
          const url = absoluteUrl(withoutFeedScheme(href), base)
          if (url) named.push({ url, title: plainLine(attributes.title, 200) })
        } else if (name === 'a' && href) {
          const url = absoluteUrl(withoutFeedScheme(href), base)
          open = url && (feedAddress.test(url) || feedScheme.test(href)) ? { url, words: '' } : null
        }
      },
      ontext: (text) => {
        if (inTitle) title += text
        if (open) open.words += text
      },
      onclosetag: (name) => {
        depth -= 1
        if (name === 'title') inTitle = false
        if (name === 'a' && open) {
          linked.push({ url: open.url, title: plainLine(open.words, 200) })
          open = null
        }
      },
    },
    { decodeEntities: true },
  )
  const forget = (): boolean => {
    depth = 0
    inTitle = false
    open = null
    return true
  }
  readInPieces(parser, html.slice(0, pageCharacters), () => depth, forget)
  const all = (named.length > 0 ? named : linked).slice(0, 500)
  const isComments = ({ url, title: words }: FeedLink): number => Number(/comment/i.test(`${url} ${words ?? ''}`))
  const unique = all.filter((each, index) => all.findIndex(({ url }) => url === each.url) === index)
  return {
    candidates: unique.sort((a, b) => isComments(a) - isComments(b)).slice(0, 20),
    title: title.trim().slice(0, 500),
    asksPassword,
  }
}
