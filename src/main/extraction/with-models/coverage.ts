import type { Segment } from '#shared/contract/transcripts.ts'
import type { Part } from './parts.ts'
import { clock } from './passages.ts'

export interface Span {
  readonly fromSeconds: number
  readonly toSeconds: number
}
/** What became of one part. */
export interface PartOutcome {
  readonly part: Part
  readonly finish: 'stop' | 'length' | 'refused' | 'other'
}

/** Seconds that were sent and answered to the end, neighbours joined. Empty for a transcript without times. */
export function coveredSpans(outcomes: readonly PartOutcome[]): Span[] {
  const spans: Span[] = []
  for (const { part, finish } of outcomes) {
    if ((finish !== 'stop' && finish !== 'other') || part.fromSeconds === null || part.toSeconds === null) continue
    const last = spans.at(-1)
    // A pause between two parts is no gap.
    const isNext =
      last !== undefined && outcomes.find((one) => one.part.index === part.index - 1)?.part.toSeconds === last.toSeconds
    if (last && isNext) spans[spans.length - 1] = { ...last, toSeconds: Math.max(last.toSeconds, part.toSeconds) }
    else spans.push({ fromSeconds: part.fromSeconds, toSeconds: part.toSeconds })
  }
  return spans
}

/** Seconds of the last word; null without times. */
export const lastSecond = (segments: readonly Segment[]): number | null =>
  segments.reduce<number | null>((last, { startSeconds, endSeconds }) => {
    const at = endSeconds ?? startSeconds
    return at === null ? last : Math.max(last ?? 0, at)
  }, null)

/** Said under a note that does not hold all of the talk; empty when it does. */
export function coverageRemarks(
  outcomes: readonly PartOutcome[],
  joinFinish: PartOutcome['finish'] | null,
  lastSeconds: number | null,
): string[] {
  const remarks: string[] = []
  const whole = outcomes.every(({ finish }) => finish === 'stop' || finish === 'other')
  if (!whole && outcomes.length > 1) {
    const spans = coveredSpans(outcomes)
    const done = outcomes.filter(({ finish }) => finish === 'stop' || finish === 'other').length
    remarks.push(
      spans.length > 0 && lastSeconds !== null
        ? `Covers ${spans.map(({ fromSeconds, toSeconds }) => `${clock(fromSeconds)}–${clock(toSeconds)}`).join(', ')} of ${clock(lastSeconds)}.`
        : `Covers ${done} of ${outcomes.length} parts of the transcript.`,
    )
    if (outcomes.some(({ finish }) => finish === 'refused')) remarks.push('The model would not work on the rest.')
  }
  if (joinFinish === 'length' || outcomes.some(({ finish }) => finish === 'length'))
    remarks.push('The model’s answer was cut off at its limit of length, also when it was asked to go on.')
  if (joinFinish === 'other' || outcomes.some(({ finish }) => finish === 'other'))
    remarks.push('The model did not say whether its answer is complete.')
  return remarks
}
