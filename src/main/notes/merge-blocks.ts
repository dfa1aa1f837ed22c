/** A part of a text that is kept or replaced as a whole. */
export interface Block {
  readonly text: string
  /** What stands between it and the block before: line ends and blank lines. */
  readonly gap: string
  /** Heading it stands under; null before the first. */
  readonly section: string | null
  /** Between `%% inkwell:begin … %%` and its end, or anywhere in a text without such marks. */
  readonly ours: boolean
}
/** `frontmatter` and every gap and text, one after another, and `tail` are the text again, byte for byte. */
export interface Blocks {
  readonly frontmatter: string
  readonly blocks: readonly Block[]
  readonly tail: string
}

const lines = /[^\r\n]*(?:\r\n|\r|\n|$)/g
const opening = /^ {0,3}(`{3,}|~{3,}|\$\$)/
const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const listItem = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/
const mark = /^[ \t]*%%[ \t]*inkwell:(begin|end)\b.*%%[ \t]*$/
const blank = /^[ \t]*$/

/** Code, formulas and lists are one block each, whatever blank lines they hold; else a blank line or a heading ends one. */
export function splitBlocks(text: string): Blocks {
  const frontmatter = frontmatterOf(text)
  const all = (text.slice(frontmatter.length).match(lines) ?? []).filter((line) => line !== '').map(parted)
  const blocks: Block[] = []
  const marked = all.some(({ words }) => mark.test(words))
  let [gap, section, inside]: [string, string | null, boolean] = ['', null, !marked]
  for (let at = 0; at < all.length; ) {
    const { words, end } = all[at]!
    if (blank.test(words)) {
      gap += words + end
      at += 1
      continue
    }
    const next = endOfBlock(all, at)
    const whole = all.slice(at, next)
    const kind = mark.exec(words)?.[1]
    section = heading.exec(words)?.[2] ?? section
    const last = whole.at(-1)!
    const content =
      whole
        .slice(0, -1)
        .map((line) => line.words + line.end)
        .join('') + last.words
    blocks.push({ text: content, gap, section, ours: inside && kind === undefined })
    if (kind) inside = kind === 'begin'
    gap = last.end
    at = next
  }
  return { frontmatter, blocks, tail: gap }
}

export const joinBlocks = ({ frontmatter, blocks, tail }: Blocks): string =>
  frontmatter + blocks.map(({ gap, text }) => gap + text).join('') + tail

interface Line {
  readonly words: string
  readonly end: string
}
const parted = (line: string): Line => {
  const end = /(?:\r\n|\r|\n)?$/.exec(line)![0]
  return { words: line.slice(0, line.length - end.length), end }
}

/** Index behind the block that begins at `from`. */
function endOfBlock(all: readonly Line[], from: number): number {
  const { words } = all[from]!
  if (heading.test(words) || mark.test(words)) return from + 1
  const fence = opening.exec(words)?.[1]
  if (fence && !(fence === '$$' && /\$\$.*\$\$[ \t]*$/.test(words))) return endOfFence(all, from, fence)
  if (listItem.test(words)) return endOfList(all, from)
  let at = from + 1
  while (at < all.length && !begins(all[at]!.words)) at += 1
  return at
}

/** Whether a line cannot go on with the paragraph above it. */
const begins = (words: string): boolean =>
  blank.test(words) || heading.test(words) || mark.test(words) || opening.test(words)

function endOfFence(all: readonly Line[], from: number, fence: string): number {
  for (let at = from + 1; at < all.length; at++) {
    const words = all[at]!.words.trim()
    const closes = fence === '$$' ? words.endsWith('$$') : words.startsWith(fence) && /^(`+|~+)$/.test(words)
    if (closes) return at + 1
  }
  return all.length
}

function endOfList(all: readonly Line[], from: number): number {
  let end = from + 1
  for (let at = from + 1; at < all.length; at++) {
    const { words } = all[at]!
    if (blank.test(words)) continue
    const goesOn = listItem.test(words) || /^[ \t]+\S/.test(words) || (at === end && !begins(words))
    if (!goesOn) break
    end = at + 1
  }
  return end
}

function frontmatterOf(text: string): string {
  const start = /^\ufeff?---[ \t]*(?:\r\n|\r|\n)/.exec(text)
  if (!start) return ''
  const end = /^(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|$)/m.exec(text.slice(start[0].length))
  return end ? text.slice(0, start[0].length + end.index + end[0].length) : ''
}
