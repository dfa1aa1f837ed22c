import { Document, isMap, isScalar, isSeq, parseDocument, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { bidiAsSymbols } from './neutralise-inline.ts'

/** Plain: a word, date or number that YAML 1.1 and 1.2 read alike. Text: always quoted, so that no reader guesses. */
export type YamlValue =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly decimals?: number }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: 'null' }

export const plain = (text: string): YamlValue => ({ kind: 'plain', text })
export const text = (value: string): YamlValue => ({ kind: 'text', text: inert(oneLine(value)) })
export const number = (value: number, decimals?: number): YamlValue =>
  Number.isFinite(value) ? { kind: 'number', value, ...(decimals === undefined ? {} : { decimals }) } : { kind: 'null' }
export const list = (items: readonly string[]): YamlValue => ({ kind: 'list', items })
export const nothing: YamlValue = { kind: 'null' }

const oneLine = (value: string): string =>
  value
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .slice(0, 1_000)

/**
 * Templater runs what stands in `<% %>` anywhere in a file, also in its frontmatter; a property in double brackets is a
 * link. No escape is used: Obsidian writes properties anew, without them.
 */
const inert = (value: string): string =>
  bidiAsSymbols(value)
    .replace(/<(?=%)/g, '< ')
    .replace(/\[(?=\[)/g, '[ ')

/**
 * A YAML mapping by the serialiser, read again and compared before it is used.
 * @throws when it does not read back as it was meant: a defect, never written
 */
export function yamlMapping(entries: readonly (readonly [string, YamlValue])[]): string {
  const document = new Document(new YAMLMap())
  for (const [key, value] of entries) document.add(document.createPair(key, nodeOf(value)))
  const yaml = document.toString({ lineWidth: 0, nullStr: 'null' })
  const back = readMapping(yaml)
  for (const [key, value] of entries)
    if (JSON.stringify(back?.get(key)) !== JSON.stringify(expected(value)))
      throw new Error(`the YAML of ${key} does not read back`)
  if (back?.size !== new Set(entries.map(([key]) => key)).size) throw new Error('the YAML does not read back')
  return yaml
}

function nodeOf(value: YamlValue): unknown {
  const scalar = (content: unknown, type: Scalar.Type): Scalar => {
    const node = new Scalar(content)
    node.type = type
    return node
  }
  switch (value.kind) {
    case 'plain':
      return scalar(value.text, 'PLAIN')
    case 'text':
      return scalar(value.text, 'QUOTE_DOUBLE')
    case 'number': {
      const node = new Scalar(value.decimals === undefined ? value.value : Number(value.value.toFixed(value.decimals)))
      if (value.decimals !== undefined) node.minFractionDigits = value.decimals
      return node
    }
    case 'list': {
      const items = new YAMLSeq()
      items.items = value.items.map((item) => scalar(item, /^[A-Za-z][\w-]*$/.test(item) ? 'PLAIN' : 'QUOTE_DOUBLE'))
      return items
    }
    case 'map': {
      const map = new YAMLMap()
      for (const [key, item] of value.entries) map.set(scalar(key, 'QUOTE_DOUBLE'), scalar(item, 'QUOTE_DOUBLE'))
      return map
    }
    case 'null':
      return null
  }
}

const expected = (value: YamlValue): unknown => {
  if (value.kind === 'number')
    return value.decimals === undefined ? String(value.value) : value.value.toFixed(value.decimals)
  if (value.kind === 'list') return value.items
  if (value.kind === 'map') return Object.fromEntries(value.entries)
  return value.kind === 'null' ? null : value.text
}

const maxYamlCharacters = 65_536
export type YamlRead = string | null | YamlRead[] | { [key: string]: YamlRead }

/**
 * Keys and values of a YAML mapping, every scalar as the string it was written as (`null` and `~` unquoted are null).
 * Null for what is no mapping, has errors, duplicate keys or aliases, or is larger than 64 KB.
 */
export function readMapping(yaml: string): Map<string, YamlRead> | null {
  if (yaml.length > maxYamlCharacters || (yaml.match(/\n/g)?.length ?? 0) > 2_000) return null
  const document = parseDocument(yaml.replace(/^\ufeff/, ''), {
    schema: 'failsafe',
    uniqueKeys: true,
    logLevel: 'silent',
  })
  if (document.errors.length > 0 || !isMap(document.contents)) return null
  const read = new Map<string, YamlRead>()
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key)) return null
    const plainValue = readNode(value, 0)
    if (plainValue === undefined) return null
    read.set(String(key.value), plainValue)
  }
  return read
}

/** Undefined for aliases and for what is nested too deep. */
function readNode(node: unknown, depth: number): YamlRead | undefined {
  if (node === null || depth > 8) return depth > 8 ? undefined : null
  if (isScalar(node)) {
    const isPlain = node.type === 'PLAIN' || node.type === undefined
    const content = String(node.value ?? '')
    return isPlain && /^(?:null|Null|NULL|~|)$/.test(content) ? null : content
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => readNode(item, depth + 1))
    return items.includes(undefined) ? undefined : (items as YamlRead[])
  }
  if (!isMap(node)) return undefined
  const entries = node.items.map(({ key, value }) => [
    String(isScalar(key) ? key.value : ''),
    readNode(value, depth + 1),
  ])
  if (entries.some(([, value]) => value === undefined)) return undefined
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as { [key: string]: YamlRead }
}

/** A leading `---` … `---` block and where the text behind it begins; null where there is none. */
function frontmatterBlock(markdown: string): { readonly yaml: string; readonly end: number } | null {
  const start = /^\ufeff?---[ \t]*\r?\n/.exec(markdown)
  if (!start) return null
  const end = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m.exec(markdown.slice(start[0].length))
  if (!end) return null
  const ends = start[0].length + end.index
  return { yaml: markdown.slice(start[0].length, ends), end: ends + end[0].length }
}

/** The text behind the frontmatter; all of it where there is none. */
export function withoutFrontmatter(markdown: string): string {
  const block = frontmatterBlock(markdown)
  return block ? markdown.slice(block.end).replace(/^(?:[ \t]*\r?\n)+/, '') : markdown
}

const identityKeys = ['template', 'transcript_source', 'podcast', 'episode', 'date', 'url'] as const

/**
 * What the frontmatter says it is a note of: template, podcast, episode, day and address, however the user edited the
 * rest. Null where it does not say.
 */
export function identityOf(markdown: string): string | null {
  const block = frontmatterBlock(markdown)
  const values = block && readMapping(block.yaml)
  if (!values?.get('episode') || !(values.get('template') ?? values.get('transcript_source'))) return null
  return JSON.stringify(identityKeys.map((key) => values.get(key) ?? null))
}

/** A tag that Obsidian accepts: no space or mark, not all digits. */
export function tagOf(name: string): string {
  const tag = name.replace(/[^\p{L}\p{N}_/-]+/gu, '-').replace(/^[-/]+|[-/]+$/g, '')
  return /\D/.test(tag) ? tag : `t-${tag}`
}
