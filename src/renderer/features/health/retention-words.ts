import type { RetentionRule } from '#shared/contract/retention.ts'
import { formatBytes, plural } from '../../lib/format.ts'

const never = 'never'
const dayChoices = [7, 30, 90, 180, 365, 730]
const gigabyte = 1_000_000_000
const byteChoices = [1, 5, 10, 20, 50, 100].map((size) => size * gigabyte)

export const daysWords = (days: number): string => {
  if (days % 365 === 0) return plural(days / 365, 'year')
  return plural(days, 'day')
}

/** Never, the usual ones, and the one in force. */
export function dayOptions(days: number | null): { value: string; label: string }[] {
  const choices = [...new Set([...dayChoices, ...(days === null ? [] : [days])])].sort((a, b) => a - b)
  return [
    { value: never, label: 'Never removed' },
    ...choices.map((one) => ({ value: String(one), label: `After ${daysWords(one)}` })),
  ]
}

export function byteOptions(bytes: number | null): { value: string; label: string }[] {
  const choices = [...new Set([...byteChoices, ...(bytes === null ? [] : [bytes])])].sort((a, b) => a - b)
  return [
    { value: never, label: 'No size limit' },
    ...choices.map((one) => ({ value: String(one), label: `Up to ${formatBytes(one)}` })),
  ]
}

export const limitOf = (value: string | null): number | null =>
  value === null || value === never ? null : Number(value)
export const optionOf = (limit: number | null): string => (limit === null ? never : String(limit))

/** "1,204 items, 340 MB", "none stored" */
export const storedWords = (rule: Pick<RetentionRule, 'items' | 'bytes'>): string =>
  rule.items === 0
    ? 'none stored'
    : [plural(rule.items, 'item'), ...(rule.bytes > 0 ? [formatBytes(rule.bytes)] : [])].join(', ')
