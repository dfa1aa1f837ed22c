import type { SpokenSegment } from '../engine/protocol.ts'

/** What is said in a recording of this length: numbered sentences, some seconds each, with pauses. Nothing is left to chance. */
export interface ScriptLine {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly words: readonly string[]
}

export function scriptOf(durationSeconds: number): ScriptLine[] {
  const lines: ScriptLine[] = []
  let number = 0
  for (let at = 1; at < durationSeconds - 20; ) {
    number += 1
    // Every seventh goes on for long without a pause.
    const seconds = number % 7 === 0 ? 19 : 3 + (number % 4)
    const count = Math.round(seconds * 2)
    const words = Array.from({ length: count }, (_, index) => `w${number}x${index}`)
    lines.push({ startSeconds: at, endSeconds: at + seconds, words })
    at += seconds + (number % 7 === 6 || number % 7 === 0 ? 0 : 0.8)
  }
  return lines
}

/**
 * What a recogniser makes of a span: each word within it, in sentences, with times from the beginning of the span. A line
 * that the span cuts is heard from its middle on, as it is in life, and times are off by a little.
 */
export function hear(script: readonly ScriptLine[], fromSeconds: number, toSeconds: number): SpokenSegment[] {
  const jitter = (fromSeconds % 7) / 50
  return script.flatMap(({ startSeconds, endSeconds, words }) => {
    const step = (endSeconds - startSeconds) / words.length
    const heard = words
      .map((text, index) => ({ text, from: startSeconds + index * step }))
      .filter(({ from }) => from >= fromSeconds && from + step <= toSeconds)
    if (heard.length === 0) return []
    return [
      {
        startSeconds: heard[0]!.from - fromSeconds + jitter,
        endSeconds: heard.at(-1)!.from + step - fromSeconds + jitter,
        text: `${heard.map(({ text }) => text).join(' ')}.`,
      },
    ]
  })
}
