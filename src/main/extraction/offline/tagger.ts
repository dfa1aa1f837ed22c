import model from 'wink-eng-lite-web-model'
import winkNLP from 'wink-nlp'

export interface Token {
  readonly text: string
  readonly lower: string
  readonly lemma: string
  /** Universal part of speech: NOUN, PROPN, VERB, AUX, ADJ, ADV, PRON, DET, ADP … `X` outside English. */
  readonly pos: string
  /** Offset in the sentence. */
  readonly start: number
  readonly end: number
}

const contraction = /^(?:i|it|that|there|he|she|we|you|they|what|who|here|this|let|how|where)['’](?:s|m|re|ve|ll|d)$/

// Once for each thread: loading the model changes it, and a second load in one thread doubles it.
const nlp = winkNLP(model, ['pos'])
const uniqueIds = (text: string): number[] => nlp.readDoc(text).tokens().out(nlp.its.uniqueId) as unknown as number[]
// Words the model does not know get the numbers after those it knows.
const dictionarySize = uniqueIds('qzqzvxqz')[0] ?? 0

/** Those of these words (lower case, letters only) that are in an English dictionary: no names, no coined words. */
export function inDictionary(words: readonly string[]): ReadonlySet<string> {
  const ids = uniqueIds(words.join(' '))
  // A word that the tokenizer takes apart would shift all others: then each is asked for by itself.
  if (ids.length !== words.length)
    return new Set(words.filter((word) => uniqueIds(word).every((id) => id < dictionarySize)))
  return new Set(words.filter((_, index) => ids[index]! < dictionarySize))
}

/** English: parts of speech and lemmas of all sentences in one pass. */
export function tagEnglish(sentences: readonly string[]): Token[][] {
  // One document with a sentence on each line: a document per sentence costs twice the time.
  const tokens = nlp.readDoc(sentences.join('\n')).tokens()
  const values = tokens.out(nlp.its.value) as string[]
  const poses = tokens.out(nlp.its.pos) as string[]
  const lemmas = tokens.out(nlp.its.lemma as typeof nlp.its.value) as string[]
  const tagged: Token[][] = sentences.map(() => [])
  let line = 0
  let offset = 0
  for (let index = 0; index < values.length; index++) {
    const text = values[index]!
    if (text.includes('\n')) {
      line += text.split('\n').length - 1
      offset = 0
      continue
    }
    const found = sentences[line]?.indexOf(text, offset) ?? -1
    const start = found < 0 ? offset : found
    offset = start + text.length
    const lower = text.toLowerCase().replaceAll('’', "'")
    const pos = contraction.test(lower) ? 'PRON' : poses[index]!
    tagged[line]?.push({ text, lower, lemma: lemmas[index] ?? lower, pos, start, end: offset })
  }
  return tagged
}

const word = /[\p{L}\p{M}\p{N}]+(?:['’.-][\p{L}\p{M}\p{N}]+)*/gu

/** Any language with spaces: words only. */
export function tokenize(sentence: string): Token[] {
  return [...sentence.matchAll(word)].map((match) => {
    const lower = match[0].toLowerCase()
    return { text: match[0], lower, lemma: lower, pos: 'X', start: match.index, end: match.index + match[0].length }
  })
}
