import type { Chapter } from '#shared/contract/episodes.ts'
import type { Segment } from '#shared/contract/transcripts.ts'

/** A turn of talk as one line of the prompt; never cut in two. */
export interface Passage {
  /** `[12:30] Ada: …`, with the chapter's title before it where one begins. */
  readonly line: string
  readonly startsChapter: boolean
  readonly fromSeconds: number | null
  readonly toSeconds: number | null
}

/** UTF-16 units. Short enough that a part can end near where it should. */
const longest = 1_200

/** 41:12, 1:02:33 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (part: number): string => String(part).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** Segments of one speaker joined to turns; chapters begin a new one. */
export function passagesOf(segments: readonly Segment[], chapters: readonly Chapter[]): Passage[] {
  const turns: Turn[] = []
  const ahead = chapters.toSorted((a, b) => a.startSeconds - b.startSeconds)
  for (const segment of segments.flatMap(shortEnough)) {
    let chapter: string | null = null
    while (ahead[0] && segment.startSeconds !== null && ahead[0].startSeconds <= segment.startSeconds)
      chapter = ahead.shift()!.title
    const turn = turns.at(-1)
    if (turn && chapter === null && sameTurn(turn, segment)) {
      turn.text += ` ${segment.text.trim()}`
      turn.last = segment
    } else turns.push({ text: segment.text.trim(), first: segment, last: segment, chapter })
  }
  return turns.map(passageOf)
}

interface Turn {
  text: string
  readonly first: Segment
  last: Segment
  readonly chapter: string | null
}
const sameTurn = (turn: Turn, segment: Segment): boolean =>
  turn.first.speaker === segment.speaker && turn.text.length + segment.text.length < longest

function passageOf({ text, first, last, chapter }: Turn): Passage {
  const time = first.startSeconds === null ? '' : `[${clock(first.startSeconds)}] `
  const speaker = first.speaker === null ? '' : `${oneLine(first.speaker)}: `
  return {
    line: `${chapter === null ? '' : `(Chapter: ${oneLine(chapter)})\n`}${time}${speaker}${text}`,
    startsChapter: chapter !== null,
    fromSeconds: first.startSeconds,
    toSeconds: last.endSeconds ?? last.startSeconds,
  }
}

/** A text without breaks is one segment: cut at sentences, else at spaces, else anywhere. */
function shortEnough(segment: Segment): Segment[] {
  if (segment.text.trim() === '') return []
  if (segment.text.length <= longest) return [segment]
  const pieces: string[] = []
  let rest = segment.text
  while (rest.length > longest) {
    const window = rest.slice(0, longest)
    const sentence = Math.max(...['. ', '? ', '! ', '。', '\n'].map((mark) => window.lastIndexOf(mark)))
    const space = window.lastIndexOf(' ')
    const at = sentence > longest / 2 ? sentence + 1 : space > longest / 2 ? space : longest
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  if (rest.trim() !== '') pieces.push(rest)
  const { startSeconds, endSeconds } = segment
  const at = (share: number): number | null =>
    startSeconds === null || endSeconds === null ? startSeconds : startSeconds + (endSeconds - startSeconds) * share
  return pieces.map((text, index) => ({
    ...segment,
    text,
    startSeconds: at(index / pieces.length),
    endSeconds: endSeconds === null ? null : at((index + 1) / pieces.length),
  }))
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200)
