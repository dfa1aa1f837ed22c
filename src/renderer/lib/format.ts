/** How times, lengths, counts and sums are written everywhere. */
const locale = 'en-GB'
const wholeNumber = new Intl.NumberFormat('en-US')
const timeOfDay = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const dayAndMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const dayMonthYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const longDay = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })

const dayNumber = (ms: number): number => {
  const date = new Date(ms)
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000)
}

/** "06:00" */
export const formatTime = (ms: number): string => timeOfDay.format(ms)

/** "16 Nov", and "16 Nov 2024" in another year. */
export const formatDay = (ms: number, nowMs = Date.now()): string =>
  (new Date(ms).getFullYear() === new Date(nowMs).getFullYear() ? dayAndMonth : dayMonthYear)
    .format(ms)
    .replace('Sept', 'Sep')

/** "Today, 06:00", "Yesterday", "16 Nov", "16 Nov 2024"; "No date" without one. */
export function formatDate(ms: number | null, nowMs = Date.now()): string {
  if (ms === null) return 'No date'
  const days = dayNumber(nowMs) - dayNumber(ms)
  if (days === 0) return `Today, ${formatTime(ms)}`
  return days === 1 ? 'Yesterday' : formatDay(ms, nowMs)
}

/** "08:54" today, else the day: for narrow columns. */
export const formatMoment = (ms: number, nowMs = Date.now()): string =>
  dayNumber(nowMs) === dayNumber(ms) ? formatTime(ms) : formatDay(ms, nowMs)

/** "Monday, 23 November" */
export const formatLongDay = (ms: number): string => {
  const parts = longDay.formatToParts(ms)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('weekday')}, ${part('day')} ${part('month')}`
}

/** A length in words: "1 h 14", "52 min", "40 s". */
export function formatLength(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest}`
}

/** A length as something took: "1 min 52 s". */
export function formatTook(seconds: number): string {
  if (seconds < 1) return 'under 1 s'
  if (seconds < 60) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : formatLength(whole)
}

/** A place in a recording: "58:24", "1:06:22". */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** "1,204" */
export const formatCount = (count: number): string => wholeNumber.format(count)

/** "1 note", "1,204 notes" */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

/** "640 MB", "1.6 GB" */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0
  return unit === 0 ? plural(bytes, 'byte') : `${value.toFixed(digits)} ${units[unit]}`
}

/** Micro-dollars as a price: "free", "$0.07", "$0.004", "unknown" for null. */
export function formatMoney(microUsd: number | null): string {
  if (microUsd === null) return 'unknown'
  if (microUsd === 0) return 'free'
  const dollars = microUsd / 1_000_000
  return `$${dollars.toFixed(dollars >= 0.1 ? 2 : dollars >= 0.01 ? 3 : 4)}`
}

/** "a", "a and b", "a, b and c" */
export const listOf = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
