import { Parser } from 'htmlparser2'
import { readInPieces } from '../net/in-pieces.ts'
import { cleanCharacters, oneLine } from './clean-text.ts'

export interface HtmlBlock {
  /** The element it stands in: `p`, `li`, `h2`, `cite`, `time`, … */
  readonly tag: string
  readonly text: string
  /** Bold words at its very beginning; null when it begins otherwise. */
  readonly strong: string | null
  readonly inArticle: boolean
  readonly inMain: boolean
  /** Characters of it that are links. */
  readonly linkCharacters: number
}
export interface HtmlPage {
  readonly title: string | null
  readonly language: string | null
  /** As the page says. */
  readonly published: string | null
  readonly isArticle: boolean
  readonly feedLinks: readonly { href: string; title: string | null }[]
  readonly hasPasswordField: boolean
  readonly blocks: readonly HtmlBlock[]
}

const unread = new Set(
  'script style noscript template svg math iframe object nav footer aside form button select textarea dialog head'.split(
    ' ',
  ),
)
const blockTags = new Set(
  'p div li blockquote pre td th tr dt dd section article main body figcaption h1 h2 h3 h4 h5 h6 br hr ul ol table header'.split(
    ' ',
  ),
)
const boilerplate =
  /(?:^|[\s_-])(?:comments?|share|sharing|social|related|newsletter|subscribe|cookies?|consent|promo|sidebar|breadcrumbs?|advert\w*|ads?|footer|nav(?:bar|igation)?|menu|byline|screen-reader-text|sr-only)(?:$|[\s_-])/i
const voidTags = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

interface Open {
  readonly skipped: boolean
  /** The block that words directly inside belong to. */
  readonly block: string
}

/**
 * The words of a page in their order, without scripts, forms, navigation and what is named like boilerplate. Streaming: depth
 * and size cost nothing.
 * @param options.speech whether `cite` and `time` are blocks of their own (transcripts), not parts of a sentence
 */
export function readHtml(html: string, options: { speech: boolean }): HtmlPage {
  const blocks: HtmlBlock[] = []
  const feedLinks: { href: string; title: string | null }[] = []
  const open: Open[] = []
  const counts = { skipped: 0, article: 0, main: 0, link: 0, strong: 0 }
  let title: string | null = null
  let ogTitle: string | null = null
  let language: string | null = null
  let published: string | null = null
  let isArticle = false
  let hasPasswordField = false
  let inTitle = false
  let titleText = ''
  let blockTag = 'body'
  let text = ''
  let strongText = ''
  let strongOpenAtStart = false
  let plainBefore = false
  let linkCharacters = 0

  const flush = (nextTag: string): void => {
    const clean = oneLine(cleanCharacters(text))
    if (clean !== '')
      blocks.push({
        tag: blockTag,
        text: clean,
        strong: oneLine(cleanCharacters(strongText)) || null,
        inArticle: counts.article > 0,
        inMain: counts.main > 0,
        linkCharacters,
      })
    text = ''
    strongText = ''
    plainBefore = false
    linkCharacters = 0
    blockTag = nextTag
  }
  const isBlock = (tag: string): boolean => blockTags.has(tag) || (options.speech && (tag === 'cite' || tag === 'time'))

  const innermostBlock = (): string => open.at(-1)?.block ?? 'body'

  const readMeta = (name: string, attributes: Record<string, string>): void => {
    if (name === 'html') language = attributes.lang?.slice(0, 35) || null
    if (name === 'meta') {
      const key = (attributes.property ?? attributes.name ?? '').toLowerCase()
      if (key === 'og:title') ogTitle = attributes.content ?? null
      if (key === 'og:type') isArticle = /article/i.test(attributes.content ?? '')
      if (key === 'article:published_time' || key === 'date') published = attributes.content ?? published
    }
    if (name === 'time') published ??= attributes.datetime ?? null
    if (
      name === 'link' &&
      /\balternate\b/i.test(attributes.rel ?? '') &&
      /rss|atom|feed\+json/i.test(attributes.type ?? '')
    )
      if (attributes.href && feedLinks.length < 20)
        feedLinks.push({ href: attributes.href, title: attributes.title ?? null })
    if (name === 'input' && attributes.type?.toLowerCase() === 'password') hasPasswordField = true
  }

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        readMeta(name, attributes)
        if (name === 'title' && !titleText) inTitle = true
        if (voidTags.has(name)) {
          if (counts.skipped === 0 && isBlock(name)) flush(blockTag)
          return
        }
        const skipped =
          unread.has(name) ||
          attributes.hidden !== undefined ||
          attributes['aria-hidden'] === 'true' ||
          attributes.role === 'navigation' ||
          (name !== 'body' && name !== 'html' && boilerplate.test(`${attributes.class ?? ''} ${attributes.id ?? ''}`))
        if (isBlock(name) && counts.skipped === 0) flush(name)
        open.push({ skipped, block: isBlock(name) ? name : innermostBlock() })
        if (skipped) counts.skipped += 1
        if (name === 'article') counts.article += 1
        if (name === 'main' || attributes.role === 'main') counts.main += 1
        if (name === 'a') counts.link += 1
        if (name === 'b' || name === 'strong') {
          counts.strong += 1
          strongOpenAtStart = !plainBefore
        }
      },
      ontext(part) {
        if (inTitle) titleText += part
        if (counts.skipped > 0 || inTitle) return
        text += part
        if (counts.link > 0) linkCharacters += part.length
        if (counts.strong > 0 && strongOpenAtStart) strongText += part
        else if (/\S/.test(part)) plainBefore = true
      },
      onclosetag(name) {
        if (name === 'title') inTitle = false
        if (voidTags.has(name)) return
        const closed = open.pop()
        if (isBlock(name) && counts.skipped === 0) flush(innermostBlock())
        if (closed?.skipped) counts.skipped -= 1
        if (name === 'article') counts.article -= 1
        if (name === 'main') counts.main = Math.max(0, counts.main - 1)
        if (name === 'a') counts.link = Math.max(0, counts.link - 1)
        if (name === 'b' || name === 'strong') {
          counts.strong -= 1
          if (counts.strong === 0) strongOpenAtStart = false
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  )
  const forget = (): boolean => {
    open.length = 0
    Object.assign(counts, { skipped: 0, article: 0, main: 0, link: 0, strong: 0 })
    return true
  }
  readInPieces(parser, html, () => open.length, forget)
  flush('body')
  const heading = blocks.find((block) => block.tag === 'h1')?.text ?? null
  title =
    heading ?? (ogTitle === null ? null : oneLine(cleanCharacters(ogTitle))) ?? oneLine(cleanCharacters(titleText))
  return { title: title || null, language, published, isArticle, feedLinks, hasPasswordField, blocks }
}
