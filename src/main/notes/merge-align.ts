import { diffArrays } from 'diff'
import type { MergeBlock } from '#shared/contract/notes.ts'
import type { Block } from './merge-blocks.ts'

/** One place of both texts: what stands there in mine, in the newer one, or in both. */
export interface Pair {
  readonly kind: MergeBlock['kind']
  readonly mine: Block | null
  readonly newer: Block | null
  readonly suggested: MergeBlock['suggested']
}

/**
 * Two texts block by block, in the order of both: all that is mine, in turn, is mine, and all that is newer the newer.
 * @param base the last text that both come from; null when it is not known: then nothing newer is suggested
 */
export function alignBlocks(mine: readonly Block[], newer: readonly Block[], base: readonly Block[] | null): Pair[] {
  /** Positions in the base of what each side left as it was. */
  const [mineFrom, newerFrom] = [base && cameFrom(base, mine), base && cameFrom(base, newer)]
  const stayed = new Set(newerFrom?.values())
  const pairs: Pair[] = []
  let come = 0
  const push = (at: number | null, block: Block | null): void => {
    const own = at === null ? null : mine[at]!
    const kind = own === null ? 'only-new' : block === null ? 'only-mine' : own.text === block.text ? 'same' : 'changed'
    // The user left it and Inkwell did not, or Inkwell made it. Outside the marks of a text that has them all is the user's.
    const origin = at === null ? undefined : mineFrom?.get(at)
    const isNews = own === null ? !newerFrom?.has(come) : own.ours && origin !== undefined && !stayed.has(origin)
    pairs.push({ kind, mine: own, newer: block, suggested: base !== null && isNews ? 'new' : 'mine' })
    if (block) come += 1
  }
  let at = 0
  let gone: number[] = []
  const flush = (come: readonly Block[]): void => {
    let from = 0
    for (const index of gone) {
      const match = gone.length * come.length > 40_000 ? from : closest(mine[index]!, come, from)
      if (match !== null && match < come.length) {
        for (const block of come.slice(from, match)) push(null, block)
        push(index, come[match]!)
        from = match + 1
      } else push(index, null)
    }
    for (const block of come.slice(from)) push(null, block)
    gone = []
  }
  for (const { added, removed, value } of differences(mine, newer)) {
    if (removed) {
      flush([])
      gone = value.map((_, index) => at + index)
      at += value.length
    } else if (added) flush(value)
    else {
      flush([])
      for (const block of value) push(at++, block)
    }
  }
  flush([])
  return pairs
}

interface Part {
  readonly added?: boolean
  readonly removed?: boolean
  readonly value: readonly Block[]
}
/** Two texts with nothing in common would take minutes: past the limit what is equal at both ends is all that is seen. */
function differences(one: readonly Block[], other: readonly Block[]): readonly Part[] {
  const found = diffArrays([...one], [...other], { comparator: sameText, maxEditLength: 600 })
  if (found) {
    // Equal parts come with the blocks of the second text.
    return found.map(({ added, removed, value }) => ({ added, removed, value }))
  }
  let start = 0
  while (start < one.length && start < other.length && sameText(one[start]!, other[start]!)) start += 1
  let end = 0
  const most = Math.min(one.length, other.length) - start
  while (end < most && sameText(one.at(-1 - end)!, other.at(-1 - end)!)) end += 1
  return [
    { value: other.slice(0, start) },
    { removed: true, value: one.slice(start, one.length - end) },
    { added: true, value: other.slice(start, other.length - end) },
    { value: other.slice(other.length - end) },
  ]
}

const sameText = (one: Block, other: Block): boolean => one.text === other.text

/** For each position in `now` that was left as it was, the one in `before`. */
function cameFrom(before: readonly Block[], now: readonly Block[]): ReadonlyMap<number, number> {
  const from = new Map<number, number>()
  let [then, at] = [0, 0]
  for (const { added, removed, value } of differences(before, now)) {
    if (!added && !removed) for (let index = 0; index < value.length; index++) from.set(at + index, then + index)
    if (!added) then += value.length
    if (!removed) at += value.length
  }
  return from
}

/** The first of `come` that reads like the block; null when none does. */
function closest(block: Block, come: readonly Block[], from: number): number | null {
  const words = wordsOf(block.text)
  let best: number | null = null
  let bestShare = 0.34
  for (let index = from; index < come.length; index++) {
    const share = likeness(words, wordsOf(come[index]!.text))
    if (share > bestShare) [best, bestShare] = [index, share]
  }
  return best
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])

/** Share of the words of both that both have (Dice). */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0
  for (const word of one) if (other.has(word)) common += 1
  return one.size + other.size === 0 ? 0 : (2 * common) / (one.size + other.size)
}
