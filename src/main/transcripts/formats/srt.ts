import { type Cue, segmentsOfCues } from '../captions.ts'
import { decodeEntities, oneLine } from '../clean-text.ts'
import type { Parsed } from '../parsed.ts'
import { timingLines } from './cue-lines.ts'

const tag = /<\/?(?:[biu]|font|span|c|em|strong|br|ruby|rt)\b[^>]{0,200}>|\{\\[^}]{0,100}\}/gi

const cleanLine = (line: string): string => oneLine(decodeEntities(line.replace(tag, ' ')))

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
    if (index + 1 < timings.length && /^\s*\d+\s*$/.test(body.at(-1) ?? '')) {
      const number = Number(body.at(-1))
      if (body.length < 2 || body.at(-2)!.trim() === '' || number === index + 2 || number === index + 1) body.pop()
    }
    return {
      start: timing.start,
      end: timing.end,
      speaker: null,
      lines: body.map(cleanLine).filter((line) => line !== ''),
    }
  })
  return segmentsOfCues(cues, {})
}
