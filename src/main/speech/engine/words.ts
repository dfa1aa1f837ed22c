import type { Chunk } from './speech-parts.ts'
import { sampleRate } from './wave-file.ts'

export interface Word {
  readonly text: string
  /** Whether a space stands before it; false within Chinese and Japanese. */
  readonly spaced: boolean
  readonly startSeconds: number
  readonly endSeconds: number
}
export interface Recognised {
  readonly text: string
  readonly tokens: readonly string[]
  /** Of each token, seconds from the beginning of the chunk; empty where the model gives none. */
  readonly timestamps: readonly number[]
  readonly language: string | null
}

/** Longest that a word is believed to last. */
const longestWordSeconds = 1.2
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const bare = (text: string): string => text.replace(/[\s▁]/g, '')

/** The words of a chunk with their times in the file. */
export function wordsOf(recognised: Recognised, chunk: Chunk): Word[] {
  const { tokens, timestamps, text } = recognised
  if (bare(text) === '') return []
  // Special tokens of some models (language, mood) are in the list but not in the text: then its times cannot be placed.
  const timed = tokens.length > 0 && tokens.length === timestamps.length && bare(tokens.join('')) === bare(text)
  return timed ? fromTokens(tokens, timestamps, chunk) : spread(text, chunk)
}

function fromTokens(tokens: readonly string[], timestamps: readonly number[], chunk: Chunk): Word[] {
  const offset = chunk.from / sampleRate
  const end = chunk.to / sampleRate
  const words: { text: string; spaced: boolean; start: number; last: number }[] = []
  for (const [index, token] of tokens.entries()) {
    const text = token.replace(/^[\s▁]+/, '')
    const start = offset + timestamps[index]!
    const begins = text !== token || words.length === 0 || unspaced.test(text)
    if (begins) words.push({ text, spaced: text !== token, start, last: start })
    else {
      const word = words.at(-1)!
      word.text += text
      word.last = start
    }
  }
  return words
    .filter(({ text }) => text !== '')
    .map(({ text, spaced, start, last }, index, all) => ({
      text,
      spaced,
      startSeconds: Math.min(start, end),
      endSeconds: Math.max(
        start,
        Math.min(all[index + 1]?.start ?? end, Math.max(last + 0.4, start + 0.1), start + longestWordSeconds, end),
      ),
    }))
}

/** Without times of its own a word gets them by its length, over the time in which somebody speaks. */
function spread(text: string, chunk: Chunk): Word[] {
  const parts = text
    .trim()
    .split(/\s+/)
    .flatMap((word) =>
      unspaced.test(word) && word.length > 4
        ? (word.match(/.{1,4}/gu) ?? [word]).map((part, index) => ({ text: part, spaced: index === 0 }))
        : [{ text: word, spaced: true }],
    )
  const spoken = chunk.stretches.reduce((sum, { from, to }) => sum + to - from, 0)
  const letters = parts.reduce((sum, part) => sum + part.text.length + 1, 0)
  const at = (letter: number): number => {
    let left = (letter / letters) * spoken
    for (const { from, to } of chunk.stretches) {
      if (left <= to - from) return (from + left) / sampleRate
      left -= to - from
    }
    return chunk.stretches.at(-1)!.to / sampleRate
  }
  let letter = 0
  return parts.map((part) => {
    const startSeconds = at(letter)
    letter += part.text.length + 1
    return { ...part, startSeconds, endSeconds: Math.max(startSeconds, at(letter - 1)) }
  })
}
