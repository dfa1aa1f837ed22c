import type { Segment } from '#shared/contract/transcripts.ts'

export interface Span {
  /** What is kept of it, in seconds of the recording. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** What is sent: a little more at both ends, so that no word is cut in two. */
  readonly sentFromSeconds: number
  readonly sentToSeconds: number
}

const spanSeconds = 600
const overlapSeconds = 4
/** A last piece shorter than this is part of the one before. */
const leastSeconds = 60

/** Pieces of ten minutes: far below any service's limits (25 MB, 25 min), and no more than that is paid twice after a crash. */
export function spansOf(durationSeconds: number): Span[] {
  const spans: Span[] = []
  for (let from = 0; from < durationSeconds; from += spanSeconds) {
    const rest = durationSeconds - from
    const isLast = rest < spanSeconds + leastSeconds
    const to = isLast ? durationSeconds : from + spanSeconds
    spans.push({
      fromSeconds: from,
      toSeconds: to,
      sentFromSeconds: Math.max(0, from - overlapSeconds),
      sentToSeconds: Math.min(durationSeconds, to + overlapSeconds),
    })
    if (isLast) break
  }
  return spans
}

/**
 * What was heard in a span, in the recording's time. A segment belongs to the span that its middle lies in, so that what
 * both neighbours heard stands once. Without times it is one segment as long as the span.
 */
export function placed(span: Span, heard: readonly Segment[]): Segment[] {
  if (heard.every(({ startSeconds }) => startSeconds === null)) {
    const text = heard
      .map((segment) => segment.text.trim())
      .join(' ')
      .trim()
    if (text === '') return []
    return [{ startSeconds: span.fromSeconds, endSeconds: span.toSeconds, speaker: null, text }]
  }
  const isLast = span.sentToSeconds === span.toSeconds
  const longest = span.sentToSeconds - span.sentFromSeconds
  return heard.flatMap((segment) => {
    // What a service heard after the end of what it was sent, it invented.
    if ((segment.startSeconds ?? 0) >= longest) return []
    const at = (seconds: number): number => span.sentFromSeconds + Math.min(Math.max(0, seconds), longest)
    const start = at(segment.startSeconds ?? 0)
    const end = Math.max(start, at(segment.endSeconds ?? segment.startSeconds ?? 0))
    const middle = (start + end) / 2
    const mine = middle >= span.fromSeconds && (middle < span.toSeconds || isLast)
    return mine && segment.text.trim() !== '' ? [{ ...segment, startSeconds: start, endSeconds: end }] : []
  })
}
