import { toMillisecond } from '../clock-time.ts'

/** Times as captions have them, with their injuries: `0:0:3.5`, `00:00:12 , 500`, `00:00:12;500`, `1088:42:00.500`. */
const time = String.raw`(?:\d{1,5}\s?:\s?)?\d{1,3}\s?:\s?\d{1,2}(?:\s?[.,:;]\s?\d{1,6}|\d{3})?`
/** Seconds alone, as some write the first minute. */
const seconds = String.raw`\d{1,5}[.,]\d{1,6}`
const timing = new RegExp(String.raw`^\s*(${time}|${seconds})\s*-(?:-|\s-?)?>\s*(${time}|${seconds})(?:\s.*)?$`)
/** SubViewer, as YouTube gives it. */
const subViewer = /^(\d{1,2}:\d{2}:\d{2}\.\d{3}),(\d{1,2}:\d{2}:\d{2}\.\d{3})\s*$/
const parts = /^(?:(\d+):)?(\d+):(\d{1,2})(?:([.,:;]?)(\d{1,6}))?$/

export interface TimingLine {
  readonly at: number
  readonly start: number
  readonly end: number
}

function parseTime(text: string): number | null {
  if (!text.includes(':')) return toMillisecond(Number(text.replace(',', '.')))
  const [, hours = '0', minutes, seconds, separator, digits] = parts.exec(text.replace(/\s/g, '')) ?? []
  if (minutes === undefined || Number(seconds) > 59 || (Number(hours) > 0 && Number(minutes) > 59)) return null
  // Two digits after a colon are frames.
  const fraction = digits === undefined || (separator === ':' && digits.length === 2) ? 0 : Number(`0.${digits}`)
  return toMillisecond(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + fraction)
}

/** Lines such as `00:00:01,000 --> 00:00:02.500 align:start`. */
export function timingLines(lines: readonly string[]): TimingLine[] {
  const found: TimingLine[] = []
  lines.forEach((line, at) => {
    const match = line.includes('>') ? timing.exec(line) : subViewer.exec(line)
    const start = match && parseTime(match[1]!)
    const end = match && parseTime(match[2]!)
    if (start !== null && end !== null) found.push({ at, start, end })
  })
  return found
}

/** A line of times that cannot be read: no words either. */
export const isBrokenTiming = (line: string): boolean => /^\s*\d[\d:.,;\s]*-{1,2}>\s*\d[\d:.,;\s]*$/.test(line)

export const hasTimingLine = (text: string): boolean => timingLines(text.split('\n', 2_000)).length > 0
