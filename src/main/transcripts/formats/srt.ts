import { type Cue, segmentsOfCues } from '../captions.ts'
import { decodeEntities, oneLine } from '../clean-text.ts'
import type { Parsed } from '../parsed.ts'
import { isBrokenTiming, timingLines } from './cue-lines.ts'

const breaks = /<br\b[^>]{0,200}>|\\[Nh]/gi
const tag = /<\/?(?:[bisu]|font|span|c|em|strong|ruby|rt)\b[^>]{0,200}>|\{(?:\\|[a-z]:)[^}]{0,100}\}/gi

const cleanLine = (line: string): string => oneLine(decodeEntities(line.replace(breaks, ' ').replace(tag, '')))

/**
 * SubRip, as it is found: index missing or wrong, `.` or `,`, blank lines inside, formatting tags.
 * @param text clean of control characters, lines ending in `\n`
 */
export function parseSrt(text: string): Parsed {
  const lines = text.split('\n')
  const timings = timingLines(lines)
  const cues = timings.map((timing, index): Cue => {
    const nextAt = timings[index + 1]?.at ?? lines.length
    const body = lines.slice(timing.at + 1, nextAt)
    // The number of the next caption stands above its times, after a blank line.
    if (index + 1 < timings.length && /^\s*-?\d+\s*$/.test(body.at(-1) ?? '')) {
      const number = Number(body.at(-1))
      if (body.length < 2 || body.at(-2)!.trim() === '' || number === index + 2 || number === index + 1) body.pop()
    }
    return {
      start: timing.start,
      end: timing.end,
      speaker: null,
      lines: withoutBrokenTimings(body)
        .map(cleanLine)
        .filter((line) => line !== ''),
    }
  })
  return segmentsOfCues(cues, {})
}

/** Its number goes with it. */
const withoutBrokenTimings = (body: readonly string[]): readonly string[] =>
  body.some(isBrokenTiming)
    ? body.filter((line, at) => !isBrokenTiming(line) && !(/^\d+\s*$/.test(line) && isBrokenTiming(body[at + 1] ?? '')))
    : body
