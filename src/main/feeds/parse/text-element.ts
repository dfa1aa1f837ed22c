import { mendText } from './characters.ts'

export interface TextContent {
  /** As XML: text escaped, CDATA sections whole. */
  readonly xml: string
  /** Index after the closing tag. */
  readonly end: number
  /** The file ended inside. */
  readonly cut: boolean
}
interface Context {
  readonly text: string
  readonly find: (needle: string, from: number) => number
  readonly findClose: (name: string, from: number) => { index: number; end: number } | null
  readonly onMend: (at: number) => void
}

const cdataStart = '<![CDATA['
const cdataEnd = ']]>'
const rawMarkup = /<\/?[a-z][a-z\d:]*(?:\s[^<>]*)?\/?>/i
/** Where an element that was never closed must have ended. */
const nextElement =
  /<(?:\/(?:item|entry|channel|feed|rss)|(?:item|entry|title|link|guid|pubdate|enclosure|itunes:[a-z]+|podcast:[a-z]+|id|published|updated)[\s/>])/gi

/**
 * The inside of an element that holds words: everything up to its closing tag, whatever stands there. Markup that
 * nobody escaped is escaped, so that the parser hands it on as text.
 * @param name as written in the opening tag
 */
export function readTextContent(start: number, name: string, context: Context): TextContent {
  const { text, find, findClose, onMend } = context
  let xml = ''
  let at = start
  const plain = (end: number): void => {
    const piece = text.slice(at, end)
    // Markup as it stands (XHTML, or nobody escaped it): one layer is put on, which the parser takes off again.
    if (rawMarkup.test(piece)) xml += piece.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    else xml += mendText(piece, (offset) => onMend(at + offset))
  }
  for (;;) {
    const close = findClose(name, at)
    const cdata = find(cdataStart, at)
    if (cdata >= 0 && (close === null || cdata < close.index)) {
      plain(cdata)
      const section = readCdata(cdata, close, name, context)
      if (section === null) return { xml, end: text.length, cut: true }
      xml += section.xml
      at = section.end
      continue
    }
    if (close !== null) {
      // Another element of the same name may end far behind, in a later item.
      const unclosed = endOfUnclosed(text, at, close.index)
      plain(unclosed ?? close.index)
      if (unclosed !== null) onMend(unclosed)
      return { xml, end: unclosed ?? close.end, cut: false }
    }
    const unclosed = endOfUnclosed(text, at, text.length)
    plain(unclosed ?? text.length)
    return { xml, end: unclosed ?? text.length, cut: unclosed === null }
  }
}

function endOfUnclosed(text: string, from: number, to: number): number | null {
  // Within a bound: long notes are not searched again for every element.
  const part = text.slice(from, to)
  if (!/<\/(?:item|entry|channel|feed|rss)|<(?:item|entry)[\s>]/i.test(part)) return null
  nextElement.lastIndex = 0
  const match = nextElement.exec(part)
  return match ? from + match.index : null
}

function readCdata(
  start: number,
  close: { index: number } | null,
  name: string,
  { text, find, findClose, onMend }: Context,
): { xml: string; end: number } | null {
  const inside = start + cdataStart.length
  const end = find(cdataEnd, inside)
  const nested = text.indexOf(cdataStart, inside)
  if (nested >= 0 && nested < end) {
    const before = findClose(name, inside)
    if (before !== null && before.index < nested) {
      // Never closed: the section that follows belongs to another element.
      onMend(start)
      return { xml: wrap(text.slice(inside, before.index)), end: before.index }
    }
    onMend(nested)
    const stop = findClose(name, end)?.index ?? text.length
    const last = text.lastIndexOf(cdataEnd, stop)
    return { xml: wrap(text.slice(inside, last).replaceAll(cdataStart, '')), end: last + cdataEnd.length }
  }
  if (end >= 0) return { xml: wrap(text.slice(inside, end)), end: end + cdataEnd.length }
  if (close === null) return null
  onMend(start)
  return { xml: wrap(text.slice(inside, close.index)), end: close.index }
}

const wrap = (content: string): string => `${cdataStart}${content.replaceAll(cdataEnd, '')}${cdataEnd}`
