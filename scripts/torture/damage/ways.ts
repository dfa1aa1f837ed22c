import type { Random } from '../random.ts'

/** One way in which the bytes of a file rot. */
export interface Damage {
  /** With what is needed to see it again, e.g. `bit 3 of byte 512`. */
  readonly words: string
  readonly isFlip: boolean
  apply(bytes: Buffer): Buffer
}
/** A number stands for a damage, so that a sample of hundreds of thousands is taken without making them. */
export interface Ways {
  readonly count: number
  at(index: number): Damage
}

const small = 512
const large = 4_096

const changed = (bytes: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(bytes)
  change(copy)
  return copy
}

/**
 * Every byte with one bit and as a whole, every length, every block of 512 bytes zeroed, blocks of 4 KB exchanged, garbage
 * after the end.
 * @param thin of whole bytes and lengths only each so many-th
 */
export function waysOf(bytes: Buffer, random: Random, thin: number): Ways {
  const { length } = bytes
  const salt = random.below(1 << 24)
  const blocks = Math.ceil(length / small)
  const pages = Math.floor(length / large)
  const swaps = pages < 2 ? 0 : pages * 2
  const flipBit = (at: number): Damage => {
    const bit = (at * 7 + salt) % 8
    return { words: `bit ${bit} of byte ${at}`, isFlip: true, apply: flip(at, 1 << bit) }
  }
  const flipByte = (at: number): Damage => {
    const mask = 1 + (((Math.imul(at + 1, 2_654_435_761) ^ salt) >>> 8) % 255)
    return { words: `byte ${at}, by ${mask}`, isFlip: true, apply: flip(at, mask) }
  }
  const cut = (at: number): Damage => ({
    words: `cut to ${at} of ${length} bytes`,
    isFlip: false,
    apply: (whole) => Buffer.from(whole.subarray(0, at)),
  })
  const zeroed = (block: number): Damage => ({
    words: `512 bytes from ${block * small} zeroed`,
    isFlip: false,
    apply: (whole) => changed(whole, (copy) => copy.fill(0, block * small, Math.min(length, (block + 1) * small))),
  })
  const swapped = (index: number): Damage => {
    const one = index % pages
    const other = (one + 1 + Math.floor(index / pages) + (salt % (pages - 1))) % pages
    return { words: `4 KB at ${one * large} and ${other * large} exchanged`, isFlip: false, apply: swap(one, other) }
  }
  const added = (count: number): Damage => ({
    words: `${count} bytes of garbage after the end`,
    isFlip: false,
    apply: (whole) => Buffer.concat([whole, Buffer.alloc(count, `garbage ${salt}`)]),
  })
  const kinds: readonly [number, (index: number) => Damage][] = [
    [length, flipBit],
    [Math.floor(length / thin), (index) => flipByte(index * thin + (salt % thin))],
    [Math.floor(length / thin), (index) => cut(index * thin + (salt % thin))],
    [blocks, zeroed],
    [swaps, swapped],
    [3, (index) => added([1, 100, 5_000][index]!)],
  ]
  return {
    count: kinds.reduce((sum, [count]) => sum + count, 0),
    at(index) {
      let left = index
      for (const [count, make] of kinds) {
        if (left < count) return make(left)
        left -= count
      }
      throw new RangeError(`no damage ${index}`)
    },
  }
}

const flip = (at: number, mask: number) => (whole: Buffer) =>
  changed(whole, (copy) => {
    copy[at]! ^= mask
  })
const swap = (one: number, other: number) => (whole: Buffer) =>
  changed(whole, (copy) => {
    whole.copy(copy, one * large, other * large, (other + 1) * large)
    whole.copy(copy, other * large, one * large, (one + 1) * large)
  })
