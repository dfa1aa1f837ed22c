import { fail, ok, type Result } from '#shared/result.ts'
import { isDangerousName, readTag, type Tag, writeAttributes } from './attributes.ts'
import { mendText } from './characters.ts'
import { createFinder, type Mends } from './mends.ts'
import { createNamespaces } from './namespaces.ts'
import { createOutline } from './outline.ts'
import { readTextContent } from './text-element.ts'
import { limits } from './types.ts'
import { usualForm } from './usual-form.ts'
import { isTextElement, isVoidElement, readableValue, unpackBase64, unwrapXhtml } from './vocabulary.ts'

export interface Repaired {
  /** Well-formed: `<rss><channel>…` or `<feed>…`. */
  readonly xml: string
  readonly kind: 'rss' | 'atom'
  /** The file ended before its root did. */
  readonly cut: boolean
  /** An item was left out because the file ended inside it. */
  readonly droppedItem: boolean
  readonly items: number
  /** All that were there, also those over the limit. */
  readonly itemsFound: number
}

const openName = /<([A-Za-z_\u00c0-\ufffd][\w.:\-\u00b7-\ufffd]*)(?=[\s/>])/y
/** What a feed is built of, empty or not. */
const frame = /^(?:rss|rdf:rdf|channel|item|feed|entry)$/
const emptyEnd = /\s*<\/([^\s<>/]+)\s*>/y
const closeTag = /<\/([^\s<>/]+)\s*>/y

/**
 * Walks through the tags once and writes them anew, as XML that any parser reads: names under their usual prefixes,
 * elements closed, items of all channels in one, RSS 1.0 as RSS 2.0.
 * @param start index of the root's `<`
 */
