import type { Segment } from '#shared/contract/transcripts.ts'
import { endsSentence, joinTexts, oneLine } from './clean-text.ts'
import { clockPattern, parseClock } from './clock-time.ts'
import { isBreakLabel, isGenericLabel, isLeadIn, looksLikeName } from './speaker-label.ts'
import { type Head, readHead } from './turn-heads.ts'

export interface Line {
  readonly text: string
  /** Bold words at its beginning. */
  readonly strong: string | null
  /** Begins a paragraph. */
  readonly paragraph: boolean
}

interface Accepted {
  readonly labels: ReadonlySet<string>
  readonly times: boolean
}

/** One `Note: …` in an article is no speaker and `12:30` in a diary no time: the whole text decides. */
function accept(heads: readonly (Head | null)[], paragraphs: number): Accepted {
  const counts = new Map<string, { count: number; sure: number; headings: number }>()
  let timed = 0
  let sureTimes = 0
  for (const head of heads) {
    if (!head) continue
    if (head.start !== null) timed += 1
    if (head.start !== null && head.timeIsSure) sureTimes += 1
    if (head.speaker === null || isLeadIn(head.speaker)) continue
    const known = counts.get(head.speaker) ?? { count: 0, sure: 0, headings: 0 }
    counts.set(head.speaker, {
      count: known.count + 1,
      sure: known.sure + (head.speakerIsSure ? 1 : 0),
      headings: known.headings + (head.onlyIfRepeated ? 1 : 0),
    })
  }
  const labelled = [...counts.values()].reduce((sum, { count }) => sum + count, 0)
  const share = labelled / Math.max(1, paragraphs)
  const times = timed >= 2 ? sureTimes > 0 || timed > paragraphs * 0.2 : sureTimes === 1
  const labels = [...counts]
    .filter(
      ([label, { count, sure, headings }]) =>
        isGenericLabel(label) ||
        (share >= 0.2 && (count > 1 || sure > 0 || (headings === 0 && counts.size > 1 && share >= 0.5))),
    )
    .map(([label]) => label)
  return { labels: new Set(labels), times }
}

const timeInside = new RegExp(String.raw`\s*\[(${clockPattern})\]\s*`, 'g')

/** `… called [33:20]; we were …`: what follows is said from there on. */
function splitAtTimes(segment: Segment): Segment[] {
  const parts: Segment[] = []
  let from = 0
  let current = segment
  for (const match of segment.text.matchAll(timeInside)) {
    const startSeconds = parseClock(match[1]!)
    if (startSeconds === null) continue
    parts.push({ ...current, text: segment.text.slice(from, match.index), endSeconds: null })
    current = { ...segment, startSeconds }
    from = match.index + match[0].length
  }
  parts.push({ ...current, text: segment.text.slice(from) })
  return parts.filter((part) => part.text.trim() !== '')
}

const longParagraph = 250
const pieceWords = 120

/** A transcript in one piece is cut at ends of sentences, so that it can be read, linked and searched. */
function splitLong(segment: Segment): Segment[] {
  if (segment.text.length < longParagraph * 4) return [segment]
  const words = segment.text.split(' ')
  if (words.length <= longParagraph) return [segment]
  const pieces: string[] = []
  let piece: string[] = []
  for (const word of words) {
    piece.push(word)
    if (piece.length >= pieceWords && (endsSentence(word) || piece.length >= longParagraph)) {
      pieces.push(piece.join(' '))
      piece = []
    }
  }
  if (piece.length > 0) pieces.push(piece.join(' '))
  return pieces.map((text, index) => ({
    ...segment,
    startSeconds: index === 0 ? segment.startSeconds : null,
    endSeconds: index === pieces.length - 1 ? segment.endSeconds : null,
    text,
  }))
}

const turnInside = new RegExp(String.raw`\s+(?=\[${clockPattern}\]\s+([^:\n]{1,60}):\s)`, 'g')

interface Turn extends Omit<Segment, 'text'> {
  /** Line by line: joined once, at the end, since joining as they come takes time squared. */
  readonly texts: string[]
}

/** A whole conversation in one line: `[00:04] Maren: … [00:09] Teo: …` */
function oneTurnPerLine(line: Line): Line | Line[] {
  if (!line.text.includes('[', 1)) return line
  const parts: string[] = []
  let from = 0
  for (const match of line.text.matchAll(turnInside)) {
    const before = line.text.slice(from, match.index)
    // `Maren [00:04] Tides: …` is one turn, of Maren.
    if (!looksLikeName(match[1]!) || before === line.strong || looksLikeName(before)) continue
    parts.push(before)
    from = match.index + match[0].length
  }
  if (from === 0) return line
  parts.push(line.text.slice(from))
  return parts.map((text, index) => (index === 0 ? { ...line, text } : { text, strong: null, paragraph: true }))
}

/** Lines of a text → segments; speakers and times are taken only where the text as a whole is a conversation. */
export function readTurns(source: readonly Line[]): Segment[] {
  const lines = source.flatMap(oneTurnPerLine)
  const heads = lines.map((line) => readHead(line.text, line.strong))
  const { labels, times } = accept(heads, lines.filter((line) => line.paragraph).length)
  const turns: Turn[] = []
  const begin = (start: number | null, end: number | null, ...texts: string[]): void => {
    turns.push({ startSeconds: start, endSeconds: end, speaker, texts })
  }
  let speaker: string | null = null
  let pending: { start: number; end: number | null } | null = null
  let openTurn = false

  lines.forEach((line, index) => {
    const head = heads[index]
    const named = head?.speaker != null && labels.has(head.speaker) ? head : null
    const timed = head?.start != null && times && (head.speaker === null || named !== null) ? head : null
    if (!named && !timed) {
      const text = oneLine(line.text)
      if (text === '') return
      const last = turns.at(-1)
      if (last && !pending && (!line.paragraph || openTurn)) last.texts.push(text)
      else begin(pending?.start ?? null, pending?.end ?? null, text)
      pending = null
      openTurn = false
      return
    }
    const found = (named ?? timed)!
    if (named) speaker = isBreakLabel(named.speaker!) ? null : named.speaker
    const start = timed?.start ?? pending?.start ?? null
    const end = timed?.end ?? (timed ? null : (pending?.end ?? null))
    pending = null
    openTurn = false
    const text = oneLine(found.rest)
    if (text !== '') begin(start, end, text)
    else if (named && isBreakLabel(named.speaker!)) return
    else if (named || start === null) {
      // The words come on the following lines.
      begin(start, end)
      openTurn = true
    } else pending = { start, end }
  })
  const whole = turns
    .filter(({ texts }) => texts.length > 0)
    .map(({ texts, ...turn }): Segment => ({ ...turn, text: joinTexts(texts) }))
  return whole.flatMap((segment) => (times ? splitAtTimes(segment) : [segment])).flatMap(splitLong)
}
