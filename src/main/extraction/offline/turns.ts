import type { Segment } from '#shared/contract/transcripts.ts'

/** What one person says without a break, with the times of its characters. */
export interface Turn {
  readonly speaker: string | null
  readonly text: string
  /** Where each segment begins in `text`, in order. */
  readonly marks: readonly Mark[]
}
interface Mark {
  readonly at: number
  readonly end: number
  readonly startSeconds: number | null
  readonly endSeconds: number | null
}

/** A silence longer than this ends a turn also where nobody is named. */
const breakSeconds = 6

const squeeze = (text: string): string => text.replace(/\s+/gu, ' ').trim()

/** Joins neighbouring segments of one speaker; times that are missing between known ones are filled in by words. */
export function turnsOf(segments: readonly Segment[]): Turn[] {
  const timed = fillTimes(
    segments.map((segment) => ({ ...segment, text: squeeze(segment.text) })).filter(({ text }) => text !== ''),
  )
  const turns: { speaker: string | null; text: string; marks: Mark[] }[] = []
  let endSeconds: number | null = null
  for (const segment of timed) {
    const last = turns.at(-1)
    const silence = segment.startSeconds !== null && endSeconds !== null ? segment.startSeconds - endSeconds : 0
    const goesOn = last !== undefined && last.speaker === segment.speaker && silence < breakSeconds
    const turn = goesOn ? last : { speaker: segment.speaker, text: '', marks: [] }
    if (!goesOn) turns.push(turn)
    const at = turn.text === '' ? 0 : turn.text.length + 1
    turn.text = turn.text === '' ? segment.text : `${turn.text} ${segment.text}`
    turn.marks.push({ at, end: turn.text.length, startSeconds: segment.startSeconds, endSeconds: segment.endSeconds })
    endSeconds = segment.endSeconds
  }
  return turns
}

/** Seconds at a character of the turn, read between the ends of its segment; null without times. */
export function secondsAt(turn: Turn, at: number): number | null {
  let low = 0
  let high = turn.marks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((turn.marks[middle]?.at ?? 0) <= at) low = middle
    else high = middle - 1
  }
  const mark = turn.marks[low]
  if (!mark || mark.startSeconds === null) return null
  const length = mark.end - mark.at
  if (mark.endSeconds === null || mark.endSeconds <= mark.startSeconds || length <= 0) return mark.startSeconds
  const share = Math.min(1, Math.max(0, (at - mark.at) / length))
  return mark.startSeconds + share * (mark.endSeconds - mark.startSeconds)
}

/** Many published transcripts give a time every few minutes only. */
function fillTimes(segments: readonly Segment[]): Segment[] {
  const known = segments.flatMap(({ startSeconds }, index) => (startSeconds === null ? [] : [index]))
  if (known.length === 0) return [...segments]
  const words = segments.map(({ text }) => text.split(' ').length)
  const filled = segments.map((segment) => ({ ...segment }))
  const secondsPerWord = 1 / 2.6
  for (let anchor = -1; anchor < known.length; anchor++) {
    const from = anchor < 0 ? 0 : known[anchor]!
    const to = known[anchor + 1] ?? segments.length
    const fromSeconds = anchor < 0 ? 0 : segments[from]!.startSeconds!
    const total = words.slice(from, to).reduce((sum, count) => sum + count, 0)
    const toSeconds = segments[to]?.startSeconds ?? fromSeconds + total * secondsPerWord
    let before = 0
    for (let index = from; index < to; index++) {
      const segment = filled[index]!
      const startsAt = fromSeconds + ((toSeconds - fromSeconds) * before) / Math.max(1, total)
      before += words[index]!
      const endsAt = fromSeconds + ((toSeconds - fromSeconds) * before) / Math.max(1, total)
      if (segment.startSeconds === null) Object.assign(segment, { startSeconds: Math.max(0, startsAt) })
      if (segment.endSeconds === null)
        Object.assign(segment, { endSeconds: Math.max(segment.startSeconds ?? 0, endsAt) })
    }
  }
  return filled
}
