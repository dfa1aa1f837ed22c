const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const shortMonths = months.map((name) => name.slice(0, 3))

export const periodKinds = ['week', 'month', 'year', 'all'] as const
export type PeriodKind = (typeof periodKinds)[number]
export const periodLabels: Readonly<Record<PeriodKind, string>> = {
  week: 'Week',
  month: 'Month',
  year: 'Year',
  all: 'All',
}

export interface Period {
  readonly kind: PeriodKind
  /** Included; left out for all time. */
  readonly fromMs?: number
  /** Excluded. */
  readonly toMs?: number
  /** "in November", "in the week of 16 Nov", "in 2026", "in all" */
  readonly words: string
  /** For a chip: "November", "November 2025". */
  readonly name: string
  /** Days or months of the period as the sums of main name them, each with a short label; empty for all time. */
  readonly steps: readonly Step[]
}
export interface Step {
  /** `2026-11-23` or `2026-11` */
  readonly start: string
  readonly label: string
  /** For a table and the tip: "23 November". */
  readonly title: string
}

const two = (value: number): string => String(value).padStart(2, '0')
export const dayKey = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
const monthKey = (year: number, month: number): string => `${year}-${two(month + 1)}`

const dayStep = (date: Date, isWeek: boolean): Step => ({
  start: dayKey(date),
  label: isWeek ? `${date.getDate()} ${shortMonths[date.getMonth()]}` : String(date.getDate()),
  title: `${date.getDate()} ${months[date.getMonth()]}`,
})
const daysFrom = (first: Date, count: number, isWeek: boolean): Step[] =>
  Array.from({ length: count }, (_, index) =>
    dayStep(new Date(first.getFullYear(), first.getMonth(), first.getDate() + index), isWeek),
  )

/** What a step that main named says, e.g. of all time: `2026-11` is "Nov 2026". */
export function stepOf(start: string): Step {
  const [year, month, day] = start.split('-').map(Number) as [number, number, number | undefined]
  return day === undefined
    ? { start, label: `${shortMonths[month - 1]} ${year}`, title: `${months[month - 1]} ${year}` }
    : dayStep(new Date(year, month - 1, day), false)
}

/** Months between the first and the last of them, those without a charge too. @param starts `2026-11` each, in order */
export function monthsBetween(starts: readonly string[]): Step[] {
  const first = starts[0]
  const last = starts.at(-1)
  if (first === undefined || last === undefined) return []
  const indexOf = (start: string): number => {
    const [year, month] = start.split('-').map(Number) as [number, number]
    return year * 12 + month - 1
  }
  const count = indexOf(last) - indexOf(first) + 1
  return Array.from({ length: count }, (_, index) => {
    const at = indexOf(first) + index
    return stepOf(monthKey(Math.floor(at / 12), at % 12))
  })
}

/** @param back 0: the one that is now, 1: the one before it */
export function periodOf(kind: PeriodKind, back: number, nowMs: number): Period {
  const now = new Date(nowMs)
  const year = now.getFullYear()
  if (kind === 'all') return { kind, words: 'in all', name: 'All time', steps: [] }
  if (kind === 'year') {
    const of = year - back
    return {
      kind,
      fromMs: new Date(of, 0).getTime(),
      toMs: new Date(of + 1, 0).getTime(),
      words: `in ${of}`,
      name: String(of),
      steps: shortMonths.map((label, month) => ({
        start: monthKey(of, month),
        label,
        title: `${months[month]} ${of}`,
      })),
    }
  }
  if (kind === 'month') {
    const first = new Date(year, now.getMonth() - back)
    const days = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate()
    const ofYear = first.getFullYear() === year ? '' : ` ${first.getFullYear()}`
    const name = `${months[first.getMonth()]}${ofYear}`
    return {
      kind,
      fromMs: first.getTime(),
      toMs: new Date(first.getFullYear(), first.getMonth() + 1).getTime(),
      words: `in ${name}`,
      name,
      steps: daysFrom(first, days, false),
    }
  }
  const sinceMonday = (now.getDay() + 6) % 7
  const first = new Date(year, now.getMonth(), now.getDate() - sinceMonday - 7 * back)
  const name = `Week of ${first.getDate()} ${shortMonths[first.getMonth()]}`
  return {
    kind,
    fromMs: first.getTime(),
    toMs: new Date(first.getFullYear(), first.getMonth(), first.getDate() + 7).getTime(),
    words: back === 0 ? 'this week' : `in the week of ${first.getDate()} ${shortMonths[first.getMonth()]}`,
    name: back === 0 ? 'This week' : name,
    steps: daysFrom(first, 7, true),
  }
}

/** Where now is in its month: for the pace and for the tick of a bar. */
export function monthNow(nowMs: number): {
  name: string
  day: number
  days: number
  daysLeft: number
  fraction: number
} {
  const now = new Date(nowMs)
  const from = new Date(now.getFullYear(), now.getMonth()).getTime()
  const to = new Date(now.getFullYear(), now.getMonth() + 1).getTime()
  const days = new Date(now.getFullYear(), now.getMonth() + 1, 0).getDate()
  return {
    name: months[now.getMonth()]!,
    day: now.getDate(),
    days,
    daysLeft: days - now.getDate(),
    fraction: (nowMs - from) / (to - from),
  }
}
