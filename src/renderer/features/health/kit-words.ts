/** The words as they are written down, one by one. */
export const wordsOf = (words: string): string[] => words.trim().split(/\s+/)

/** Positions of two different words to ask for, so that a list that was not written down shows itself. */
export function twoPlaces(count: number, random: () => number = Math.random): [number, number] {
  const first = Math.floor(random() * count)
  const second = (first + 1 + Math.floor(random() * (count - 1))) % count
  return first < second ? [first, second] : [second, first]
}

/** Written by hand and typed again: case and blanks do not count. */
export const isSameWord = (typed: string, word: string): boolean => typed.trim().toLowerCase() === word.toLowerCase()
