import { bidiAsSymbols, inlineText, literalText } from './neutralise-inline.ts'

/** Larger notes are cut: no model's answer is this long, and Obsidian grows slow. UTF-16 units. */
export const maxNoteCharacters = 1_048_576

/** Languages that no plugin runs; all others become `text`. */
const inertLanguages: ReadonlySet<string> = new Set(['text', 'txt', 'json', 'csv', 'diff', 'toml', 'ini'])
/** A line that may open or close a fence at any depth of lists and quotations. */
const fenceLine = /^((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}|~{3,})([^\n]*)$/

interface Line {
  readonly text: string
  /** Literal content of a fence whose bounds every reader agrees on. */
  readonly literal: boolean
}

/**
 * The last gate before the vault: Markdown from anywhere as Markdown that keeps its headings, lists, emphasis, quotes,
 * tables, code and web links, and does nothing else in Obsidian: runs no plugin, loads nothing, embeds and links
 * nothing of the vault, hides nothing. Where readers might disagree about what is code, it counts as text.
 * Applying it twice changes nothing.
 */
export function neutralise(markdown: string): string {
  const cut =
    markdown.length > maxNoteCharacters
      ? `${markdown.slice(0, maxNoteCharacters - 100)}\n\n(The rest was left out: the note is too long.)`
      : markdown
  const clean = bidiAsSymbols(
    cut
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]|[\u{e0000}-\u{e007f}]/gu, ''),
  )
  const blocks: string[] = []
  let block: string[] = []
  const flush = (): void => {
    if (block.length > 0) blocks.push(inlineText(block.join('\n')))
    block = []
  }
  for (const { text, literal } of splitFences(clean.split('\n'))) {
    if (literal) {
      flush()
      blocks.push(literalText(text))
    } else if (text.trim() === '') {
      flush()
      blocks.push('')
    } else block.push(text)
  }
  flush()
  return breakInlineQueries(blocks.join('\n'))
}

/** Marks the lines of fences that open in the first column; all other fence lines only lose their language. */
function* splitFences(lines: readonly string[]): Generator<Line> {
  let open: { marks: string; close: RegExp } | null = null
  for (const line of lines) {
    if (open) {
      const closes = open.close.test(line)
      yield { text: closes ? line.trim() : line, literal: true }
      if (closes) open = null
      continue
    }
    const [, container = '', marks = '', info = ''] = fenceLine.exec(line) ?? []
    const opens = marks.startsWith('~') || (marks !== '' && !info.includes('`'))
    const text = opens ? `${container}${marks}${inertInfo(info)}` : line
    const literal = opens && container === ''
    if (literal) open = { marks, close: new RegExp(`^ {0,3}${marks[0]}{${marks.length},}[ \\t]*$`) }
    yield { text, literal }
  }
  // What follows the note must not be swallowed by a fence that was left open.
  if (open) yield { text: open.marks, literal: true }
}

function inertInfo(info: string): string {
  const language = info.trim()
  if (language === '') return ''
  return inertLanguages.has(language.toLowerCase()) ? language.toLowerCase() : 'text'
}

/** Dataview and Meta Bind run inline code by how it begins; a zero-width space there ends that, however backticks pair. */
const breakInlineQueries = (markdown: string): string =>
  markdown.replace(
    /(`[ \t>]*(?:\n[ \t>]*)?)(?=\$?=|(?:INPUT|VIEW|BUTTON)\s*[[{]|(?:js-engine|jsx?|run-\w+)\s*:)/gi,
    '$1\u200b',
  )
