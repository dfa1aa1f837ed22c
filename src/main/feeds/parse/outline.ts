import { limits } from './types.ts'

/** The tree of the feed while it is written: which elements are open, and where the item under way began. */
export interface Outline {
  /** @param isVoid without content, whether it says so or not */
  open(name: string, attributes: () => string, isVoid: boolean, raw: ReadonlyMap<string, string>, at: number): void
  close(name: string, at: number): void
  /** An element with words. @param content null when the file ended inside */
  leaf(name: string, attributes: () => string, content: string | null): void
  /** Leaves out an element with all that is in it. */
  skip(name: string): void
  write(xml: string): void
  writes(): boolean
  depth(): number
  /** The root was closed. */
  ended(): boolean
  /** The element is an item more than the limit. */
  isFull(name: string): boolean
  finish(): { xml: string; items: number; droppedItem: boolean }
}

/** Live shows are no episodes. */
const leftOut = new Set(['podcast:liveitem'])

export function createOutline(kind: 'rss' | 'atom', onMend: (at: number) => void): Outline {
  const root = kind === 'rss' ? '<rss version="2.0"><channel>' : '<feed xmlns="http://www.w3.org/2005/Atom">'
  const rootEnd = kind === 'rss' ? '</channel></rss>' : '</feed>'
  const itemName = kind === 'rss' ? 'item' : 'entry'
  const chunks: string[] = [root]
  /** Open elements below the root. */
  const stack: string[] = []
  let rootName: string | null = null
  let ended = false
  let skippedFrom = -1
  let channels = 0
  let itemStart = -1
  let items = 0

  const writes = (): boolean => skippedFrom < 0 && rootName !== null && !ended
  const write = (xml: string): void => {
    if (writes()) chunks.push(xml)
  }
  const pop = (): void => {
    const name = stack.pop()!
    if (skippedFrom >= 0) {
      if (stack.length === skippedFrom) skippedFrom = -1
      return
    }
    chunks.push(`</${name}>`)
    if (stack.length === 0 && name === itemName) itemStart = -1
  }
  const unwindTo = (length: number, at: number): void => {
    if (stack.length > length) onMend(at)
    while (stack.length > length) pop()
  }
  /** Base and language hold for all below them; the first to say so counts. */
  const noteRoot = (raw: ReadonlyMap<string, string>): void => {
    for (const key of ['xml:base', 'xml:lang']) {
      const value = raw.get(key)?.replace(/[<>"]/g, '')
      if (value && !chunks[0]!.includes(key)) chunks[0] = chunks[0]!.replace('>', () => ` ${key}="${value}">`)
    }
  }
  /** A second channel's title and the like would overwrite the first's. */
  const isForeignMetadata = (name: string): boolean =>
    kind === 'rss' && channels > 1 && stack.length === 0 && name !== itemName

  function openItem(attributes: () => string, raw: ReadonlyMap<string, string>, at: number): void {
    unwindTo(0, at)
    items += 1
    itemStart = chunks.length
    stack.push(itemName)
    const about = raw
      .get('rdf:about')
      ?.replaceAll('<', '&lt;')
      .replace(/&(?!\w+;)/g, '&amp;')
    chunks.push(`<${itemName}${attributes()}>${about ? `<guid>${about}</guid>` : ''}`)
  }

  return {
    open: (name, attributes, isVoid, raw, at) => {
      if (rootName === null) {
        rootName = name
        ended = isVoid
        if (name === 'channel') channels = 1
        noteRoot(raw)
        return
      }
      if (kind === 'rss' && (name === 'channel' || name === 'rss')) {
        unwindTo(0, at)
        if (name === 'channel' && !isVoid) channels += 1
        if (channels === 1) noteRoot(raw)
        return
      }
      if (name === itemName) return isVoid ? undefined : openItem(attributes, raw, at)
      if (skippedFrom < 0 && (leftOut.has(name) || isForeignMetadata(name))) {
        if (isVoid) return
        skippedFrom = stack.length
        stack.push(name)
        return
      }
      if (isVoid) return write(`<${name}${attributes()}/>`)
      if (skippedFrom < 0) chunks.push(`<${name}${attributes()}>`)
      stack.push(name)
    },
    close: (name, at) => {
      if (kind === 'rss' && name === 'channel' && rootName !== 'channel') return unwindTo(0, at)
      const index = stack.lastIndexOf(name)
      if (index >= 0) {
        unwindTo(index + 1, at)
        pop()
      } else if (name === rootName) {
        unwindTo(0, at)
        ended = true
      }
    },
    leaf: (name, attributes, content) => {
      if (!writes() || isForeignMetadata(name) || content === null) return
      chunks.push(`<${name}${attributes()}>${content}</${name}>`)
    },
    skip: (name) => {
      if (skippedFrom < 0) skippedFrom = stack.length
      stack.push(name)
    },
    write: (xml) => {
      // Blanks between elements of the root carry nothing.
      if (stack.length > 0) write(xml)
    },
    writes,
    depth: () => stack.length,
    ended: () => ended,
    isFull: (name) => name === itemName && items >= limits.items,
    finish: () => {
      const droppedItem = itemStart >= 0
      if (droppedItem) {
        // Salvage: what was complete stays, the item under way waits for the next refresh.
        chunks.length = itemStart
        items -= 1
      } else while (stack.length > 0) pop()
      chunks.push(rootEnd)
      return { xml: chunks.join(''), items, droppedItem }
    },
  }
}
