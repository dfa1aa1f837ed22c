import { mendText } from './characters.ts'
import { limits } from './types.ts'

export interface Tag {
  /** Lower-case names; the first of each. */
  readonly attributes: ReadonlyMap<string, string>
  readonly selfClosing: boolean
  /** Index after `>`. */
  readonly end: number
}
export type TagFailure = 'cut' | 'stray' | 'too-many-attributes'

const attribute = /\s*([^\s=<>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'<][^\s>"'<]*)))?/y

/**
 * Reads attributes as they are found: unquoted, without space between two, with a quote forgotten.
 * @param start index after the element's name
 */
export function readTag(text: string, start: number, onMend: (at: number) => void): Tag | TagFailure {
  const mends: number[] = []
  const tag = readAttributes(text, start, (at) => mends.push(at))
  // What turns out to be no tag was not mended.
  if (typeof tag === 'object') for (const at of mends) onMend(at)
  return tag
}

function readAttributes(text: string, start: number, onMend: (at: number) => void): Tag | TagFailure {
  const attributes = new Map<string, string>()
  let at = start
  let count = 0
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1
    if (at >= text.length) return 'cut'
    const char = text[at]
    if (char === '>') return { attributes, selfClosing: false, end: at + 1 }
    if (char === '/' && text[at + 1] === '>') return { attributes, selfClosing: true, end: at + 2 }
    if (char === '<') return 'stray'
    attribute.lastIndex = at
    const match = attribute.exec(text)
    if (match === null) {
      // A lone quote, slash or equals sign.
      onMend(at)
      at += 1
      continue
    }
    count += 1
    if (count > limits.attributes) return 'too-many-attributes'
    at = attribute.lastIndex
    let value = match[2] ?? match[3] ?? match[4] ?? ''
    if (match[4] !== undefined) {
      onMend(at)
      if (value.endsWith('/') && text[at] === '>') {
        value = value.slice(0, -1)
        at -= 1
      }
    }
    // `url="http://x/a.mp3 length="12"`: the quote that ends the first is the one that begins the second.
    const forgotten = match[4] === undefined ? /^(\S*)\s+([\w:-]+)\s*=$/.exec(value) : null
    if (forgotten) {
      onMend(at)
      value = forgotten[1]!
      at -= match[0].length - match[0].indexOf(forgotten[0]) - forgotten[1]!.length
    }
    const name = match[1]!.toLowerCase()
    if (!attributes.has(name)) attributes.set(name, value)
  }
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 9 || code === 13

const safeName = /^[a-z_][\w.:-]*$/
const objectNames = new Set(['constructor', 'prototype', 'hasownproperty', 'tostring', 'valueof', 'tolocalestring'])

/** Names that mean something to every JavaScript object. @param name lower case */
export function isDangerousName(name: string): boolean {
  const local = name.slice(name.lastIndexOf(':') + 1)
  return local.startsWith('__') || objectNames.has(local)
}

/** As XML, namespace declarations left out: names are canonical already. */
export function writeAttributes(attributes: ReadonlyMap<string, string>, onMend: () => void): string {
  let written = ''
  for (const [name, value] of attributes)
    if (!name.startsWith('xmlns') && safeName.test(name) && !isDangerousName(name))
      written += ` ${name}="${mendText(value, onMend).replaceAll('"', '&quot;')}"`
  return written
}
