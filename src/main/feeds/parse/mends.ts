/** Where the text was mended, told as lines to a person. */
export interface Mends {
  note(offset: number): void
  /** `Mended 2 broken lines (the first is line 12).`; null when nothing was. */
  describe(text: string): string | null
}

export function createMends(): Mends {
  const offsets: number[] = []
  return {
    // More than that nobody reads, and a hostile feed should not fill the memory with them.
    note: (offset) => {
      if (offsets.length < 100_000) offsets.push(offset)
    },
    describe: (text) => {
      if (offsets.length === 0) return null
      offsets.sort((a, b) => a - b)
      const lines = new Set<number>()
      let line = 1
      let lineEnd = text.indexOf('\n')
      for (const offset of offsets) {
        while (lineEnd >= 0 && lineEnd < offset) {
          line += 1
          lineEnd = text.indexOf('\n', lineEnd + 1)
        }
        lines.add(line)
      }
      const [first] = lines
      return lines.size === 1
        ? `Mended a broken line (line ${first}).`
        : `Mended ${lines.size.toLocaleString('en')} broken lines (the first is line ${first}).`
    },
  }
}

/** indexOf that remembers: a hostile feed must not make it read to the end again and again. Ask with growing `from` only. */
export function createFinder(text: string): (needle: string, from: number) => number {
  const found = new Map<string, number>()
  return (needle, from) => {
    const last = found.get(needle)
    if (last !== undefined && (last === -1 || last >= from)) return last
    const index = text.indexOf(needle, from)
    found.set(needle, index)
    return index
  }
}
