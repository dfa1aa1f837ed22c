import { parseDocument } from 'yaml'
import { fail, ok, type Result } from '#shared/result.ts'
import type { TemplatePrompt } from '../../services.ts'
import { dataToMarkdown } from './answer-data.ts'
import { normalWords } from './transcript-index.ts'

export type AnswerFailure = 'answer-empty' | 'answer-unusable' | 'answer-refused'
export interface ReadAnswer {
  /** Without frontmatter, fence around it and first-level heading. */
  readonly markdown: string
}

const mostDepth = 12

/** Takes an answer only when it is a note: in the format that was asked for, with words, not one line over and over. */
export function readAnswer(text: string, format: TemplatePrompt['expectedFormat']): Result<ReadAnswer, AnswerFailure> {
  const clean = unwrapped(text.toWellFormed().replace(/\r\n?/g, '\n'))
  const words = normalWords(clean)
  if (words.length === 0 || /^#\s*Error\s+No content extracted\.?$/i.test(clean.trim()))
    return fail('answer-empty', 'The model answered with nothing. No note was written.', { retryable: true })
  if (clean.length < 400 && refusal.test(clean.trim()))
    return fail('answer-refused', `The model would not do it: “${clean.trim().slice(0, 200)}”`, { retryable: true })
  if (format === 'json' || format === 'yaml') return readData(clean, format)
  if (words.length < 3) return unusable(`it says only “${clean.trim().slice(0, 60)}”`)
  if (repeats(clean, words)) return unusable('it repeats itself')
  return ok({ markdown: body(clean) })
}

const refusal =
  /^(?:I['’]m (?:very )?sorry|I am sorry|Sorry,|I can(?:no|['’])t (?:help|assist|do|comply|provide|process)|I['’]m (?:unable|not able)|As an AI\b)/i

const unusable = (why: string) =>
  fail('answer-unusable', `The model’s answer cannot be used: ${why}. No note was written.`, { retryable: true })

/** Small models fall into loops: the same few words to the end of the answer. */
function repeats(text: string, words: readonly string[]): boolean {
  const lines = text.split('\n').filter((line) => normalWords(line).length > 2)
  if (lines.length >= 20 && new Set(lines).size <= lines.length / 5) return true
  return words.length >= 200 && new Set(words).size <= words.length / 40
}

/** Models like to put the whole answer into a code fence. */
function unwrapped(text: string): string {
  const fence = /^\s*(`{3,}|~{3,})[a-z]*[ \t]*\n([\s\S]*?)\n\1[ \t]*\s*$/i.exec(text)
  return fence && !fence[2]!.includes(`\n${fence[1]}`) ? fence[2]! : text
}

function body(text: string): string {
  const lines = text
    .replace(/^\s*---[ \t]*\n[\s\S]{0,4000}?\n---[ \t]*(?:\n|$)/, '')
    .trim()
    .split('\n')
  if (/^# /.test(lines[0] ?? '')) lines.shift()
  let fence: string | null = null
  return lines
    .map((line) => {
      const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1]
      if (mark !== undefined) fence = fence === null ? mark : mark.startsWith(fence) ? null : fence
      return fence === null && /^# /.test(line) ? `#${line}` : line
    })
    .join('\n')
    .trim()
}

function readData(text: string, format: 'json' | 'yaml'): Result<ReadAnswer, AnswerFailure> {
  const data = format === 'json' ? parseJson(text) : parseYaml(text)
  if (data === undefined) return unusable(`it is not ${format === 'json' ? 'JSON' : 'YAML'}`)
  if (depthOf(data) > mostDepth) return unusable('it is nested too deep')
  const markdown = dataToMarkdown(data)
  return markdown === ''
    ? fail('answer-empty', 'The model answered with nothing. No note was written.', { retryable: true })
    : ok({ markdown })
}

/** Words before and after the value are left out: that much is forgiven. */
function parseJson(text: string): unknown {
  for (const candidate of [
    text,
    text.slice(text.search(/[[{]/), Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1),
  ])
    try {
      const data: unknown = JSON.parse(candidate)
      if (data !== null && typeof data === 'object') return data
    } catch {}
  return undefined
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: true, logLevel: 'silent' })
  if (document.errors.length > 0) return undefined
  try {
    const data: unknown = document.toJS({ maxAliasCount: 0 })
    return data !== null && typeof data === 'object' ? data : undefined
  } catch {
    return undefined
  }
}

const depthOf = (value: unknown, depth = 0): number =>
  depth > mostDepth || value === null || typeof value !== 'object'
    ? depth
    : Object.values(value).reduce<number>((most, one) => Math.max(most, depthOf(one, depth + 1)), depth + 1)

/** Items of a note: quotations, else list entries; null for prose. */
export function countItems(markdown: string): number | null {
  const quotations = markdown.match(/(?:^|\n)(?!>)[^\n]*\n?(?=>)/g)?.length ?? 0
  const blocks = markdown.split(/\n(?!>)/).filter((block) => block.startsWith('>')).length
  if (quotations > 0 || blocks > 0) return blocks
  const items = markdown.split('\n').filter((line) => /^(?:[-*+]|\d{1,3}[.)])\s/.test(line)).length
  return items >= 2 ? items : null
}
