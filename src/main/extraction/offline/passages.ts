import type { Analysis, Sentence } from './analysis.ts'
import { type Standing, standingOf } from './standing.ts'

/** One to three neighbouring sentences of one turn, as they stand in the transcript. */
export interface Passage {
  readonly sentences: readonly Sentence[]
  /** Verbatim, except for a run of spaces. */
  readonly text: string
  readonly standing: Standing
  readonly words: number
}
export interface Reader {
  standing(sentence: Sentence): Standing
  /** The passages of at most `most` sentences and `words` words that begin with this sentence and may be kept. */
  passagesFrom(sentence: Sentence, limits: { most: number; words: number; leaning: number }): Passage[]
}

export function createReader(analysis: Analysis): Reader {
  const standings = new Map<number, Standing>()
  const standing = (sentence: Sentence): Standing => {
    const known = standings.get(sentence.index)
    if (known) return known
    const made = standingOf(sentence, analysis.language.isEnglish)
    standings.set(sentence.index, made)
    return made
  }
  const keepable = (sentence: Sentence): boolean =>
    !analysis.noise.has(sentence.index) && (standing(sentence).whole || !analysis.punctuated)
  return {
    standing,
    passagesFrom(first, { most, words, leaning }) {
      if (!keepable(first) || standing(first).leaning > leaning || standing(first).isQuestion) return []
      const passages: Passage[] = []
      const sentences: Sentence[] = []
      let count = 0
      for (let at = first.index; sentences.length < most; at++) {
        const next = analysis.sentences[at]
        if (!next || next.turn !== first.turn || !keepable(next) || standing(next).isQuestion) break
        count += next.words
        if (count > words) break
        sentences.push(next)
        passages.push({
          sentences: [...sentences],
          text: sentences.map(({ text }) => text).join(' '),
          standing: standing(first),
          words: count,
        })
      }
      return passages
    },
  }
}

/** Without "Yeah, so," where what is left begins like a sentence of its own; the words stay as they were said. */
export function withoutOpening(passage: Passage, capitalise: boolean): string {
  const rest = passage.text.slice(passage.standing.opening)
  if (passage.standing.opening === 0 || rest.split(' ').length < 5) return passage.text
  if (/^["“(]?[\p{Lu}\p{N}]/u.test(rest)) return rest
  return capitalise ? rest.charAt(0).toUpperCase() + rest.slice(1) : passage.text
}
