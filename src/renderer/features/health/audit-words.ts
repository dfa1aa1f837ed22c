import type { AuditEntry } from '#shared/contract/audit.ts'

export interface FieldChange {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
  readonly changed: boolean
}

const read = (json: string | null): unknown => {
  if (json === null) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const shown = (value: unknown): string | null => {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1)
}

/** Before and after, field by field; what is not a record is one field without a name. Changed ones come first. */
export function fieldsOf(entry: Pick<AuditEntry, 'beforeJson' | 'afterJson'>): FieldChange[] {
  const before = read(entry.beforeJson)
  const after = read(entry.afterJson)
  const asRecord = (value: unknown): Record<string, unknown> =>
    isRecord(value) ? value : value === undefined || value === null ? {} : { '': value }
  const [left, right] = [asRecord(before), asRecord(after)]
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  const fields = names.map((name) => {
    const [was, is] = [shown(left[name]), shown(right[name])]
    return { name, before: was, after: is, changed: was !== is }
  })
  return [...fields.filter((field) => field.changed), ...fields.filter((field) => !field.changed)]
}

const dayMs = 86_400_000
export const spans = [
  { value: 'any', label: 'Any time', days: null },
  { value: '1', label: 'Last 24 hours', days: 1 },
  { value: '7', label: 'Last 7 days', days: 7 },
  { value: '30', label: 'Last 30 days', days: 30 },
  { value: '365', label: 'Last year', days: 365 },
] as const

/** Start of the span; undefined for any time. */
export const fromMsOf = (span: string, nowMs: number): number | undefined => {
  const days = spans.find((one) => one.value === span)?.days ?? null
  return days === null ? undefined : nowMs - days * dayMs
}
