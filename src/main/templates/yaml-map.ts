import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
} from 'yaml'
import { fail, ok, type Result } from '#shared/result.ts'

export const maxYamlBytes = 262_144
const maxDepth = 32
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype'])
const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])

/** A value as written, with the line it stands on. Scalars stay strings: `1.10`, `no` and `22:22` mean nothing here. */
export type YamlValue = { readonly line: number } & (
  | { readonly kind: 'null' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly YamlValue[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, YamlValue> }
)
export type YamlMap = Extract<YamlValue, { kind: 'map' }>
export type YamlFailure = 'invalid-template'

export const invalid = (line: number | null, message: string) =>
  fail<YamlFailure>('invalid-template', line === null ? message : `Line ${line}: ${message}`, { details: { line } })

/**
 * Reads one YAML document whose root is a map, with the failsafe schema: at most 256 KB and 32 levels, without aliases,
 * tags and repeated keys. Keys that could reach a prototype are dropped. The message names the line.
 */
export function readYamlMap(source: string): Result<YamlMap, YamlFailure> {
  if (Buffer.byteLength(source) > maxYamlBytes) return invalid(null, 'This file is larger than 256 KB.')
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(source)
  if (control) {
    const line = source.slice(0, control.index).split('\n').length
    return invalid(line, 'there is a control character here; a text file has none.')
  }
  const lines = new LineCounter()
  const lineOf = (node: { range?: readonly number[] | null | undefined }): number =>
    lines.linePos(node.range?.[0] ?? 0).line
  try {
    // The library compares every key with every other; a set does it once, below.
    const document = parseDocument(source.replace(/^\ufeff/, ''), {
      schema: 'failsafe',
      uniqueKeys: false,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
    })
    const error = document.errors[0] ?? document.warnings[0]
    if (error) return invalid(lines.linePos(error.pos[0]).line, `${describe(error.code, error.message)}.`)
    let problem: ReturnType<typeof invalid> | null = null
    visit(document, {
      Node: (_, node, path) => {
        if (isAlias(node)) problem = invalid(lineOf(node), 'aliases (*name) are not allowed in templates.')
        else if (path.filter(isCollection).length > maxDepth)
          problem = invalid(lineOf(node), 'this is nested more than 32 levels deep.')
        return problem ? visit.BREAK : undefined
      },
    })
    if (problem) return problem
    if (!isMap(document.contents)) return invalid(1, 'a template is a list of fields such as “name: my-template”.')
    return convert(document.contents as Node, lineOf) as Result<YamlMap, YamlFailure>
  } catch (error) {
    if (error instanceof RangeError) return invalid(null, 'This file is nested too deep.')
    throw error
  }
}

const describe = (code: string, message: string): string =>
  code === 'MULTIPLE_DOCS'
    ? 'there is more than one document in this file'
    : code === 'TAG_RESOLVE_FAILED'
      ? 'type tags such as !!js/function are not allowed'
      : message.replace(/\.$/, '')

function convert(
  node: Node | null,
  lineOf: (node: { range?: readonly number[] | null | undefined }) => number,
): Result<YamlValue, YamlFailure> {
  if (node === null) return ok({ kind: 'null', line: 1 })
  const line = lineOf(node)
  if (isScalar(node)) {
    const text = String(node.value ?? '')
    const plain = node.type === Scalar.PLAIN || node.type === undefined
    return ok(plain && nulls.has(text) ? { kind: 'null', line } : { kind: 'text', line, text })
  }
  if (isSeq(node)) {
    const items: YamlValue[] = []
    for (const item of node.items) {
      const value = convert(item as Node | null, lineOf)
      if (!value.ok) return value
      items.push(value.value)
    }
    return ok({ kind: 'list', line, items })
  }
  const entries = new Map<string, YamlValue>()
  for (const { key, value } of (node as unknown as { items: Pair<Node, Node | null>[] }).items) {
    const keyLine = lineOf(key)
    if (!isScalar(key)) return invalid(keyLine, 'the name of a field must be a word.')
    const name = String(key.value ?? '')
    if (entries.has(name)) return invalid(keyLine, `“${name.slice(0, 60)}” is there twice.`)
    if (refusedKeys.has(name)) continue
    const converted = convert(value, lineOf)
    if (!converted.ok) return converted
    entries.set(name, value === null ? { kind: 'null', line: keyLine } : converted.value)
  }
  return ok({ kind: 'map', line, entries })
}
