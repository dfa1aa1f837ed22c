/** A version as the race's editor saves it: it names itself, and its length varies. */
export const versionText = (seed: number, n: number): string =>
  `Version ${seed}/${n} of my own words.\n${'I changed this. '.repeat((n * 7919) % 97)}\n`

/** Which version a text is; null for a text of somebody else, or a part of one. */
export function versionOf(text: string): number | null {
  const found = /^Version (\d+)\/(\d+) of/.exec(text)
  return found && versionText(Number(found[1]), Number(found[2])) === text ? Number(found[2]) : null
}

/** The version that a text begins with, whole. */
export function versionBeginning(text: string): number | null {
  const found = /^Version (\d+)\/(\d+) of/.exec(text)
  return found && text.startsWith(versionText(Number(found[1]), Number(found[2]))) ? Number(found[2]) : null
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
