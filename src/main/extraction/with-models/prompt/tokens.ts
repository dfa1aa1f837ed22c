/** A word of an expression in `{{ }}` or `{% %}`. */
export interface Token {
  readonly kind: 'text' | 'number' | 'name' | 'mark'
  /** Of text: what it stands for, without quotes. */
  readonly value: string
  readonly line: number
}
/** A piece of a template. */
export type Piece =
  | { readonly kind: 'words'; readonly text: string; readonly line: number }
  | {
      readonly kind: 'output' | 'tag'
      readonly tokens: readonly Token[]
      readonly line: number
      /** `{%-` and `-%}` take the white space beside them. */
      readonly trimsLeft: boolean
      readonly trimsRight: boolean
    }

/** What a template has that Inkwell does not run. Thrown inside this folder only, which turns it into a failure. */
export class PromptProblem extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

const token =
  /\s*(?:("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|<=|>=|\/\/|\*\*|[<>|~()[\].,:+*/%={}-]))/y
const most = 2_000

/** Cuts a template into words, outputs and tags; what stands between `raw` and `endraw` is words. */
export function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  const lineAt = createLineCounter(source)
  const words = (end: number): void => {
    if (end > at) pieces.push({ kind: 'words', text: source.slice(at, end), line: lineAt(at) })
    at = end
  }
  for (;;) {
    const open = /\{[{%#]/g
    open.lastIndex = at
    const found = open.exec(source)
    if (!found) break
    words(found.index)
    const line = lineAt(at)
    if (found[0] === '{#') {
      const end = source.indexOf('#}', at + 2)
      if (end < 0) throw new PromptProblem(line, 'the comment that begins here with {# does not end.')
      at = end + 2
      continue
    }
    const piece = readPiece(source, at, found[0] === '{{' ? '}}' : '%}', lineAt)
    at = piece.end
    if (piece.kind === 'tag' && piece.tokens[0]?.value === 'raw' && piece.tokens.length === 1) {
      const close = /\{%-?\s*endraw\s*-?%\}/g
      close.lastIndex = at
      const end = close.exec(source)
      if (!end) throw new PromptProblem(line, '“raw” begins here and has no “endraw”.')
      words(end.index)
      at = close.lastIndex
    } else pieces.push(piece)
    if (pieces.length > most) throw new PromptProblem(line, `it has more than ${most} tags.`)
  }
  words(source.length)
  return pieces
}

function readPiece(source: string, start: number, close: string, lineAt: (at: number) => number) {
  const line = lineAt(start)
  const trimsLeft = source[start + 2] === '-'
  const tokens: Token[] = []
  let at = start + (trimsLeft ? 3 : 2)
  for (;;) {
    const end = /\s*(-?)(\}\}|%\})/y
    end.lastIndex = at
    const closed = end.exec(source)
    if (closed?.[2] === close) {
      const kind = close === '}}' ? ('output' as const) : ('tag' as const)
      return { kind, tokens, line, trimsLeft, trimsRight: closed[1] === '-', end: end.lastIndex }
    }
    token.lastIndex = at
    const read = token.exec(source)
    if (!read) {
      const rest = source.slice(at).trimStart()
      if (rest === '') throw new PromptProblem(line, `“{${close === '}}' ? '{' : '%'}” begins here and does not end.`)
      throw new PromptProblem(lineAt(at), `“${rest.slice(0, 12)}” is not understood here.`)
    }
    const [, quoted, digits, name, mark] = read
    const here = lineAt(token.lastIndex - 1)
    if (quoted !== undefined) tokens.push({ kind: 'text', value: unquoted(quoted), line: here })
    else if (digits !== undefined) tokens.push({ kind: 'number', value: digits, line: here })
    else if (name !== undefined) tokens.push({ kind: 'name', value: name, line: here })
    else tokens.push({ kind: 'mark', value: mark!, line: here })
    at = token.lastIndex
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
const unquoted = (text: string): string =>
  text.slice(1, -1).replace(/\\([\s\S])/g, (_, mark: string) => escapes[mark] ?? mark)

/** Line numbers for positions that only grow. */
function createLineCounter(source: string): (at: number) => number {
  let seen = 0
  let line = 1
  return (at) => {
    if (at < seen) return source.slice(0, at).split('\n').length
    for (; seen < at; seen++) if (source.charCodeAt(seen) === 10) line++
    return line
  }
}
