import type { Segment } from '#shared/contract/transcripts.ts'
import { endsSentence, joinTexts, oneLine } from './clean-text.ts'

/** Silence after which speech is a new sentence even without a full stop. */
const pauseSeconds = 2
/** A sentence without any full stop is cut here. */
const maxWordsPerSentence = 80

/** Words with times → sentences, each of one speaker, from its first word's start to its last word's end. */
export function joinWords(words: readonly Segment[]): Segment[] {
  const sentences: Segment[] = []
  let count = 0
  for (const word of words) {
    const text = oneLine(word.text)
    if (text === '') continue
    const current = sentences.at(-1)
    const gap = current?.endSeconds != null && word.startSeconds !== null ? word.startSeconds - current.endSeconds : 0
    if (
      current === undefined ||
      current.speaker !== word.speaker ||
      endsSentence(current.text) ||
      gap > pauseSeconds ||
      count >= maxWordsPerSentence
    ) {
      sentences.push({ ...word, text })
      count = 1
    } else {
      current.startSeconds ??= word.startSeconds
      current.endSeconds = word.endSeconds ?? word.startSeconds ?? current.endSeconds
      // Tokens such as "," and "'s" belong to the word before them.
      const attached = /^(?:[,.!?;:%)\]…]+|['’](?:s|t|re|ve|ll|d|m))$/i.test(text)
      current.text = attached ? current.text + text : joinTexts([current.text, text])
      count += 1
    }
  }
  return sentences
}

/** Whether the segments are single words (word-level transcripts), not captions. */
export const areSingleWords = (segments: readonly Segment[]): boolean => {
  if (segments.length < 4) return false
  const single = segments.filter((segment) => !/\S\s+\S/.test(segment.text.trim())).length
  const sentences = segments.filter((segment) => endsSentence(segment.text.trim())).length
  // Scripts without spaces have whole sentences in one "word".
  return single > segments.length * 0.8 && sentences < segments.length * 0.6
}
