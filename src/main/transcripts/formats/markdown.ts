import { counted, type Parsed, parsed } from '../parsed.ts'
import { readHead } from '../turn-heads.ts'
import { type Line, readTurns } from '../turns.ts'

const heading = /^(#{1,6})\s+(.+?)\s*#*$/
const structure = /^(?:full )?transcript(?:ion)?$/i

/** An address may hold one pair of brackets, as those of encyclopaedias do. */
const target = String.raw`\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)`
const picture = new RegExp(String.raw`!\[[^[\]\n]{0,200}\]${target}`, 'g')
const link = new RegExp(String.raw`(?<!\\)\[((?:\\.|[^[\]\\\n]){0,300})\]${target}`, 'g')

/** Words of a line without its marks; escapes (`\[laughs\]`) become what they stand for. */
export function plainMarkdown(line: string): string {
  return line
    .replace(picture, ' ')
    .replace(link, '$1')
    .replace(/(?<!\\)\[\[(?:[^[\]|\n]{1,300}\|)?([^[\]|\n]{1,300})\]\]/g, '$1')
    .replace(/<(https?:\/\/[^\s<>]{1,2000})>/g, '$1')
    .replace(/<\/?[a-z][^<>\n]{0,300}>/gi, '')
    .replace(/(?<!\\)(\*\*\*|\*\*|__)(?=\S)((?:(?!\1)[^\n]){1,400})(?<=\S)\1/g, '$2')
    .replace(/(?<![\\\w*])\*(?=[^\s*])([^*\n]{0,1000}?[^\s*\\])\*(?![\w*])/g, '$1')
    .replace(/(?<![\\\w])_(?=[^\s_])([^_\n]{0,1000}?[^\s_\\])_(?!\w)/g, '$1')
    .replace(/(?<!\\)`([^`\n]{1,1000})`/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!<>~|$&])/g, '$1')
}

const strongAhead = /^(?:\*\*\*|\*\*|__)(?=\S)(.{1,120}?)(?:\*\*\*|\*\*|__)/

function frontmatter(lines: string[]): { title: string | null; length: number } {
  if (lines[0]?.trim() !== '---') return { title: null, length: 0 }
  const end = lines.findIndex((line, index) => index > 0 && index < 200 && /^(?:---|\.\.\.)\s*$/.test(line))
  if (end < 0) return { title: null, length: 0 }
  const title = lines.slice(1, end).find((line) => /^(?:title|episode|episode_title):/i.test(line))
  return { title: title?.replace(/^[^:]*:\s*["']?/, '').replace(/["']?\s*$/, '') || null, length: end + 1 }
}

/** `_transcript.md` of inkwell-cli has a summary above the words; only the words are the transcript. */
function fullTranscriptOnly(lines: string[]): string[] {
  const at = lines.findIndex((line) => /^##\s+Full Transcript\s*$/i.test(line))
  return at < 0 ? lines : lines.slice(at + 1)
}

const isRule = (line: string): boolean => /^[-*_\s]+$/.test(line) && line.replace(/\s/g, '').length >= 3

interface Read {
  readonly lines: Line[]
  readonly headings: { title: string; level: number; at: number }[]
}

function readLines(source: readonly string[]): Read {
  const lines: Line[] = []
  const headings: Read['headings'] = []
  let paragraph = true
  let fenced = false
  for (const raw of source) {
    if (/^\s*(?:```|~~~)/.test(raw)) {
      fenced = !fenced
      paragraph = true
      continue
    }
    const line = raw.trim().replace(/^(?:>\s?)+/, '')
    const head = fenced || line.length > 1_000 ? null : heading.exec(line)
    if (line === '' || isRule(line) || head || /^%%.*%%$/.test(line)) {
      const turn = head && readHead(plainMarkdown(head[2]!), null)
      // `### Maren 00:04` names a speaker, not a part.
      if (turn && turn.speaker !== null && turn.start !== null)
        lines.push({ text: plainMarkdown(head[2]!), strong: null, paragraph: true })
      else if (head) headings.push({ level: head[1]!.length, title: plainMarkdown(head[2]!), at: lines.length })
      paragraph = true
      continue
    }
    const item = /^(?:[-*+]|\d{1,3}[.)])\s+/.exec(line)
    const bare = item && !fenced ? line.slice(item[0].length) : line
    const strong = fenced ? null : strongAhead.exec(bare)?.[1]
    // Two spaces at the end are a line break.
    lines.push({
      text: fenced ? bare : plainMarkdown(bare).trim(),
      strong: strong ? plainMarkdown(strong).trim() : null,
      paragraph: paragraph || item !== null,
    })
    paragraph = false
  }
  return { lines: lines.filter((line) => line.text !== ''), headings }
}

/** Markdown: turns as `**Speaker:** text`, times in brackets, inkwell-cli's `_transcript.md`, or an article. */
export function parseMarkdown(text: string): Parsed {
  const all = text.split('\n')
  const front = frontmatter(all)
  const { lines, headings } = readLines(fullTranscriptOnly(all.slice(front.length)))
  const segments = readTurns(lines)
  const named = headings.filter(({ title }) => !structure.test(title))
  const title = named.find(({ level, at }) => level === 1 || at === 0)?.title ?? front.title
  const rest = named.filter((found) => found.title !== title)
  const isConversation = segments.some((segment) => segment.speaker !== null || segment.startSeconds !== null)
  if (isConversation || rest.length === 0)
    return parsed(segments, {
      title,
      warnings: rest.length > 0 ? [`${counted(rest.length, 'heading', 'headings')} left out.`] : [],
    })
  // An article keeps its headings where they stand.
  const withHeadings = [...lines]
  for (const found of rest.toReversed())
    withHeadings.splice(found.at, 0, { text: found.title, strong: null, paragraph: true })
  return parsed(readTurns(withHeadings), { title })
}
