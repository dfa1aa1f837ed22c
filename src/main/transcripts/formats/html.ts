import type { Segment } from '#shared/contract/transcripts.ts'
import { parseClock } from '../clock-time.ts'
import { type HtmlPage, readHtml } from '../html-blocks.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { readTurns } from '../turns.ts'

/** `<cite>Name:</cite><time>0:00</time><p>…</p>`, repeated (podcast namespace). */
function ofCites(page: HtmlPage): Segment[] {
  const segments: Segment[] = []
  let speaker: string | null = null
  let startSeconds: number | null = null
  for (const block of page.blocks) {
    if (block.tag === 'cite') speaker = block.text.replace(/\s*[:：]\s*$/, '') || null
    else if (block.tag === 'time') startSeconds = parseClock(block.text.replace(/^[[(]|[\])]$/g, '')) ?? startSeconds
    else if (!/^h[1-6]$/.test(block.tag)) {
      segments.push({ startSeconds, endSeconds: null, speaker, text: block.text })
      startSeconds = null
    }
  }
  return segments
}

export const isSpeechHtml = (html: string): boolean => /<cite[\s>]/i.test(html) && /<(?:time|p)[\s>]/i.test(html)

export interface ParsedHtml extends Parsed {
  readonly page: HtmlPage
}

/** HTML transcripts: cite, time and paragraphs, or paragraphs with `Name:` or times at their beginning. */
export function parseHtmlTranscript(html: string): ParsedHtml {
  const speech = isSpeechHtml(html)
  const page = readHtml(html, { speech })
  const segments = speech
    ? ofCites(page)
    : readTurns(
        page.blocks
          .filter((block) => block.tag !== 'h1')
          .map((block) => ({ text: block.text, strong: block.strong, paragraph: true })),
      )
  return { ...parsed(segments, { language: page.language, title: page.title }), page }
}
