import { type Cue, segmentsOfCues } from '../captions.ts'
import { decodeEntities, oneLine } from '../clean-text.ts'
import type { Parsed } from '../parsed.ts'
import { timingLines } from './cue-lines.ts'

const voice = /<v(?:\.[^\s>]{0,100})?(?:[ \t]+([^>\n]{0,200}))?>/g

interface Spoken {
  readonly speaker: string | null
  readonly text: string
}

/** One caption may hold several voices. */
function voices(payload: string): Spoken[] {
  const spoken: Spoken[] = []
  let from = 0
  let speaker: string | null = null
  const push = (until: number): void => {
    const text = payload.slice(from, until)
    if (text.trim() !== '') spoken.push({ speaker, text })
  }
  for (const match of payload.matchAll(voice)) {
    push(match.index)
    speaker = oneLine(decodeEntities(match[1] ?? '')) || null
    from = match.index + match[0].length
  }
  push(payload.length)
  return spoken
}

const tag = /<\/?(?:[a-z][^>]{0,300}|\d[\d:.]{0,20})?>/gi
const plainLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => oneLine(decodeEntities(line.replace(tag, ''))))
    .filter((line) => line !== '')

const headerField = (header: string, name: string): string | null =>
  new RegExp(`^${name}:\\s*(\\S.*)$`, 'im').exec(header)?.[1]?.trim() ?? null

/**
 * WebVTT (W3C), as it is found. NOTE, STYLE and REGION blocks hold no times and so are never captions.
 * @param text clean of control characters, lines ending in `\n`
 */
export function parseVtt(text: string): Parsed {
  const lines = text.split('\n')
  const timings = timingLines(lines)
  const notes = commentedLines(lines)
  const cues = timings
    .filter((timing) => !notes.has(timing.at))
    .flatMap((timing, index, kept): Cue[] => {
      const nextAt = kept[index + 1]?.at ?? lines.length
      const body: string[] = []
      for (let at = timing.at + 1; at < nextAt && !endsCue(lines[at]!); at++) body.push(lines[at]!)
      // Without a blank line between, the last line is the next caption's own name or number.
      if (
        body.length > 0 &&
        timing.at + 1 + body.length === nextAt &&
        nextAt < lines.length &&
        /^(?:\d{1,6}|[\da-f]{8}-[\da-f-]{8,40})$/i.test(body.at(-1)!) &&
        body.length > 1
      )
        body.pop()
      return voices(body.join('\n')).map(({ speaker, text: said }) => ({
        start: timing.start,
        end: timing.end,
        speaker,
        lines: plainLines(said),
      }))
    })
    .filter((cue) => cue.lines.length > 0)
  const header = lines.slice(0, timings[0]?.at ?? 20).join('\n')
  return segmentsOfCues(cues, {
    language: headerField(header, 'Language'),
    title: /^WEBVTT[ \t]+-?[ \t]*(\S.*)$/.exec(lines[0] ?? '')?.[1]?.trim() ?? null,
  })
}

/** A blank line, or one with an arrow (WebVTT, 6.1). */
const endsCue = (line: string): boolean => line.trim() === '' || line.includes('-->')

/** Lines inside NOTE blocks: a commented-out caption is not said. */
function commentedLines(lines: readonly string[]): Set<number> {
  const inside = new Set<number>()
  let open = false
  lines.forEach((line, at) => {
    if (line.trim() === '') open = false
    else if (!open && /^NOTE(?:\s|$)/.test(line) && (at === 0 || lines[at - 1]!.trim() === '')) open = true
    if (open) inside.add(at)
  })
  return inside
}
