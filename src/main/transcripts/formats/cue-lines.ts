import { clockPattern, parseClock } from '../clock-time.ts'

const timing = new RegExp(String.raw`^\s*(${clockPattern})\s*-{1,2}>\s*(${clockPattern})(?:\s+.*)?$`)

export interface TimingLine {
  readonly at: number
  readonly start: number
  readonly end: number
}

/** Lines such as `00:00:01,000 --> 00:00:02.500 align:start`. */
export function timingLines(lines: readonly string[]): TimingLine[] {
  const found: TimingLine[] = []
  lines.forEach((line, at) => {
    if (!line.includes('>')) return
    const match = timing.exec(line)
    const start = match && parseClock(match[1]!)
    const end = match && parseClock(match[2]!)
    if (start !== null && end !== null) found.push({ at, start, end })
  })
  return found
}

export const hasTimingLine = (text: string): boolean => timingLines(text.split('\n', 2_000)).length > 0
