import type { Segment } from '#shared/contract/transcripts.ts'
import { endsSentence } from '../clean-text.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { type Line, readTurns } from '../turns.ts'

/** `[ar:…]` at the head of LRC files. */
const lyricsTag = /^\[(?:ti|ar|al|au|by|re|ve|offset|length):[^\]\n]*\]$/i

/** A service's own line below the words. */
const credit = /^Transcribed by https?:\/\/otter\.ai$/i
const spokenTime = /^([^()\n]{1,60}?) \((?:(\d{1,2})h ?)?(?:(\d{1,2})m ?)?(\d{1,2})s\):?$/
/** `2 (1m 27s):` above the words → `Speaker 2 (0:01:27):` */
const withClock = (line: string): string =>
  line.replace(spokenTime, (_, name: string, hours = '0', minutes = '0', seconds: string) => {
    const speaker = /^\d+$/.test(name) ? `Speaker ${name}` : name
    return `${speaker} (${hours}:${minutes.padStart(2, '0')}:${seconds.padStart(2, '0')}):`
  })

/** Without blank lines, long lines are paragraphs, short ones are wrapped by a program. */
function linesOf(text: string): Line[] {
  const raw = text
    .split('\n')
    .map((line) => withClock(line.trim()))
    .filter((line) => !lyricsTag.test(line) && !credit.test(line))
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
