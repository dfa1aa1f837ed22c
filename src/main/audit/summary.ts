import { plainName } from './subjects.ts'

const number = new Intl.NumberFormat('en')
const maxCharacters = 240
const maxValue = 60
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const hash = /^[0-9a-f]{40,64}$/i

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (json: string | null): unknown => {
  if (json === null) return undefined
  try {
    return JSON.parse(json)
  } catch {
    // A damaged row: shown as it is.
    return json
  }
}

/** One value in words; empty where only a machine would want to know it. */
function valueWords(name: string, value: unknown): string {
  if (/MicroUsd$/.test(name) && value === null) return 'unknown'
  if (value === null || value === undefined || value === '') return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') {
    if (/AtMs$/.test(name) && Math.abs(value) < 8.64e15)
      return new Date(value).toISOString().slice(0, 16).replace('T', ' ')
    if (/MicroUsd$/.test(name)) return value === 0 ? 'free' : `$${(value / 1e6).toFixed(4)}`
    return number.format(value)
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => (typeof item === 'string' && !uuid.test(item) && item.length <= 30 ? item : null))
    return items.length <= 4 && !items.includes(null) ? items.join(', ') || 'none' : `${number.format(value.length)}`
  }
  if (isFields(value))
    return Object.entries(value)
      .slice(0, 4)
      .map(([part, inside]) => `${plainName(part)} ${valueWords(part, inside)}`)
      .join(', ')
  const text = String(value)
  if (uuid.test(text)) return ''
  if (hash.test(text)) return ''
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > maxValue || /\n./.test(text) ? `${number.format(text.length)} characters` : line
}

const labelOf = (name: string): string => plainName(name.replace(/(AtMs|MicroUsd|Ms|Json|Ids?)$/, '') || name)

/**
 * Before and after in one line: what changed only. Empty when there is nothing to say that the title does not.
 * @param beforeJson as stored; what does not parse is shown as it is
 */
export function summaryOf(beforeJson: string | null, afterJson: string | null): string {
  const [before, after] = [parsed(beforeJson), parsed(afterJson)]
  const parts: string[] = []
  if (isFields(before) || isFields(after)) {
    const [was, is] = [isFields(before) ? before : {}, isFields(after) ? after : {}]
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const label = labelOf(name)
      const [old, now] = [valueWords(name, was[name]), valueWords(name, is[name])]
      const same = JSON.stringify(was[name]) === JSON.stringify(is[name])
      if (name in was && name in is) {
        if (!same && (old !== '' || now !== '')) parts.push(`${label}: ${old} → ${now}`)
      } else if (name in is) {
        if (now !== '' && now !== 'none') parts.push(`${label}: ${now}`)
      } else if (old !== '' && old !== 'none')
        parts.push(after === undefined ? `${label}: ${old}` : `${label} was ${old}`)
    }
  } else if (before !== undefined && after !== undefined)
    parts.push(`${valueWords('', before)} → ${valueWords('', after)}`)
  else if (after !== undefined) parts.push(valueWords('', after))
  else if (before !== undefined) parts.push(`was ${valueWords('', before)}`)
  const line = parts.join(' · ')
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters - 1)}…` : line
}
