import type { Parser } from 'htmlparser2'

const maxDepth = 500
const pieceLength = 16_384

/**
 * Hands a text to a parser whose time grows with the square of how deep elements lie. Deeper than anybody nests them it
 * begins anew, as if none were open.
 * @param depth elements open now
 * @param forget called when the parser knows of none any more and counts from `at`; false ends it there
 */
export function readInPieces(parser: Parser, text: string, depth: () => number, forget: (at: number) => boolean): void {
  let end = 0
  for (let at = 0; at < text.length; at = end) {
    // Between two elements: one that is begun would be lost.
    end = text.indexOf('>', at + pieceLength) + 1 || text.length
    parser.write(text.slice(at, end))
    if (depth() <= maxDepth || end === text.length) continue
    parser.reset()
    if (!forget(end)) return
  }
  parser.end()
}
