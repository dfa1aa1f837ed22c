/** A piece of text on a page, as PDF has it. Points from the lower left corner. */
export interface Piece {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly endsLine: boolean
}

/**
 * Paragraphs of a page in the order the file gives them: pieces on one height are a line, lines close together a
 * paragraph; a word cut at a line's end is joined again.
 */
export function paragraphsOf(pieces: readonly Piece[]): string[] {
  const lines: { text: string; y: number; height: number; endX: number }[] = []
  let isNewLine = true
  for (const piece of pieces) {
    const last = lines.at(-1)
    const height = piece.height || last?.height || 10
    if (last && !isNewLine && Math.abs(last.y - piece.y) < height / 2) {
      const gap = piece.x - last.endX
      const space = gap > height * 0.15 && !/\s$/.test(last.text) && !/^\s/.test(piece.text) ? ' ' : ''
      last.text += space + piece.text
      last.endX = piece.x + piece.width
    } else if (piece.text.trim() !== '')
      lines.push({ text: piece.text, y: piece.y, height, endX: piece.x + piece.width })
    isNewLine = piece.endsLine
  }
  const paragraphs: string[] = []
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1]
    const text = line.text.replaceAll(/\s+/g, ' ').trim()
    if (text === '') continue
    const drop = before ? before.y - line.y : Number.POSITIVE_INFINITY
    // A line that stands higher than the one before begins a new column.
    const isNear = drop > 0 && drop < line.height * 1.9
    const open = paragraphs.at(-1)
    if (!isNear || open === undefined) paragraphs.push(text)
    else if (/\p{L}-$/u.test(open) && /^\p{Ll}/u.test(text))
      paragraphs[paragraphs.length - 1] = open.slice(0, -1) + text
    else paragraphs[paragraphs.length - 1] = `${open} ${text}`
  }
  return paragraphs
}
