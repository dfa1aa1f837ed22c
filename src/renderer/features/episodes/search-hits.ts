export interface Hit {
  readonly line: number
  readonly start: number
  readonly end: number
}

/** More hits than anyone steps through; keeps one letter in a long transcript cheap. */
export const mostHits = 5_000

/** Where `query` occurs in the lines, case ignored, any white space matching any; nothing for a blank query. */
export function hitsIn(lines: readonly { readonly text: string }[], query: string): Hit[] {
  const words = query.trim().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const pattern = new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('\\s+'), 'giu')
  const hits: Hit[] = []
  for (const [line, { text }] of lines.entries()) {
    for (const match of text.matchAll(pattern)) {
      hits.push({ line, start: match.index, end: match.index + match[0].length })
      if (hits.length >= mostHits) return hits
    }
  }
  return hits
}

/** The hit `step` after `current`, round the ends; -1 when there are none. */
export function stepHit(count: number, current: number, step: 1 | -1): number {
  if (count === 0) return -1
  if (current < 0) return step === 1 ? 0 : count - 1
  return (current + step + count) % count
}

export interface Piece {
  readonly text: string
  /** Index of the hit in the whole list; null between hits. */
  readonly hit: number | null
}

/** One line's text cut at its hits. `hits` are those of this line, `firstHit` the index of the first of them. */
export function piecesOf(text: string, hits: readonly Hit[], firstHit: number): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const [index, hit] of hits.entries()) {
    if (hit.start > at) pieces.push({ text: text.slice(at, hit.start), hit: null })
    pieces.push({ text: text.slice(hit.start, hit.end), hit: firstHit + index })
    at = hit.end
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: null })
  return pieces
}
