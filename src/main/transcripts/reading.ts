import type { Segment } from '#shared/contract/transcripts.ts'
import { countWords, endsSentence, joinTexts } from './clean-text.ts'

/** A turn longer than this goes on in a new paragraph at the next end of a sentence. */
const paragraphWords = 70
/** A paragraph without any full stop is cut here. */
const longestParagraphWords = 220
/** A silence that ends a paragraph, once a sentence is finished. */
const silenceSeconds = 4

/**
 * Captions as a person reads them: those of one speaker that follow each other become paragraphs of whole sentences, from the
 * first start to the last end. Nobody's words, no time and no speaker is dropped. Passages without an end time (text,
 * Markdown, HTML) are paragraphs already and only joined where one breaks off in the middle of a sentence.
 */
export function joinForReading(segments: readonly Segment[]): Segment[] {
  const paragraphs: Segment[] = []
  let words = 0
  for (const segment of segments) {
    const last = paragraphs.at(-1)
    const count = Math.max(1, countWords(segment.text))
    if (last && continues(last, words, segment)) {
      last.text = joinTexts([last.text, segment.text])
      last.startSeconds ??= segment.startSeconds
      last.endSeconds = latest(last.endSeconds, segment.endSeconds)
      words += count
    } else {
      paragraphs.push({ ...segment })
      words = count
    }
  }
  return paragraphs
}

const latest = (left: number | null, right: number | null): number | null =>
  left === null ? right : right === null ? left : Math.max(left, right)

function continues(last: Segment, words: number, next: Segment): boolean {
  if (last.speaker !== next.speaker || words >= longestParagraphWords) return false
  const finished = endsSentence(last.text)
  if (last.endSeconds === null || next.startSeconds === null) return !finished && breaksOff(last, next)
  const silent = next.startSeconds - last.endSeconds > silenceSeconds
  return finished
    ? !silent && words < paragraphWords
    : !silent || next.startSeconds - last.endSeconds < silenceSeconds * 5
}

/** A time in the middle of a sentence cut it in two. */
const breaksOff = (last: Segment, next: Segment): boolean =>
  next.startSeconds !== null && last.endSeconds === null && /^[\p{Ll};,]/u.test(next.text)
