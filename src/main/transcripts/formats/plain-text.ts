import { type Parsed, parsed } from '../parsed.ts'
import { type Line, readTurns } from '../turns.ts'

/** Without blank lines, long lines are paragraphs, short ones are wrapped by a program. */
function linesOf(text: string): Line[] {
  const raw = text.split('\n').map((line) => line.trim())
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

/** Plain text: paragraphs, or turns as Otter, Descript, Rev, Trint, Sonix, YouTube and others lay them out. */
export function parsePlainText(text: string): Parsed {
  const lines = linesOf(text.replaceAll('\f', '\n\n'))
  // inkwell-cli and some tools put a heading above.
  const titled = /^#{1,2}\s+\S/.test(lines[0]?.text ?? '')
  const body = titled ? lines.slice(1) : lines
  return parsed(readTurns(body), { title: titled ? lines[0]!.text.replace(/^#+\s+/, '') : null })
}
