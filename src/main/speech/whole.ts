import type { Segment } from '#shared/contract/transcripts.ts'
import type { SpeakerTurn } from './engine/protocol.ts'
import type { Piece } from './plan.ts'
import { stitch } from './stitch.ts'
import { clockTime } from './words.ts'

/** A loop goes on over several chunks: then whole segments repeat. */
const fewestSame = 4
const fewestWords = 3

export interface Whole {
  readonly segments: Segment[]
  readonly warnings: string[]
}

/** @param made null: that piece could not be made; its time is marked */
export function joinPieces(pieces: readonly Piece[], made: readonly (readonly Segment[] | null)[]): Whole {
  const warnings: string[] = []
  let all: Segment[] = []
  for (const [index, piece] of pieces.entries()) {
    const segments = made[index] ?? null
    if (segments === null) {
      const [from, to] = [clockTime(piece.fromSeconds), clockTime(piece.toSeconds)]
      all.push({
        startSeconds: piece.fromSeconds,
        endSeconds: piece.toSeconds,
        speaker: null,
        text: `[no transcript from ${from} to ${to}]`,
      })
      warnings.push(
        `From ${from} to ${to} there is no transcript: that part could not be recognised. It is tried again the next time.`,
      )
    } else if (index === 0) all = [...segments]
    else if (made[index - 1] === null)
      all.push(...segments.filter(({ startSeconds }) => startSeconds === null || startSeconds >= piece.fromSeconds))
    else all = stitch(all, segments, piece.fromSeconds)
  }
  // A neighbour of a gap heard a little of it: that is more than a mark.
  all.sort((a, b) => (a.startSeconds ?? 0) - (b.startSeconds ?? 0))
  const clean = withoutRepeats(all)
  if (clean.removed > 0)
    warnings.push(
      `${clean.removed} repetitions of one sentence were taken out: models fall into such loops over music and noise.`,
    )
  return { segments: clean.segments, warnings }
}

function withoutRepeats(segments: readonly Segment[]): { segments: Segment[]; removed: number } {
  const kept: Segment[] = []
  let removed = 0
  const plain = ({ text }: Segment): string =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} ]/gu, '')
      .trim()
  for (let at = 0; at < segments.length; ) {
    const text = plain(segments[at]!)
    let end = at + 1
    while (end < segments.length && plain(segments[end]!) === text) end += 1
    const isLoop = end - at >= fewestSame && text.split(' ').length >= fewestWords
    kept.push(...segments.slice(at, isLoop ? at + 1 : end))
    if (isLoop) removed += end - at - 1
    at = end
  }
  return { segments: kept, removed }
}

/** Each segment gets the speaker who has most of its time. Names are given in order of appearance. */
export function withSpeakers(segments: readonly Segment[], turns: readonly SpeakerTurn[]): Segment[] {
  const names = new Map<number, string>()
  const sorted = [...turns].sort((a, b) => a.startSeconds - b.startSeconds)
  let first = 0
  return segments.map((segment) => {
    const { startSeconds, endSeconds } = segment
    if (startSeconds === null || endSeconds === null || segment.text.startsWith('[no transcript')) return segment
    while (first < sorted.length && sorted[first]!.endSeconds < startSeconds - 60) first += 1
    const shares = new Map<number, number>()
    for (let at = first; at < sorted.length && sorted[at]!.startSeconds < endSeconds; at++) {
      const turn = sorted[at]!
      const share = Math.min(endSeconds, turn.endSeconds) - Math.max(startSeconds, turn.startSeconds)
      if (share > 0) shares.set(turn.speaker, (shares.get(turn.speaker) ?? 0) + share)
    }
    const speaker = [...shares].sort((a, b) => b[1] - a[1])[0]?.[0]
    if (speaker === undefined) return segment
    if (!names.has(speaker)) names.set(speaker, `Speaker ${names.size + 1}`)
    return { ...segment, speaker: names.get(speaker)! }
  })
}
