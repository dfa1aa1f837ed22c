/** Words of a list that is written as running text. */
export const wordSet = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== ''))
/** The same with `|` between entries of several words. */
export const phraseSet = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(
    lines
      .flatMap((line) => line.split('|'))
      .map((phrase) => phrase.trim())
      .filter((phrase) => phrase !== ''),
  )
