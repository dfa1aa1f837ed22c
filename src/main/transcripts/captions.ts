import type { Segment } from '#shared/contract/transcripts.ts'
import { maxSegments } from './limits.ts'
import { counted, type Parsed, parsed } from './parsed.ts'
import { isBreakLabel, isGenericLabel, splitLabel } from './speaker-label.ts'

/** A caption as the file has it, its text line by line. */
export interface Cue {
  readonly start: number
  readonly end: number
  readonly speaker: string | null
  readonly lines: readonly string[]
}

/** Automatic captions scroll: each begins with the line the one before ended with. Said once is enough. */
function unrolled(cues: readonly Cue[]): { cues: Cue[]; removed: number } {
  const repeats = (index: number): boolean => {
    const before = cues[index - 1]
    const first = cues[index]!.lines[0]
    return before !== undefined && first !== undefined && first === before.lines.at(-1)
  }
  const rolling = cues.filter((_, index) => repeats(index)).length
  if (rolling < 4 || rolling < cues.length * 0.3) return { cues: [...cues], removed: 0 }
  const kept: Cue[] = []
  cues.forEach((cue, index) => {
    const lines = repeats(index) ? cue.lines.slice(1) : cue.lines
    const last = kept.at(-1)
    if (lines.length > 0) kept.push({ ...cue, lines })
    else if (last && cue.end > last.end) kept[kept.length - 1] = { ...last, end: cue.end }
  })
  return { cues: kept, removed: rolling }
}

/** Which `Name:` beginnings are speakers: said twice, or numbered, or a full name, or at the very beginning. */
function spokenLabels(segments: readonly Segment[]): Set<string> {
  const counts = new Map<string, number>()
  let first: string | null = null
  segments.forEach((segment, index) => {
    const found = splitLabel(segment.text)
    if (!found) return
    if (index === 0) first = found.label
    counts.set(found.label, (counts.get(found.label) ?? 0) + 1)
  })
  // A file that begins with a name names its speakers: then a name said once is one too.
  const sure = [...counts].filter(
    ([label, count]) => first !== null || count > 1 || isGenericLabel(label) || /\s/.test(label),
  )
  return new Set(sure.map(([label]) => label))
}

/**
 * Captions that name the speaker only where the speaker changes go on with that one; where most captions have a name, one
 * without has none (podcast namespace, transcript formats).
 */
export function carriedOn(segments: Segment[]): Segment[] {
  const named = segments.filter((segment) => segment.speaker !== null).length
  if (named === 0 || named > segments.length * 0.7) return segments
  let speaker: string | null = null
  return segments.map((segment) => {
    speaker = segment.speaker ?? speaker
    return { ...segment, speaker }
  })
}

/** Cues of SRT and WebVTT as segments: mended times, speakers from `Name:`, scrolling undone. Times and texts stay. */
export function segmentsOfCues(all: readonly Cue[], more: Partial<Parsed>): Parsed {
  const warnings = [...(more.warnings ?? [])]
  const within = all.length > maxSegments ? all.slice(0, maxSegments) : all
  if (within !== all) warnings.push(`Only the first ${counted(maxSegments, 'caption', 'captions')} were read.`)
  const { cues, removed } = unrolled(within)
  if (removed > 0)
    warnings.push(`${counted(removed, 'repeated line', 'repeated lines')} of scrolling captions left out.`)

  const backwards = cues.filter((cue) => cue.end < cue.start).length
  if (backwards > 0) warnings.push(`${counted(backwards, 'caption ends', 'captions end')} before the start; mended.`)
  const inOrder = cues.every((cue, index) => index === 0 || cue.start >= cues[index - 1]!.start)
  if (!inOrder) warnings.push('The captions were not in order of time; they were sorted.')
  const sorted = inOrder ? cues : cues.toSorted((left, right) => left.start - right.start)

  const segments = sorted
    .map(
      (cue, index): Segment => ({
        startSeconds: cue.start,
        endSeconds: cue.end < cue.start ? Math.max(cue.start, sorted[index + 1]?.start ?? cue.start) : cue.end,
        speaker: cue.speaker,
        text: cue.lines.join(' ').trim(),
      }),
    )
    .filter((segment) => segment.text !== '')
  if (segments.length > 0 && segments.every((segment) => segment.speaker === null)) nameSpeakers(segments)
  return parsed(carriedOn(segments), { ...more, warnings })
}

function nameSpeakers(segments: Segment[]): void {
  const labels = spokenLabels(segments)
  for (const [index, segment] of segments.entries()) {
    const found = splitLabel(segment.text)
    if (!found || !labels.has(found.label)) continue
    segments[index] = {
      ...segment,
      speaker: isBreakLabel(found.label) ? null : found.label,
      text: found.rest === '' ? segment.text : found.rest,
    }
  }
}
