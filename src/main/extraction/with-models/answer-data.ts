import { text as escaped } from '../offline/markdown.ts'

/** Data of a model's answer as Markdown: keys as headings, lists as lists, quotations as quotations. */
export function dataToMarkdown(data: unknown): string {
  return blocks(data, 3).join('\n\n').trim()
}

const quoteKey = /^(?:quote|quotation|quote_text|verbatim)$/i
const nameKeys = ['name', 'title', 'term', 'concept', 'topic', 'heading', 'person', 'tool', 'book']

function blocks(data: unknown, level: number): string[] {
  if (isEmpty(data)) return []
  if (Array.isArray(data)) {
    if (data.some((one) => isRecord(one) && Object.keys(one).some((key) => quoteKey.test(key))))
      return data.flatMap((one) => (isRecord(one) ? quotation(one, level) : [line(one)]))
    return [
      data
        .filter((one) => !isEmpty(one))
        .map((one) => entry(one, 0))
        .join('\n'),
    ]
  }
  if (!isRecord(data)) return [line(data)]
  if (Object.keys(data).some((key) => quoteKey.test(key))) return quotation(data, level)
  const entries = Object.entries(data).filter(([, value]) => !isEmpty(value))
  const single = entries.length === 1 ? entries[0] : undefined
  if (single && level === 3) return blocks(single[1], level)
  return entries.flatMap(([key, value]) =>
    isPlain(value) && level > 3
      ? [`**${words(key)}**: ${line(value)}`]
      : [`${'#'.repeat(Math.min(6, level))} ${words(key)}`, ...blocks(value, level + 1)],
  )
}

function quotation(data: Record<string, unknown>, level: number): string[] {
  const key = Object.keys(data).find((one) => quoteKey.test(one))!
  const { [key]: quote, ...more } = data
  if (isEmpty(quote)) return blocks(more, level)
  const by = more.speaker ?? more.author ?? more.by
  const time = more.timestamp ?? more.time
  const from = [isPlain(by) && !isEmpty(by) ? `**${line(by)}**` : '', isPlain(time) && !isEmpty(time) ? line(time) : '']
    .filter((part) => part !== '')
    .join(', ')
  const rest = Object.entries(more).filter(
    ([name, value]) => !['speaker', 'author', 'by', 'timestamp', 'time'].includes(name) && !isEmpty(value),
  )
  return [
    `> ${line(quote)}`,
    ...(from === '' ? [] : [`— ${from}`]),
    ...rest.map(([name, value]) => (isPlain(value) ? `${words(name)}: ${line(value)}` : blocks(value, 6).join('\n'))),
  ]
}

function entry(value: unknown, depth: number): string {
  const indent = '  '.repeat(depth)
  if (isPlain(value)) return `${indent}- ${line(value)}`
  if (Array.isArray(value)) return value.map((one) => entry(one, depth)).join('\n')
  const record = value as Record<string, unknown>
  const title = nameKeys.find((key) => isPlain(record[key]) && !isEmpty(record[key]))
  const rest = Object.entries(record).filter(([key, one]) => key !== title && !isEmpty(one))
  const [first, ...others] = rest
  const opensWith = title === undefined ? '' : `**${line(record[title])}**`
  const follows = first !== undefined && isPlain(first[1]) && title !== undefined
  const head = follows ? `${opensWith}: ${line(first[1])}` : opensWith
  const nested = (follows ? others : rest).map(([key, one]) =>
    isPlain(one) ? `${indent}  - ${words(key)}: ${line(one)}` : `${indent}  - ${words(key)}\n${entry(one, depth + 2)}`,
  )
  return [`${indent}- ${head === '' ? '—' : head}`, ...nested].join('\n')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || typeof value !== 'object'
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && Object.keys(value).length === 0)
const line = (value: unknown): string => escaped(String(value))
/** `key_points` → "Key points". */
const words = (key: string): string => {
  const plain = key.replace(/[_-]+/g, ' ').trim()
  return escaped(plain.charAt(0).toUpperCase() + plain.slice(1))
}
