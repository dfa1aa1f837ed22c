import { type Compiling, ExpressionReader, variable } from './expression.ts'
import { type Piece, PromptProblem, piecesOf } from './tokens.ts'

/** A template as the engine takes it. */
export interface Translated {
  readonly source: string
  /** What `_s` holds when it is rendered. */
  readonly literals: readonly (string | number | boolean)[]
  /** Names that must come from outside, with the line of their first use. */
  readonly reads: ReadonlyMap<string, number>
}
interface Open {
  readonly tag: 'if' | 'for' | 'unless' | 'comment'
  readonly line: number
  hadElse: boolean
}

/**
 * The common subset of Jinja2 and Liquid as Liquid: outputs, filters, `if`, `for`, `set`, comments, `raw`. Everything
 * else is refused with its line before the engine sees it.
 * @throws PromptProblem
 */
export function translate(template: string): Translated {
  const into: Compiling = { literals: [], reads: new Map(), gives: new Set() }
  const out: string[] = []
  const opened: Open[] = []
  for (const piece of piecesOf(template)) {
    const inComment = opened.at(-1)?.tag === 'comment'
    if (piece.kind === 'words') {
      if (inComment || piece.text === '') continue
      into.literals.push(piece.text)
      // Words are never read as markup again, whatever they hold.
      out.push(`{{ _s[${into.literals.length - 1}] | words }}`)
    } else {
      const [left, right] = [piece.trimsLeft, piece.trimsRight]
      if (left) trimEnd(out, into)
      if (piece.kind === 'output') {
        if (!inComment) out.push(output(piece, into))
      } else out.push(tag(piece, into, opened))
      if (right) out.push(trimMark)
    }
  }
  const left = opened.at(-1)
  if (left) throw new PromptProblem(left.line, `“${left.tag}” begins here and has no “end${left.tag}”.`)
  for (const name of into.gives) into.reads.delete(name)
  return { source: joined(out, into), literals: into.literals, reads: into.reads }
}

const trimMark = '\0trim'
const literalPiece = /^\{\{ _s\[(\d+)\] \| words \}\}$/

/** `{%-`: white space before it goes. */
function trimEnd(out: readonly string[], into: Compiling): void {
  const place = literalPiece.exec(out.at(-1) ?? '')?.[1]
  if (place !== undefined) into.literals[Number(place)] = String(into.literals[Number(place)]).trimEnd()
}
/** `-%}`: white space behind it goes. */
function joined(out: readonly string[], into: Compiling): string {
  for (const [at, piece] of out.entries()) {
    const place = piece === trimMark ? literalPiece.exec(out[at + 1] ?? '')?.[1] : undefined
    if (place !== undefined) into.literals[Number(place)] = String(into.literals[Number(place)]).trimStart()
  }
  return out.filter((piece) => piece !== trimMark).join('')
}

function output(piece: Extract<Piece, { kind: 'output' | 'tag' }>, into: Compiling): string {
  const reader = new ExpressionReader(piece.tokens, piece.line, into)
  const value = reader.expression()
  reader.end()
  return `{{ ${value} | shown }}`
}

function tag(piece: Extract<Piece, { kind: 'output' | 'tag' }>, into: Compiling, opened: Open[]): string {
  const { tokens, line } = piece
  const name = tokens[0]?.kind === 'name' ? tokens[0].value : ''
  const reader = new ExpressionReader(tokens.slice(1), line, into)
  const innermost = opened.at(-1)
  if (innermost?.tag === 'comment') {
    if (name === 'endcomment') opened.pop()
    return ''
  }
  const open = (kind: Open['tag'], source: string): string => {
    if (opened.length > 30) throw new PromptProblem(line, 'this is nested more than 30 levels deep.')
    opened.push({ tag: kind, line, hadElse: false })
    return source
  }
  const condition = (): string => {
    const value = reader.expression()
    reader.end()
    return `(${value} | truth)`
  }
  switch (name) {
    case 'if':
      return open('if', `{% if ${condition()} %}`)
    case 'unless':
      return open('unless', `{% unless ${condition()} %}`)
    case 'elif':
    case 'elsif':
      if (!innermost || innermost.tag === 'for' || innermost.hadElse)
        throw new PromptProblem(line, `“${name}” has no “if” before it.`)
      return `{% elsif ${condition()} %}`
    case 'else':
      if (!innermost || innermost.hadElse) throw new PromptProblem(line, '“else” has no “if” or “for” before it.')
      innermost.hadElse = true
      reader.end()
      return '{% else %}'
    case 'for': {
      const each = reader.name('What follows “for”')
      if (reader.takes(',')) throw new PromptProblem(line, 'a loop with two names is not run by Inkwell.')
      if (['loop', 'forloop'].includes(each) || each.startsWith('_'))
        throw new PromptProblem(line, `“${each}” cannot be the name in a loop.`)
      into.gives.add(each)
      reader.expect('in')
      const list = reader.expression()
      if (reader.takes('if')) throw new PromptProblem(line, 'a loop with “if” in it is not run by Inkwell.')
      reader.end()
      return open('for', `{% for ${variable(each)} in (${list} | each_of) %}`)
    }
    case 'set':
    case 'assign': {
      const given = reader.name(`What follows “${name}”`)
      if (['loop', 'forloop'].includes(given) || given.startsWith('_'))
        throw new PromptProblem(line, `“${given}” cannot be set.`)
      into.gives.add(given)
      reader.expect('=')
      const value = reader.expression()
      reader.end()
      return `{% assign ${variable(given)} = ${value} %}`
    }
    case 'comment':
      return open('comment', '')
    case 'endif':
    case 'endfor':
    case 'endunless':
      if (!innermost || name !== `end${innermost.tag}`)
        throw new PromptProblem(line, `“${name}” ends nothing that is open here.`)
      opened.pop()
      reader.end()
      return `{% ${name} %}`
    default:
      throw new PromptProblem(
        line,
        name === ''
          ? 'this tag has no name.'
          : `“${name.slice(0, 40)}” is not run by Inkwell. It runs if, for, set, comments and raw.`,
      )
  }
}
