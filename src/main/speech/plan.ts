/** A part of a recording that is worked on and kept by itself. Seconds. */
export interface Piece {
  /** Its own time. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** What is listened to: a little of both neighbours, so that no word is cut in two. */
  readonly heardFromSeconds: number
  readonly heardToSeconds: number
}

export const pieceSeconds = 480
export const overlapSeconds = 10
/** A recording may be a little longer than was measured. */
const beyondSeconds = 30

/**
 * Cuts a recording into pieces whose bounds depend on nothing but its length: what was kept before a kill fits again. The
 * last one is never so short that it has no context.
 */
export function planPieces(durationSeconds: number): Piece[] {
  const count = Math.max(1, Math.round(durationSeconds / pieceSeconds))
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1
    const from = index * pieceSeconds
    const to = isLast ? durationSeconds : from + pieceSeconds
    return {
      fromSeconds: from,
      toSeconds: to,
      heardFromSeconds: Math.max(0, from - overlapSeconds),
      heardToSeconds: isLast ? durationSeconds + beyondSeconds : to + overlapSeconds,
    }
  })
}
