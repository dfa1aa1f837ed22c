/** A stretch of a turn that ends where a sentence does. */
export interface Span {
  readonly start: number
  readonly end: number
  /** Cut off by a stage direction or an inaudible place: not a whole sentence. */
  readonly damaged: boolean
}

/** What the transcriber wrote about the talk: [laughter], (applause), ♪ … ♪. Not part of what was said. */
const stageDirection =
  /\[[^\]]{0,80}\]|\((?:[^)]{0,20}\b)?(?:laugh\w*|applause|music|cross-?talk|inaudible|unintelligible|chuckl\w*|sighs?|silence|pause|cheer\w*)\b[^)]{0,30}\)|♪[^♪]{0,200}♪|\*(?:laughs?|laughter|music|applause|sighs?)\*/giu
const abbreviation =
  /(?:^|[\s("“])(?:mr|mrs|ms|dr|prof|st|sr|jr|vs|etc|e\.g|i\.e|inc|ltd|corp|vol|fig|approx|dept|est|gen|gov|sen|rep|capt|col|lt|sgt|rev|hon|[a-z])\.["”')]*\s*$/iu
const terminal = /[.!?…。！？؟۔।]["”’'»)\]]*\s*$/u
const openQuotes = /["“]/g
const closeQuotes = /["”]/g

/** How many words come between two full stops; captions made by a machine often have none. */
export function isPunctuated(texts: readonly string[]): boolean {
  let words = 0
  let stops = 0
  for (const text of texts) {
    words += text.split(' ').length
    stops += text.match(/[.!?…。！？؟۔।](?=["”’')]*(?:\s|$))/gu)?.length ?? 0
  }
  return stops * 60 >= words
}

/** @param language BCP 47, for the rules of the Unicode segmenter */
export function createSentenceSplitter(language: string): (text: string) => Span[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' })
  return (text) => pieces(text).flatMap((piece) => splitPiece(text, piece, segmenter))
}

interface Piece {
  readonly start: number
  readonly end: number
  readonly cutBefore: boolean
  readonly cutAfter: boolean
}
function pieces(text: string): Piece[] {
  if (!/[[(♪*]/.test(text)) return [{ start: 0, end: text.length, cutBefore: false, cutAfter: false }]
  const found: Piece[] = []
  let start = 0
  for (const match of text.matchAll(stageDirection)) {
    found.push({ start, end: match.index, cutBefore: start > 0, cutAfter: true })
    start = match.index + match[0].length
  }
  found.push({ start, end: text.length, cutBefore: start > 0, cutAfter: false })
  return found.filter((piece) => text.slice(piece.start, piece.end).trim() !== '')
}

function splitPiece(text: string, piece: Piece, segmenter: Intl.Segmenter): Span[] {
  const body = text.slice(piece.start, piece.end)
  const parts: { start: number; end: number }[] = []
  let pending: { start: number; end: number } | null = null
  let merged = 0
  for (const { index, segment } of segmenter.segment(body)) {
    const part: { start: number; end: number } = { start: pending?.start ?? index, end: index + segment.length }
    const soFar = body.slice(part.start, part.end)
    const next = body[part.end]
    const goesOn =
      next !== undefined &&
      merged < 4 &&
      (abbreviation.test(soFar) ||
        (/\bno\.\s*$/i.test(soFar) && /^\d/.test(next)) ||
        /\s\.$/.test(soFar) ||
        !balanced(soFar) ||
        /^\p{Ll}/u.test(next))
    pending = goesOn ? part : null
    merged = goesOn ? merged + 1 : 0
    if (!goesOn) parts.push(part)
  }
  if (pending) parts.push(pending)
  return parts.flatMap((part, at) => {
    const raw = body.slice(part.start, part.end)
    const trimmedStart = part.start + (raw.length - raw.trimStart().length)
    const sentence = raw.trim()
    if (!/[\p{L}\p{N}]/u.test(sentence)) return []
    const start = piece.start + trimmedStart
    const damaged =
      (at === 0 && piece.cutBefore && !/^["“'(]?[\p{Lu}\p{Lo}\p{N}]/u.test(sentence)) ||
      (at === parts.length - 1 && piece.cutAfter && !terminal.test(sentence)) ||
      /^(?:\.\.\.|…|--|—|-)/.test(sentence)
    return [{ start, end: start + sentence.length, damaged }]
  })
}

/** Quoted speech inside a sentence is kept in one piece: “Tabs are stupid. Who wants them?” */
export function balanced(text: string): boolean {
  const straight = text.split('"').length - 1
  if (straight % 2 === 1) return false
  const curlyOpen = (text.match(openQuotes)?.length ?? 0) - straight
  const curlyClose = (text.match(closeQuotes)?.length ?? 0) - straight
  return curlyOpen <= curlyClose && text.split('(').length <= text.split(')').length
}

export const endsWhole = (text: string): boolean => terminal.test(text) && !/(?:\.\.\.|…)["”’')]*$/.test(text)
