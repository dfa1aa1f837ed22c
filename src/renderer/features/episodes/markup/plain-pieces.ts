/** UTF-16 units that are laid out at once: a few milliseconds, however they are mixed. */
const longestPiece = 2_000

/** Cuts a text at line ends, else between words, else anywhere but inside a character; only the line ends cut at go. */
export function plainPieces(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  while (text.length - from > longestPiece) {
    const window = text.slice(from, from + longestPiece)
    const line = window.lastIndexOf('\n')
    const word = window.lastIndexOf(' ')
    const half = longestPiece / 2
    if (line > half) {
      pieces.push(window.slice(0, line))
      from += line + 1
      continue
    }
    const isSplitCharacter = /[\uD800-\uDBFF]$/.test(window)
    const length = word > half ? word + 1 : isSplitCharacter ? longestPiece - 1 : longestPiece
    pieces.push(window.slice(0, length))
    from += length
  }
  return [...pieces, text.slice(from)]
}
