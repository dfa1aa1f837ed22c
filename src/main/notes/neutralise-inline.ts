import { allowedDestination } from './links.ts'

const bidiControls = /[\u202a-\u202e\u2066-\u2069]/g

/** Overrides of writing direction can make "Approve" read as something else: shown, not obeyed. */
export const bidiAsSymbols = (text: string): string =>
  text.replace(bidiControls, (mark) => `⟨U+${mark.codePointAt(0)!.toString(16).toUpperCase()}⟩`)

const escapable = /[!-/:-@[-`{-~]/
/** Without attributes, and only behind a letter: at the start of a line even these would open a block of raw HTML. */
const inertTag = /^<\/?(?:br|sub|sup|kbd|mark)\s?\/?>/i
const webAutolink = /^<(https?:\/\/[^\s<>`$\\%[\]]{1,2000})>/i
const linkTail =
  /^\]\([ \t]*(<[^<>`\n]{0,2000}>|[^\s<>()`]{0,2000}(?:\([^\s()`]{0,200}\)[^\s<>()`]{0,2000}){0,5})(?:[ \t]+(?:"[^"`\n]{0,500}"|'[^'`\n]{0,500}'|\([^()`\n]{0,500}\)))?[ \t]*\)/
/** Longest that `linkTail` may look ahead: keeps hostile lines linear. */
const lookAhead = 4_096

/** Lines of one block (no blank line among them), made inert. */
export function inlineText(block: string): string {
  const spans = codeSpans(block)
  const out: string[] = []
  let at = 0
  while (at < block.length) {
    const spanEnd = spans.get(at)
    const [text, length] =
      spanEnd === undefined
        ? inert(block, at, out.at(-1)?.at(-1) ?? '\n')
        : ([literalText(block.slice(at, spanEnd)), spanEnd - at] as const)
    if (text !== '') out.push(text)
    at += length
  }
  return out.join('')
}

/** Code is shown as it is, but for what is found by searching the raw file: Templater's tags and our own markers. */
export const literalText = (code: string): string => code.replace(/<%/g, '&lt;%').replace(/%%(?=\s*inkwell)/gi, '% %')

/**
 * What stands for the character (or construct) at `at`, and how much of the source it covers.
 * @param before the last character that came out: what it will be read after
 */
function inert(block: string, at: number, before: string): [string, number] {
  const character = block[at]!
  const next = block[at + 1] ?? ''
  switch (character) {
    case '\\':
      // Templater knows no backslash, and a bare address before it swallows it.
      if (next === '<' && /[A-Za-z/!?%]/.test(block[at + 2] ?? '')) return ['&lt;', 2]
      if (next === '%' && block[at + 2] === '%') return ['', 1]
      return escapable.test(next) ? [character + next, 2] : [character, 1]
    case '<':
      return angle(block, at)
    case '[':
      if (next === '^') return ['\\[\\^', 2]
      return next === '[' || before === '[' ? ['\\[', 1] : [character, 1]
    case '!':
      // An image becomes a link; behind `!` it would be one again, behind `[` a wikilink.
      if (next !== '[') return [character, 1]
      return [
        `${'!['.includes(before) ? ' ' : ''}${block[at + 2] === ']' ? '[image' : ''}`,
        block[at + 2] === ']' ? 2 : 1,
      ]
    case ']':
      return bracketEnd(block, at, next)
    case '%':
      return next === '%' || block[at - 1] === '%' ? ['&#37;', 1] : [character, 1]
    case '$':
      return !/\d/.test(next) || before === '$' ? ['\\$', 1] : [character, 1]
    case '#':
      return /[\s([{,;]/.test(before) && /[^\s#]/.test(next) ? ['\\#', 1] : [character, 1]
    case '^':
      return /\s/.test(before) ? ['\\^', 1] : [character, 1]
    case ':':
      if (next === ':') return [':\\', 1]
      return block.startsWith('//', at + 1) && !/(?:^|[^\w+.-])https?$/i.test(block.slice(Math.max(0, at - 8), at))
        ? ['\\:', 1]
        : [character, 1]
    default:
      return [character, 1]
  }
}

function angle(block: string, at: number): [string, number] {
  const rest = block.slice(at, at + 2_100)
  const autolink = webAutolink.exec(rest)
  if (autolink?.[1] && allowedDestination(autolink[1])) return [`<${autolink[1]}>`, autolink[0].length]
  const tag = inertTag.exec(rest)
  const lead = tag ? block.slice(Math.max(0, at - 200), at).replace(/^[\s\S]*\n/, '') : ''
  if (tag && /\p{L}/u.test(lead)) return [tag[0], tag[0].length]
  return /[A-Za-z/!?%]/.test(block[at + 1] ?? '') ? ['&lt;', 1] : ['<', 1]
}

/** The end of a link's words: with a destination that may stand, or without any. */
function bracketEnd(block: string, at: number, next: string): [string, number] {
  // A reference definition could give any bracket an address.
  if (next === ':') return [']\\:', 2]
  if (next !== '(') return [']', 1]
  const tail = linkTail.exec(block.slice(at, at + lookAhead))
  const destination = tail?.[1] === undefined ? null : allowedDestination(tail[1])
  return tail && destination !== null ? [`](${destination})`, tail[0].length] : [']\\(', 2]
}

/**
 * Start → end of code spans. Where readers might pair backticks in different ways (a run without a partner on its own
 * line, a half escaped run, a span over a table's cells), nothing in the block counts as code.
 */
function codeSpans(block: string): Map<number, number> {
  const spans = new Map<number, number>()
  let lineStart = 0
  for (const line of block.split('\n')) {
    const runs = backtickRuns(line)
    for (let index = 0; index < runs.length; index++) {
      const open = runs[index]!
      if (open.escaped && open.length === 1) continue
      let partner = index + 1
      while (partner < runs.length && runs[partner]!.length !== open.length) partner++
      const close = runs[partner]
      if (open.escaped || !close || line.slice(open.at, close.at).includes('|')) return new Map()
      spans.set(lineStart + open.at, lineStart + close.at + close.length)
      index = partner
    }
    lineStart += line.length + 1
  }
  // Some readers let a bare address swallow a backtick.
  for (const { index, 0: address } of block.matchAll(/(?:https?:\/\/|www\.)[^\s<]*/gi)) {
    const tick = address.indexOf('`')
    if (tick >= 0 && spans.has(index + tick)) return new Map()
  }
  return spans
}

interface Run {
  readonly at: number
  readonly length: number
  /** Cannot open a span; may still close one, because a backslash inside of code is a backslash. */
  readonly escaped: boolean
}
function backtickRuns(line: string): Run[] {
  const runs: Run[] = []
  for (const { index, 0: marks } of line.matchAll(/`+/g)) {
    let slashes = 0
    while (line[index - slashes - 1] === '\\') slashes++
    runs.push({ at: index, length: marks.length, escaped: slashes % 2 === 1 })
  }
  return runs
}
