import { PromptProblem, type Token } from './tokens.ts'

/** What the expressions of one template share. */
export interface Compiling {
  /** Literals of the template; the engine reads them by their place, so that no mark in them can end a tag. */
  readonly literals: (string | number | boolean)[]
  /** Names that are read, with the line of the first time. */
  readonly reads: Map<string, number>
  /** Names that the template itself gives. */
  readonly gives: Set<string>
}

/** Jinja's filters by the engine's name: all of them are Inkwell's own (filters.ts). */
const filterNames: Readonly<Record<string, string>> = {
  default: 'default_to',
  d: 'default_to',
  upper: 'upper',
  upcase: 'upper',
  lower: 'lower',
  downcase: 'lower',
  capitalize: 'capitalize',
  title: 'title',
  trim: 'trim',
  strip: 'trim',
  replace: 'replace_all',
  truncate: 'truncate_to',
  length: 'length_of',
  count: 'length_of',
  size: 'length_of',
  join: 'join_by',
  first: 'first_of',
  last: 'last_of',
  reverse: 'reversed',
  sort: 'sorted',
  unique: 'unique_of',
  uniq: 'unique_of',
  int: 'whole',
  float: 'number',
  round: 'rounded',
  abs: 'absolute',
  string: 'text',
  tojson: 'as_json',
  json: 'as_json',
  wordcount: 'word_count',
  number_of_words: 'word_count',
  striptags: 'without_tags',
  strip_html: 'without_tags',
  indent: 'indented',
  list: 'as_list',
  append: 'tilde',
}
const loopNames: Readonly<Record<string, string>> = {
  index: 'index',
  index0: 'index0',
  revindex: 'rindex',
  revindex0: 'rindex0',
  first: 'first',
  last: 'last',
  length: 'length',
}
const comparisons: Readonly<Record<string, string>> = {
  '==': 'equals',
  '!=': 'differs',
  '<': 'less',
  '<=': 'at_most',
  '>': 'more',
  '>=': 'at_least',
}
const sums: Readonly<Record<string, string>> = { '+': 'plus_any', '-': 'minus_number', '*': 'times_number' }
const deepest = 40

/** The engine's own words (`empty`, `blank`, `nil`) are names like any other in a template. */
export const variable = (name: string): string => `v_${name}`

