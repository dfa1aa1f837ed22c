import type { Passage } from './passages.ts'
import { tokensOf } from './tokens-of.ts'

/** What one request sees of the transcript. */
export interface Part {
  readonly index: number
  readonly of: number
  readonly text: string
  /** Without what it shares with the part before. Null without times. */
  readonly fromSeconds: number | null
  readonly toSeconds: number | null
}

/** Shared with the part before, so that a thought that crosses the border is understood. */
const overlapPassages = 3
const overlapShare = 0.05

/**
 * As few parts as the budget allows, about equally long, cut between passages and where possible before a chapter.
 * @param budgetTokens of the transcript's text in one request
 */
export function cutParts(passages: readonly Passage[], budgetTokens: number): Part[] {
  const sizes = passages.map(({ line }) => tokensOf(line).high + 1)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const room = Math.max(1, budgetTokens * (1 - overlapShare))
  const target = total <= budgetTokens ? total : total / Math.ceil(total / (room * 0.95))
  const bounds: number[] = [0]
  let filled = 0
  for (const [at, size] of sizes.entries()) {
    const from = bounds.at(-1)!
    const isFull = at > from && filled + size > (total <= budgetTokens ? budgetTokens : room)
    const isEnough = at > from && total > budgetTokens && filled >= target
    const atChapter = at > from && total > budgetTokens && passages[at]!.startsChapter && filled > target * 0.8
    if (isFull || isEnough || atChapter) {
      bounds.push(at)
      filled = 0
    }
    filled += size
  }
  return bounds.map((from, index): Part => {
    const to = bounds[index + 1] ?? passages.length
    const own = passages.slice(from, to)
    let before = Math.max(0, from - overlapPassages)
    while (before < from && sum(sizes, before, from) > budgetTokens * overlapShare) before++
    return {
      index,
      of: bounds.length,
      text: passages
        .slice(before, to)
        .map(({ line }) => line)
        .join('\n'),
      fromSeconds: own.find(({ fromSeconds }) => fromSeconds !== null)?.fromSeconds ?? null,
      toSeconds: own.findLast(({ toSeconds }) => toSeconds !== null)?.toSeconds ?? null,
    }
  })
}

const sum = (sizes: readonly number[], from: number, to: number): number =>
  sizes.slice(from, to).reduce((total, size) => total + size, 0)