export function repairXml(text: string, start: number, mends: Mends): Result<Repaired, 'refused'> {
  const kind = /^<(?:[\w.-]+:)?feed\b/i.test(text.slice(start, start + 80)) ? 'atom' : 'rss'
  const namespaces = createNamespaces(kind === 'atom' ? 'atom' : '')
  const outline = createOutline(kind, (at) => mends.note(at))
  const find = createFinder(text)
  const findClose = createCloseFinder(text, find)
  const onMend = (at: number): void => mends.note(at)
  let at = start
  let cut = false
  let left = 0

  const emitText = (end: number): void => {
    if (end > at && outline.writes() && /\S/.test(text.slice(at, end)))
      outline.write(mendText(text.slice(at, end), (offset) => onMend(at + offset)))
  }
  /** A `<` that begins no tag. */
  const stray = (index: number): void => {
    onMend(index)
    if (outline.writes()) outline.write('&lt;')
    at = index + 1
  }
  /** One that is empty would stand in the way of the next of its name that is not. */
  const isEmpty = (rawName: string, name: string, { attributes, selfClosing, end }: Tag): boolean => {
    // RSS 1.0 names its picture inside the channel and describes it outside.
    if (frame.test(name) || (attributes.size > 0 && name !== 'image')) return false
    emptyEnd.lastIndex = end
    if (selfClosing || emptyEnd.exec(text)?.[1] !== rawName) return selfClosing
    at = emptyEnd.lastIndex
    return true
  }
  const open = (index: number, rawName: string, tag: Tag): Result<null, 'refused'> => {
    namespaces.declare(tag.attributes)
    const canonical = namespaces.canonical(rawName, tag.attributes)
    const inside = () => (tag.selfClosing ? '' : text.slice(tag.end, tag.end + 1_000))
    const { name, attributes: given, picture } = usualForm(canonical, tag.attributes, kind, inside)
    at = tag.end
    if (isDangerousName(name)) {
      if (!tag.selfClosing) outline.skip(name)
      return ok(null)
    }
    const attributes = () => writeAttributes(given, () => onMend(index))
    if (picture !== undefined) {
      const shown = () => writeAttributes(new Map([['url', picture]]), () => onMend(index))
      outline.open('media:thumbnail', shown, true, given, index)
    }
    if (isEmpty(rawName, name, tag)) return ok(null)
    if (isTextElement(name) && !tag.selfClosing) {
      const content = readTextContent(tag.end, rawName, { text, find, findClose, onMend })
      at = content.end
      cut ||= content.cut
      const xml =
        tag.attributes.get('type') === 'xhtml'
          ? unwrapXhtml(content.xml)
          : (unpackBase64(tag.attributes, content.xml) ?? readableValue(name, content.xml))
      outline.leaf(name, attributes, content.cut ? null : xml)
      return ok(null)
    }
    if (outline.isFull(name)) {
      // The rest of the feed is left alone: reading on would only cost time.
      left = countItems(text, index, rawName)
      return ok(null)
    }
    outline.open(name, attributes, tag.selfClosing || isVoidElement(name, kind), tag.attributes, index)
    return outline.depth() > limits.depth ? refuse(`elements nested deeper than ${limits.depth}`) : ok(null)
  }

  while (!outline.ended() && !cut && left === 0) {
    const next = text.indexOf('<', at)
    if (next < 0) {
      cut = true
      break
    }
    emitText(next)
    at = next
    if (text.startsWith('<!--', next)) cut = !skipTo('-->', next + 4)
    else if (text.startsWith('<![CDATA[', next)) cut = !copyCdata(next)
    else if (text.startsWith('<?', next)) cut = !skipTo('>', next + 2)
    else if (text[next + 1] === '/') {
      closeTag.lastIndex = next
      const match = closeTag.exec(text)
      if (match) {
        at = closeTag.lastIndex
        outline.close(namespaces.canonical(match[1]!), next)
      } else if (find('>', next) < 0) cut = true
      else stray(next)
    } else {
      openName.lastIndex = next
      const match = openName.exec(text)
      const tag = match ? readTag(text, openName.lastIndex, onMend) : 'stray'
      if (tag === 'too-many-attributes') return refuse(`more than ${limits.attributes} attributes on one element`)
      if (tag === 'cut' || (tag === 'stray' && find('>', next) < 0)) cut = true
      else if (tag === 'stray') stray(next)
      else {
        const opened = open(next, match![1]!, tag)
        if (!opened.ok) return opened
      }
    }
  }
  const finished = outline.finish()
  return ok({ ...finished, itemsFound: finished.items + left, kind, cut })

  function skipTo(needle: string, from: number): boolean {
    const end = find(needle, from)
    at = end + needle.length
    return end >= 0
  }
  function copyCdata(index: number): boolean {
    const end = find(']]>', index)
    if (end < 0) return false
    if (outline.writes()) outline.write(text.slice(index, end + 3))
    at = end + 3
    return true
  }
}

const refuse = (what: string) =>
  fail('refused', `The feed has ${what}, which no honest feed has. It was not read, and what was there before is kept.`)

/** Closing tags by name, remembered like {@link createFinder}. */
function createCloseFinder(
  text: string,
  find: (needle: string, from: number) => number,
): (name: string, from: number) => { index: number; end: number } | null {
  const patterns = new Map<string, RegExp>()
  const found = new Map<string, { index: number; end: number } | null>()
  return (name, from) => {
    const exact = `</${name}>`
    const index = find(exact, from)
    if (index >= 0) return { index, end: index + exact.length }
    const last = found.get(name)
    if (last === null || (last !== undefined && last.index >= from)) return last
    let pattern = patterns.get(name)
    if (pattern === undefined) {
      pattern = new RegExp(`</${name.replaceAll('.', '\\.')}\\s*>`, 'gi')
      patterns.set(name, pattern)
    }
    pattern.lastIndex = from
    const match = pattern.exec(text)
    const result = match && { index: match.index, end: pattern.lastIndex }
    found.set(name, result)
    return result
  }
}

/** Items that are over the limit are counted, not read. */
function countItems(text: string, from: number, itemName: string): number {
  const pattern = new RegExp(`<${itemName}[\\s>]`, 'gi')
  pattern.lastIndex = from
  let count = 0
  while (pattern.test(text)) count += 1
  return count
}