/** Reads the tokens of one tag from left to right and writes each expression as a chain of filters. */
export class ExpressionReader {
  readonly #tokens: readonly Token[]
  readonly #line: number
  readonly #into: Compiling
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[], line: number, into: Compiling) {
    this.#tokens = tokens
    this.#line = line
    this.#into = into
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length
  }
  /** Takes the next token when it is this word or mark. */
  takes(value: string): boolean {
    const next = this.#tokens[this.#at]
    if (next === undefined || next.kind === 'text' || next.value !== value) return false
    this.#at++
    return true
  }
  name(what: string): string {
    const next = this.#tokens[this.#at]
    if (next?.kind !== 'name') throw this.problem(`${what} must be a name.`)
    this.#at++
    return next.value
  }
  expect(value: string): void {
    if (!this.takes(value)) throw this.problem(`“${value}” is missing here.`)
  }
  end(): void {
    const next = this.#tokens[this.#at]
    if (!next) return
    throw this.problem(`“${next.value.slice(0, 20)}” is not understood here.`)
  }
  problem(message: string): PromptProblem {
    return new PromptProblem(this.#tokens[this.#at]?.line ?? this.#tokens.at(-1)?.line ?? this.#line, message)
  }

  /** `a if b else c`, `or`, `and`, `not`, comparisons, `~`, sums, filters. */
  expression(): string {
    if (++this.#depth > deepest) throw this.problem('this is nested more than 40 levels deep.')
    const value = this.#or()
    this.#depth--
    if (!this.takes('if')) return value
    const when = this.#or()
    const otherwise = this.takes('else') ? this.expression() : this.#literal('')
    return `(${when} | choose: ${value}, ${otherwise})`
  }
  #or(): string {
    let value = this.#and()
    while (this.takes('or')) value = `(${value} | otherwise: ${this.#and()})`
    return value
  }
  #and(): string {
    let value = this.#not()
    while (this.takes('and')) value = `(${value} | provided: ${this.#not()})`
    return value
  }
  #not(): string {
    let nots = 0
    while (this.takes('not')) if (++nots > deepest) throw this.problem('this is nested more than 40 levels deep.')
    let value = this.#comparison()
    for (; nots > 0; nots--) value = `(${value} | negated)`
    return value
  }
  #comparison(): string {
    const value = this.#sum()
    for (const [mark, filter] of Object.entries(comparisons))
      if (this.takes(mark)) return `(${value} | ${filter}: ${this.#sum()})`
    if (this.takes('contains')) return `(${this.#sum()} | within: ${value})`
    if (this.takes('in')) return `(${value} | within: ${this.#sum()})`
    if (this.takes('not')) {
      this.expect('in')
      return `((${value} | within: ${this.#sum()}) | negated)`
    }
    if (!this.takes('is')) return value
    const not = this.takes('not')
    const test = this.name('What follows “is”')
    if (!['defined', 'undefined', 'none'].includes(test))
      throw this.problem(`“is ${test}” is not run by Inkwell; “is defined” and “is none” are.`)
    const given = `(${value} | given)`
    return (test === 'defined') !== not ? given : `(${given} | negated)`
  }
  #sum(): string {
    let value = this.#filtered()
    for (;;) {
      if (this.takes('~')) value = `(${value} | tilde: ${this.#filtered()})`
      else {
        const mark = Object.keys(sums).find((sum) => this.takes(sum))
        if (mark === undefined) return value
        value = `(${value} | ${sums[mark]}: ${this.#filtered()})`
      }
    }
  }
  #filtered(): string {
    let value = this.#operand()
    while (this.takes('|')) {
      const name = this.name('What follows “|”')
      if (!Object.hasOwn(filterNames, name)) throw this.problem(`the filter “${name}” is not run by Inkwell.`)
      const given = this.takes('(') ? this.#arguments(')') : this.takes(':') ? this.#arguments(null) : []
      value = `(${value} | ${filterNames[name]}${given.length > 0 ? `: ${given.join(', ')}` : ''})`
    }
    return value
  }
  /** @param close null for Liquid's way, `| filter: a, b` */
  #arguments(close: ')' | null): string[] {
    const given: string[] = []
    if (close !== null && this.takes(close)) return given
    do {
      const next = this.#tokens[this.#at + 1]
      // `default(value="x")`: a filter's arguments stand in their order.
      if (close !== null && this.#tokens[this.#at]?.kind === 'name' && next?.kind === 'mark' && next.value === '=')
        this.#at += 2
      given.push(close === null ? this.#operand() : this.expression())
    } while (this.takes(','))
    if (close !== null) this.expect(close)
    return given
  }
  #operand(): string {
    const next = this.#tokens[this.#at]
    if (!next) throw this.problem('something is missing here.')
    this.#at++
    if (next.kind === 'text') return this.#literal(next.value)
    if (next.kind === 'number') return this.#literal(Number(next.value))
    if (next.value === '-' && this.#tokens[this.#at]?.kind === 'number')
      return this.#literal(-Number(this.#tokens[this.#at++]!.value))
    if (next.value === '(') {
      const value = this.expression()
      this.expect(')')
      return value
    }
    if (next.kind !== 'name') {
      this.#at--
      throw this.problem(
        next.value === '[' || next.value === '{'
          ? 'lists and maps written out in a template are not run by Inkwell.'
          : `“${next.value}” is not understood here.`,
      )
    }
    return this.#named(next)
  }
  #named(first: Token): string {
    const word = first.value.toLowerCase()
    if (word === 'true' || word === 'false') return this.#literal(word === 'true')
    if (['none', 'nil', 'null'].includes(word)) return '_none'
    if (first.value.startsWith('_')) throw this.problem('names that begin with “_” are not for templates.')
    const isLoop = first.value === 'loop' || first.value === 'forloop'
    let value = isLoop ? 'forloop' : variable(first.value)
    if (!isLoop && !this.#into.reads.has(first.value)) this.#into.reads.set(first.value, first.line)
    for (;;) {
      if (this.takes('.')) {
        const key = this.name('What follows “.”')
        if (key.startsWith('_')) throw this.problem('names that begin with “_” are not for templates.')
        if (isLoop && !Object.hasOwn(loopNames, key)) throw this.problem(`“loop.${key}” is not run by Inkwell.`)
        value = isLoop ? `forloop.${loopNames[key]}` : `(${value} | item: ${this.#literal(key)})`
      } else if (this.takes('[')) {
        if (this.takes(':')) throw this.problem('parts of lists such as [:3] are not run by Inkwell.')
        const key = this.expression()
        if (this.takes(':')) throw this.problem('parts of lists such as [1:3] are not run by Inkwell.')
        this.expect(']')
        value = `(${value} | item: ${key})`
      } else if (this.takes('(')) throw this.problem(`“${first.value}…()” calls something; Inkwell calls nothing.`)
      else return value
    }
  }
  #literal(value: string | number | boolean): string {
    this.#into.literals.push(value)
    return `_s[${this.#into.literals.length - 1}]`
  }
}
