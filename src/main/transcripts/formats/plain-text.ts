import type { Segment } from '#shared/contract/transcripts.ts'
import { endsSentence } from '../clean-text.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { type Line, readTurns } from '../turns.ts'

/** `[ar:…]` at the head of LRC files. */
const lyricsTag = /^\[(?:ti|ar|al|au|by|re|ve|offset|length):[^\]\n]*\]$/i

/** Without blank lines, long lines are paragraphs, short ones are wrapped by a program. */
function linesOf(text: string): Line[] {
  const raw = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !lyricsTag.test(line))
  const filled = raw.filter((line) => line !== '')
  const hasBlank = raw
    .slice(raw.findIndex((line) => line !== ''))
    .some((line, index, all) => line === '' && index < all.length - 1)
  const lineIsParagraph =
    !hasBlank && filled.reduce((sum, line) => sum + line.length, 0) / Math.max(1, filled.length) > 110
  return raw.flatMap((line, index) =>
    line === ''
      ? []
      : [{ text: line, strong: null, paragraph: lineIsParagraph || index === 0 || raw[index - 1] === '' }],
  )
}

/** A line above a conversation that nobody says. */
function headline([first, second]: readonly Segment[]): string | null {
  if (!first || !second || first.speaker !== null || first.startSeconds !== null) return null
  const begins = second.speaker !== null || second.startSeconds !== null
  return begins && first.text.length <= 100 && !endsSentence(first.text) ? first.text : null
}

/** Plain text: paragraphs, or turns as Otter, Descript, Rev, Trint, Sonix, YouTube and others lay them out. */
export function parsePlainText(text: string): Parsed {
  const lines = linesOf(text.replaceAll('\f', '\n\n'))
  // inkwell-cli and some tools put a heading above.
  const titled = /^#{1,2}\s+\S/.test(lines[0]?.text ?? '')
  const body = titled ? lines.slice(1) : lines
  const segments = readTurns(body)
  const title = titled ? lines[0]!.text.replace(/^#+\s+/, '') : headline(segments)
  return parsed(title !== null && !titled ? segments.slice(1) : segments, { title })
}
