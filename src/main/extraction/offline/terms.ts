import type { Sentence } from './analysis.ts'
import type { Language } from './language.ts'
import type { Token } from './tagger.ts'
import { genericWords } from './words/generic.ts'

/** How much each lemma says about what this talk is about. */
export interface TermWeights {
  /** 0 for words without content. */
  weightOf(token: Token): number
  /** The lemmas with content, each once. */
  contentOf(sentence: Sentence): readonly string[]
  weightOfLemma(lemma: string): number
}

const windows = 40
const contentPos = new Set(['NOUN', 'PROPN', 'ADJ', 'VERB', 'X', 'NUM'])

export function termWeightsOf(
  sentences: readonly Sentence[],
  noise: ReadonlySet<number>,
  language: Language,
): TermWeights {
  const counts = new Map<string, { count: number; windows: Set<number> }>()
  const isContent = ({ lower, lemma, pos }: Token): boolean =>
    contentPos.has(pos) &&
    lower.length > 2 &&
    /^\p{L}/u.test(lower) &&
    !language.stopwords.has(lower) &&
    !language.stopwords.has(lemma) &&
    !/['’]/.test(lower)
  const total = Math.max(1, sentences.length)
  for (const sentence of sentences) {
    if (noise.has(sentence.index)) continue
    const window = Math.floor((sentence.index * windows) / total)
    for (const token of sentence.tokens) {
      if (!isContent(token)) continue
      const entry = counts.get(token.lemma) ?? { count: 0, windows: new Set<number>() }
      entry.count += 1
      entry.windows.add(window)
      counts.set(token.lemma, entry)
    }
  }
  const weights = new Map<string, number>()
  for (const [lemma, { count, windows: seen }] of counts) {
    if (count < 2) continue
    const specific = language.isEnglish && genericWords.has(lemma) ? 0.15 : 1
    weights.set(lemma, Math.log2(1 + count) * (0.5 + Math.sqrt(seen.size / windows)) * specific)
  }
  const contents = new Map<number, readonly string[]>()
  return {
    weightOf: (token) => (isContent(token) ? (weights.get(token.lemma) ?? 0) : 0),
    weightOfLemma: (lemma) => weights.get(lemma) ?? 0,
    contentOf: ({ index, tokens }) => {
      const known = contents.get(index)
      if (known) return known
      const content = [...new Set(tokens.filter(isContent).map(({ lemma }) => lemma))]
      contents.set(index, content)
      return content
    },
  }
}
