import type { Segment } from '#shared/contract/transcripts.ts'
import { overlapSeconds } from './plan.ts'

interface Said extends Segment {
  readonly startSeconds: number
  readonly endSeconds: number
}
interface SaidWord {
  readonly text: string
  readonly plain: string
  readonly at: number
  readonly segment: Said
}

const isSaid = (segment: Segment): segment is Said => segment.startSeconds !== null && segment.endSeconds !== null

/**
 * Joins two neighbours that both heard the time around `boundary`: no word is there twice, none is lost. They part in a
 * pause that both have; where nobody pauses, in words that both have; and else at the boundary.
 */
export function stitch(before: readonly Segment[], after: readonly Segment[], boundary: number): Segment[] {
  const [a, b] = [before.filter(isSaid), after.filter(isSaid)]
  const pause = pauseNear(a, b, boundary)
  if (pause !== null)
    return [
      ...a.filter(({ startSeconds }) => startSeconds < pause),
      ...b.filter(({ startSeconds }) => startSeconds >= pause),
    ]
  const [wordsA, wordsB] = [wordsNear(a, boundary), wordsNear(b, boundary)]
  const common = commonRun(wordsA, wordsB)
  const [lastA, firstB] = common
    ? [wordsA[common.a + common.middle - 1], wordsB[common.b + common.middle]]
    : [wordsA.findLast(({ at }) => at < boundary), wordsB.find(({ at }) => at >= boundary)]
  const cutA = lastA?.at ?? boundary
  const cutB = firstB?.at ?? boundary
  return [
    ...a.flatMap((segment) => keepWords(segment, (at) => at <= cutA)),
    ...b.flatMap((segment) => keepWords(segment, (at) => at >= cutB)),
  ]
}

function pauseNear(a: readonly Said[], b: readonly Said[], boundary: number): number | null {
  const near = [...a, ...b]
    .filter(
      ({ startSeconds, endSeconds }) =>
        endSeconds > boundary - overlapSeconds && startSeconds < boundary + overlapSeconds,
    )
    .sort((one, other) => one.startSeconds - other.startSeconds)
  let best: number | null = null
  const consider = (from: number, to: number): void => {
    if (to < from) return
    // As near to the boundary as the pause reaches.
    const at = Math.min(Math.max(boundary, from), to)
    if (best === null || Math.abs(at - boundary) < Math.abs(best - boundary)) best = at
  }
  let spokenTo = boundary - overlapSeconds
  for (const { startSeconds, endSeconds } of near) {
    if (startSeconds > spokenTo) consider(spokenTo, startSeconds)
    spokenTo = Math.max(spokenTo, endSeconds)
  }
  if (spokenTo < boundary + overlapSeconds) consider(spokenTo, boundary + overlapSeconds)
  return best
}

/** The words of a segment share its time by their order. */
const wordsIn = (segment: Said): SaidWord[] => {
  const words = segment.text.split(/\s+/).filter(Boolean)
  const step = (segment.endSeconds - segment.startSeconds) / Math.max(1, words.length)
  return words.map((text, index) => ({
    text,
    plain: text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''),
    at: segment.startSeconds + (index + 0.5) * step,
    segment,
  }))
}
const wordsNear = (segments: readonly Said[], boundary: number): SaidWord[] =>
  segments.flatMap(wordsIn).filter(({ at, plain }) => plain !== '' && Math.abs(at - boundary) <= overlapSeconds)

const fewestCommon = 3
/** Both have a word within this of each other, or it is said twice. */
const sameTimeSeconds = 4

function commonRun(a: readonly SaidWord[], b: readonly SaidWord[]): { a: number; b: number; middle: number } | null {
  let best = { a: 0, b: 0, length: 0 }
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < b.length; j++) {
      if (Math.abs(a[i]!.at - b[j]!.at) > sameTimeSeconds) continue
      let length = 0
      while (i + length < a.length && j + length < b.length && a[i + length]!.plain === b[j + length]!.plain)
        length += 1
      if (length > best.length) best = { a: i, b: j, length }
    }
  return best.length < fewestCommon ? null : { a: best.a, b: best.b, middle: Math.ceil(best.length / 2) }
}

function keepWords(segment: Said, keep: (at: number) => boolean): Segment[] {
  const words = wordsIn(segment)
  const kept = words.filter(({ at }) => keep(at))
  if (kept.length === 0) return []
  if (kept.length === words.length) return [segment]
  const half = (segment.endSeconds - segment.startSeconds) / words.length / 2
  return [
    {
      ...segment,
      startSeconds: kept[0]!.at - half,
      endSeconds: kept.at(-1)!.at + half,
      text: kept.map(({ text }) => text).join(' '),
    },
  ]
}
