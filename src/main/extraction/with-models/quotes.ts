import { text as escaped, timeLink } from '../offline/markdown.ts'
import { type Found, normalWords, type TranscriptIndex } from './transcript-index.ts'

export interface CheckedQuote {
  readonly words: string
  /** Null: not in the transcript. */
  readonly found: Found | null
}
export interface CheckedNote {
  readonly markdown: string
  readonly quotes: readonly CheckedQuote[]
}

/** Shorter ones are turns of phrase, titles and irony. */
const fewestWords = 5
const inline = /“([^“”\n]{1,2000})”|„([^„“”\n]{1,2000})[“”]|«([^«»\n]{1,2000})»|(?<![\w\\])"([^"\n]{1,2000})"(?!\w)/g

/**
 * Looks every quotation up in the transcript. One that stands there keeps its marks and gets the time and speaker found;
 * one that does not loses its marks and is called a paraphrase.
 */
export function checkQuotes(markdown: string, index: TranscriptIndex): CheckedNote {
  const quotes: CheckedQuote[] = []
  const out: string[] = []
  const lines = markdown.split('\n')
  let fence: string | null = null
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== null || mark !== undefined) {
      if (fence === null) fence = mark!
      else if (mark?.startsWith(fence) && line.trim() === mark) fence = null
      out.push(line)
      continue
    }
    if (!/^\s{0,3}>/.test(line)) {
      out.push(checkInline(line, index, quotes))
      continue
    }
    const block: string[] = []
    while (at < lines.length && /^\s{0,3}>/.test(lines[at]!)) block.push(lines[at++]!.replace(/^\s{0,3}(?:>\s?)+/, ''))
    // The writer's own attribution gives way to what the transcript says.
    let next = at
    while (lines[next]?.trim() === '') next++
    const said = attribution.test(lines[next] ?? '') ? lines[next]! : null
    const checked = checkBlock(block, said, index)
    quotes.push(checked.quote)
    out.push(...checked.lines)
    at = said === null ? at - 1 : next
  }
  return { markdown: out.join('\n'), quotes }
}

const attribution = /^\s{0,3}(?:—|–|--|-(?=\s*\*\*)|―)\s*\S/

function checkBlock(block: readonly string[], said: string | null, index: TranscriptIndex) {
  const inner = block.filter((line) => !attribution.test(line))
  const by = said ?? block.find((line) => attribution.test(line)) ?? null
  const words = unmarked(inner.join('\n'))
  const isShort = normalWords(words).length < 2
  const found = isShort ? null : index.find(words)
  if (found) {
    const from = [found.speaker === null ? '' : `**${escaped(found.speaker)}**`, timeLink(found.startSeconds)]
    const known = from.filter((part) => part !== '')
    const source = known.length > 0 ? `— ${known.join(', ')}` : by
    const quoted = inner.map((line) => `> ${line}`.trimEnd())
    return { quote: { words, found }, lines: source === null ? quoted : [...quoted, '', source.trim()] }
  }
  // Plain words: a heading or list mark in it stays what it is, only nobody is quoted.
  const plain = unmarked(inner.join('\n')).trim()
  return {
    quote: { words, found },
    lines: [`${plain} (paraphrase)`.trim(), ...(by === null ? [] : ['', by.trim()])],
  }
}

const checkInline = (line: string, index: TranscriptIndex, quotes: CheckedQuote[]): string =>
  line.replace(inline, (whole, ...groups: (string | undefined)[]) => {
    const words = groups.slice(0, 4).find((group) => group !== undefined) ?? ''
    if (normalWords(words).length < fewestWords) return whole
    const found = index.find(unmarked(words))
    quotes.push({ words, found })
    return found ? whole : `${words} (paraphrase)`
  })

/** Without the marks around it and emphasis in it. */
const unmarked = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/\s*[[(](?:\d{1,3}:)?\d{1,2}:\d{2}[\])]/g, '')
    .replace(/(?<![\p{L}\p{N}])[*_]{1,3}|[*_]{1,3}(?![\p{L}\p{N}])/gu, '')
    .trim()
    .replace(/^[“„«"]+|[”“»"]+$/g, '')
