import { countWords } from '../transcripts/clean-text.ts'
import { type HtmlBlock, type HtmlPage, readHtml } from '../transcripts/html-blocks.ts'

export interface Readable {
  readonly page: HtmlPage
  readonly title: string | null
  readonly publishedAtMs: number | null
  readonly paragraphs: readonly string[]
  readonly words: number
}

const prose = new Set(['p', 'li', 'blockquote', 'pre', 'dd', 'h2', 'h3', 'h4'])
const wordsOf = (blocks: readonly HtmlBlock[]): number => blocks.reduce((sum, block) => sum + countWords(block.text), 0)
const mostlyLinks = (block: HtmlBlock): boolean => block.linkCharacters > block.text.length * 0.5

/** Headings that nothing follows say nothing. */
const withoutEmptyHeadings = (blocks: readonly HtmlBlock[]): HtmlBlock[] =>
  blocks.filter((block, index) => {
    const next = blocks[index + 1]
    return !/^h\d$/.test(block.tag) || (next !== undefined && !/^h\d$/.test(next.tag))
  })

/** The text a person would read on a page: the article, else the main part, else whatever has sentences. */
export function readable(html: string): Readable {
  const page = readHtml(html, { speech: false })
  const text = page.blocks.filter((block) => !mostlyLinks(block) && block.tag !== 'h1')
  const inArticle = text.filter((block) => block.inArticle)
  const inMain = text.filter((block) => block.inMain)
  const chosen =
    wordsOf(inArticle) >= 80
      ? inArticle
      : wordsOf(inMain) >= 80
        ? inMain
        : text.filter((block) => countWords(block.text) >= 8)
  const paragraphs = chosen.filter((block) => prose.has(block.tag))
  // Pages that are built of nothing but `div` have no paragraphs.
  const kept = withoutEmptyHeadings(wordsOf(paragraphs) >= wordsOf(chosen) * 0.5 ? paragraphs : chosen)
  const publishedAtMs = page.published === null ? Number.NaN : Date.parse(page.published)
  return {
    page,
    title: page.title,
    publishedAtMs: Number.isNaN(publishedAtMs) ? null : publishedAtMs,
    paragraphs: kept.map((block) => block.text),
    words: wordsOf(kept),
  }
}
