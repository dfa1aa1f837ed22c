import type { Element, ElementContent, Root } from 'hast'
import { timeOfHref } from './safe-links.ts'
import { type Child, element, isBlank, isElement, type Parent, text, textOf, walk } from './tree.ts'

const dash = /^\s*(?:[—–―]|--)\s*/

const isTime = (node: Child | undefined): node is Element =>
  isElement(node, 'a') && timeOfHref(node.properties.href) !== null

/** A time that opens or closes a paragraph stands in the margin beside it. */
function setInMargin(block: Element): void {
  const solid = block.children.filter((child) => !isBlank(child))
  const times = block.children.filter(isTime)
  const first = solid[0]
  const last = solid.at(-1)
  const time = isTime(first) ? first : times.length === 1 && isTime(last) ? last : null
  if (!time || solid.length === 1) return
  time.properties.dataMargin = true
  block.properties.dataTimed = true
  const after = block.children[block.children.indexOf(time) + 1]
  if (after?.type === 'text') after.value = after.value.replace(/^\s*[—–:·-]?\s*/, '')
}

/** `— Ines Halvorsen, [41:12](#t=2472)` as a line of its own: the name, then the time. */
function footerOf(children: ElementContent[]): Element {
  const [first, ...rest] = children
  const words = first?.type === 'text' ? [text(first.value.replace(dash, '')), ...rest] : children
  const cleaned = words.map((child) =>
    child.type === 'text' ? text(child.value.replace(/\s*[,·|(]\s*$/, ' ').replace(/^\s*\)\s*$/, '')) : child,
  )
  return element(
    'footer',
    cleaned.filter((child) => !isBlank(child)),
  )
}

/** Cuts "…said so.\n— Ines" into the quote and its footer. */
function splitAttribution(paragraph: Element): Element | null {
  for (let index = paragraph.children.length - 1; index >= 0; index--) {
    const child = paragraph.children[index]
    if (isElement(child, 'br')) {
      const after = paragraph.children.slice(index + 1).filter((one) => !isBlank(one))
      if (after[0]?.type !== 'text' || !dash.test(after[0].value)) continue
      const footer = footerOf(after)
      paragraph.children = paragraph.children.slice(0, index)
      return footer
    }
    if (child?.type !== 'text') continue
    const cut = child.value.search(/\n\s*(?:[—–―]|--)\s/)
    if (cut < 0) continue
    const footer = footerOf([text(child.value.slice(cut)), ...paragraph.children.slice(index + 1)])
    paragraph.children = [...paragraph.children.slice(0, index), text(child.value.slice(0, cut))]
    return footer
  }
  return null
}

/** The marks are drawn, hanging; those in the text would stand twice. */
function dropQuoteMarks(quote: Element): void {
  const paragraphs = quote.children.filter((child) => isElement(child, 'p'))
  const first = paragraphs[0]?.children[0]
  const last = paragraphs.at(-1)?.children.at(-1)
  if (first?.type !== 'text' || last?.type !== 'text') return
  if (!/^\s*["“„«]/u.test(first.value) || !/["”“»]\s*$/u.test(last.value)) return
  first.value = first.value.replace(/^\s*["“„«]\s*/u, '')
  last.value = last.value.replace(/\s*["”“»]\s*$/u, '')
}

/** A quotation with a speaker or a time gets its footer; other block quotes stay as they are. */
function setQuote(quote: Element, following: Child | undefined): boolean {
  const solid = quote.children.filter((child) => !isBlank(child))
  const last = solid.at(-1)
  let footer: Element | null = null
  let tookFollowing = false
  if (isElement(last, 'p')) {
    const startsWithDash = dash.test(textOf(last))
    const onlyTimes = solid.length > 1 && last.children.every((child) => isBlank(child) || isTime(child))
    if (solid.length > 1 && (startsWithDash || onlyTimes)) {
      footer = footerOf(last.children)
      quote.children = quote.children.filter((child) => child !== last)
    } else footer = splitAttribution(last)
  }
  if (!footer && isElement(following, 'p') && dash.test(textOf(following))) {
    footer = footerOf(following.children)
    tookFollowing = true
  }
  if (!footer) return false
  quote.properties.dataQuote = true
  dropQuoteMarks(quote)
  quote.children.push(footer)
  return tookFollowing
}

function setQuotesIn(parent: Parent): void {
  const taken = new Set<Child>()
  const solid = parent.children.filter((child) => !isBlank(child))
  for (const [index, child] of solid.entries()) {
    const next = solid[index + 1]
    if (isElement(child, 'blockquote') && setQuote(child, next) && next) taken.add(next)
  }
  if (taken.size > 0) parent.children = parent.children.filter((child) => !taken.has(child)) as typeof parent.children
}

/** Sets a note like an edition: times in the margin, quotations with their speaker, no second first-level heading. */
export const setNote = () => (tree: Root) => {
  walk(tree, (node, ancestors) => {
    setQuotesIn(node)
    if (node.type !== 'element') return
    if (node.tagName === 'h1') node.tagName = 'h2'
    const top = ancestors.length === 1
    const topItem = node.tagName === 'li' && ancestors.length === 2
    if ((node.tagName === 'p' && top) || topItem) setInMargin(node)
  })
}
