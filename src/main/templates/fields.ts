import type { YamlMap, YamlValue } from './yaml-map.ts'

/** Thrown inside `parseTemplate` only, which turns it into a failure. */
export class FieldProblem extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

const kinds: Record<YamlValue['kind'], string> = {
  null: 'empty',
  text: 'text',
  list: 'a list',
  map: 'a group of fields',
}
const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

function present(map: YamlMap, name: string): Exclude<YamlValue, { kind: 'null' }> | null {
  const value = map.entries.get(name)
  return value === undefined || value.kind === 'null' ? null : value
}

export function textField(map: YamlMap, name: string, options: { max: number; fallback?: string }): string {
  const value = present(map, name)
  if (value === null) {
    if (options.fallback !== undefined) return options.fallback
    throw new FieldProblem(map.entries.get(name)?.line ?? map.line, `“${name}” is missing.`)
  }
  if (value.kind !== 'text') throw new FieldProblem(value.line, `“${name}” is ${kinds[value.kind]}; it must be text.`)
  if (value.text.length > options.max)
    throw new FieldProblem(value.line, `“${name}” has ${value.text.length} characters; ${options.max} is the most.`)
  return value.text
}

export function numberField(
  map: YamlMap,
  name: string,
  options: { min: number; max: number; integer: boolean; fallback: number },
): number {
  const value = present(map, name)
  if (value === null) return options.fallback
  const text = textField(map, name, { max: 1_000 })
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(number) || (options.integer && !Number.isInteger(number)))
    throw new FieldProblem(
      value.line,
      `“${name}” is “${short(text)}”; it must be a ${options.integer ? 'whole ' : ''}number.`,
    )
  if (number < options.min || number > options.max)
    throw new FieldProblem(value.line, `“${name}” is ${short(text)}; it must be from ${options.min} to ${options.max}.`)
  return number
}

export function choiceField<Choice extends string>(
  map: YamlMap,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const text = textField(map, name, { max: 1_000, fallback })
  const choice = choices.find((candidate) => candidate === text)
  if (choice === undefined)
    throw new FieldProblem(
      present(map, name)?.line ?? map.line,
      `“${name}” is “${short(text)}”; it must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`,
    )
  return choice
}

export function booleanField(map: YamlMap, name: string, fallback: boolean): boolean {
  const text = textField(map, name, { max: 1_000, fallback: String(fallback) })
  if (/^true$/i.test(text)) return true
  if (/^false$/i.test(text)) return false
  throw new FieldProblem(
    present(map, name)?.line ?? map.line,
    `“${name}” is “${short(text)}”; it must be true or false.`,
  )
}

export function listField(map: YamlMap, name: string): readonly YamlValue[] {
  const value = present(map, name)
  if (value === null) return []
  if (value.kind !== 'list') throw new FieldProblem(value.line, `“${name}” is ${kinds[value.kind]}; it must be a list.`)
  return value.items
}
