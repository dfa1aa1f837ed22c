/** What is drawn at once. Markdown's parser is quadratic in many inputs; on pieces of this size it is not felt. */
const comfortableBlock = 4_000
const longestBlock = 24_000
/** Above this a note is shown as plain text. */
export const longestNote = 300_000

export interface Block {
  readonly text: string
  /** Shown as it is, because reading it as Markdown would take too long. */
  readonly plain: boolean
}

const count = (text: string, character: RegExp): number => text.match(character)?.length ?? 0

/** Whether a block is nested or marked up beyond what people write; limits are far above any real note. */
export function isTangled(block: string): boolean {
  if (block.length > longestBlock) return true
  if (count(block, /\n/g) > 1_200 || count(block, /\[/g) > 600 || count(block, /[*_~]/g) > 1_500) return true
  if (count(block, /\|/g) > 4_000 || count(block, /[<&`]/g) > 2_000) return true
  // Containers nest at the start of a line: quotes, list marks and the spaces before them.
  return /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){16}/m.test(block) || /^[ \t]{64}/m.test(block)
}

/** `[name]: address` lines count for the whole note, so every block that may use them gets them. */
const definitions = /^ {0,3}\[[^\]\n^][^\]\n]{0,200}\]:[ \t]*\S[^\n]{0,2000}$/gm

/**
 * Cuts a note where Markdown cannot carry over: before headings, and after blank lines once a block is long. Fenced code
 * is never cut.
 */
export function blocksOf(markdown: string): Block[] {
  if (markdown.length > longestNote) return [{ text: markdown.slice(0, longestNote), plain: true }]
  const texts: string[] = []
  let lines: string[] = []
  let length = 0
  let fence: string | null = null
  let afterBlank = false
  const cut = () => {
    if (lines.some((line) => line.trim() !== '')) texts.push(lines.join('\n'))
    lines = []
    length = 0
  }
  for (const line of markdown.replace(/\r\n?/g, '\n').split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null
    if (fence === null) {
      const heading = /^#{1,6}(?:\s|$)/.test(line) && length > comfortableBlock / 4
      // A line that starts with a dash may be the speaker of the quote before it.
      const paragraph = afterBlank && length > comfortableBlock && /^[^\s—–]/.test(line)
      if (heading || paragraph) cut()
      fence = mark
    } else if (mark?.startsWith(fence)) fence = null
    lines.push(line)
    length += line.length + 1
    afterBlank = line.trim() === ''
  }
  cut()
  if (texts.length < 2) return texts.map((text) => ({ text, plain: isTangled(text) }))
  const defined = (markdown.match(definitions) ?? []).slice(0, 50).join('\n')
  return texts.map((text) => {
    const plain = isTangled(text)
    return { text: plain || defined === '' || !text.includes('[') ? text : `${text}\n\n${defined}`, plain }
  })
}
