import type { Word } from './words.ts'

/** Longest phrase that is looked for, in words. */
const longestPhrase = 12
/** People say a thing three times, and a single word more often than that. */
const fewest = (length: number): number => (length === 1 ? 6 : length === 2 ? 5 : 4)
const plain = ({ text }: Word): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/**
 * Models fall into loops over music and noise and say one phrase until the end of the chunk. Of such a loop the first is
 * kept. @returns how many repetitions were taken out
 */
export function withoutLoops(words: readonly Word[]): { words: Word[]; removed: number } {
  const said = words.map(plain)
  const kept: Word[] = []
  let removed = 0
  for (let at = 0; at < words.length; ) {
    const loop = loopAt(said, at)
    kept.push(...words.slice(at, at + (loop?.length ?? 1)))
    removed += loop ? loop.times - 1 : 0
    at += loop ? loop.length * loop.times : 1
  }
  return { words: kept, removed }
}

function loopAt(said: readonly string[], at: number): { length: number; times: number } | null {
  for (let length = 1; length <= longestPhrase; length++) {
    let times = 1
    const same = (): boolean => {
      const from = at + length * times
      if (from + length > said.length) return false
      for (let i = 0; i < length; i++) if (said[at + i] !== said[from + i]) return false
      return true
    }
    while (same()) times += 1
    if (times >= fewest(length)) return { length, times }
  }
  return null
}

/** What Whisper says over silence, learnt from the ends of videos. */
const phantoms =
  /^(?:thanks? (?:you )?(?:so much |very much )?for watching|thank you|please subscribe.*|subtitles by .*|untertitel .*|sous-titres .*|субтитры .*|продолжение следует|字幕.*|ご視聴ありがとうございました)[.! …]*$/iu
/** A chunk with more speech than this says something of its own. */
const shortSeconds = 3

export const isPhantom = (text: string, spokenSeconds: number): boolean =>
  spokenSeconds < shortSeconds && phantoms.test(text.trim())
