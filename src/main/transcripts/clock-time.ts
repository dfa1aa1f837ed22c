/** `H:MM:SS`, `M:SS`, with `.`, `,` or `:` before a fraction or frames. */
export const clockPattern = String.raw`(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,6}|:\d{2}(?=\D|$))?`

const clock = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,6}))?$/
const clockWithFrames = /^(\d{1,3}:\d{2}:\d{2}):\d{2}$/

/** Seconds, to the millisecond; null when it is no time of a clock. */
export function parseClock(text: string): number | null {
  const trimmed = text.trim()
  const match = clock.exec(clockWithFrames.exec(trimmed)?.[1] ?? trimmed)
  if (!match) return null
  const [, hours, minutes, seconds, fraction] = match
  if (Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59)) return null
  return toMillisecond(
    Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds) + (fraction ? Number(`0.${fraction}`) : 0),
  )
}

export const toMillisecond = (seconds: number): number => Math.round(seconds * 1000) / 1000

/** Seconds given as a number, digits or a clock; null for anything else and for negative ones. */
export function readSeconds(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? toMillisecond(value) : null
  if (typeof value !== 'string') return null
  if (/^\s*\d+(?:\.\d+)?\s*s?$/.test(value)) return toMillisecond(Number.parseFloat(value))
  return parseClock(value)
}

/** `41:12`, `1:02:03`. @param seconds from 0 on */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
