/** Numbers that are the same for the same seed (mulberry32), so that every run can be seen again. */
export interface Random {
  /** From 0 up to, not with, 1. */
  next(): number
  /** A whole number from 0 up to, not with, `below`. */
  below(below: number): number
  /** At most `count` of the items, in their order: the first, the last, and of equal stretches between them one each. */
  sample<Item>(items: readonly Item[], count: number): Item[]
  shuffle<Item>(items: readonly Item[]): Item[]
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const shuffle = <Item>(items: readonly Item[]): Item[] => {
    const mixed = [...items]
    for (let index = mixed.length - 1; index > 0; index--) {
      const other = below(index + 1)
      ;[mixed[index], mixed[other]] = [mixed[other]!, mixed[index]!]
    }
    return mixed
  }
  return {
    next,
    below,
    shuffle,
    sample(items, count) {
      if (items.length <= count) return [...items]
      if (count < 2) return count < 1 ? [] : [items[below(items.length)]!]
      const inner = items.slice(1, -1)
      const beginOf = (nth: number): number => Math.floor((nth * inner.length) / (count - 2))
      const between = Array.from(
        { length: count - 2 },
        (_, nth) => inner[beginOf(nth) + below(beginOf(nth + 1) - beginOf(nth))]!,
      )
      return [items[0]!, ...between, items.at(-1)!]
    },
  }
}

/** A seed of its own for a part of the work, from the suite's seed and the part's name. */
export function seedOf(seed: number, name: string): number {
  let mixed = seed >>> 0
  for (const letter of name) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 16_777_619) >>> 0
  return mixed
}

/** The pieces of the work that are this process's own. */
export const mine = <Item>(items: readonly Item[], { index, of }: { index: number; of: number }): Item[] =>
  items.filter((_, place) => place % of === index)
