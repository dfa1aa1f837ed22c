import type { Analysis, Sentence } from './analysis.ts'
import { defines } from './explanation.ts'
import type { Token } from './tagger.ts'
import { emptyModifiers, emptyNouns, genericWords } from './words/generic.ts'

const nounLike = new Set(['NOUN', 'PROPN'])

/** Noun phrases without empty words at either end; all words with content outside English. */
export function phrasesOf(sentence: Sentence, analysis: Analysis): Token[][] {
  const { tokens } = sentence
  const phrases: Token[][] = []
  if (!analysis.language.isEnglish) {
    for (const token of tokens)
      if (token.lower.length > 3 && !analysis.language.stopwords.has(token.lower)) phrases.push([token])
    return phrases
  }
  let run: Token[] = []
  const flush = (): void => {
    let phrase = run
    run = []
    while (phrase.length > 0 && (emptyModifiers.has(phrase[0]!.lower) || phrase[0]!.pos === 'NUM'))
      phrase = phrase.slice(1)
    while (
      phrase.length > 0 &&
      !nounLike.has(phrase.at(-1)!.pos) &&
      !(phrase.length > 1 && phrase.at(-1)!.lower.endsWith('ing'))
    )
      phrase = phrase.slice(0, -1)
    // "high-level languages" are no "level languages".
    if (phrase[0] && sentence.text[phrase[0].start - 1] === '-') phrase = phrase.slice(1)
    const head = phrase.at(-1)
    if (!head || phrase.length > 4) return
    if (phrase.length > 1 && defines(sentence, phrase)) {
      phrases.push(phrase)
      return
    }
    const empty = (token: Token): boolean => emptyNouns.has(token.lower) || emptyNouns.has(token.lemma)
    if (empty(head) && phrase.length < 2) return
    if (
      empty(head) &&
      phrase.slice(0, -1).every((token) => token.pos === 'ADJ' || empty(token) || genericWords.has(token.lemma))
    )
      return
    if (phrase.length === 1 && (genericWords.has(head.lemma) || genericWords.has(head.lower) || head.lower.length < 3))
      return
    if (sentence.text[head.end] === '-' || head.lower.endsWith('.')) return
    // "App of Apps model" is one name.
    if (/\p{Lu}\S* of $/u.test(sentence.text.slice(0, phrase[0]!.start))) return
    if (phrase.length === 2 && phrase.every(({ lemma }) => genericWords.has(lemma))) {
      // "deep learning": of everyday words, and yet a term, if it is said often.
      phrases.push(phrase)
      return
    }
    if (phrase.every(({ lemma }) => genericWords.has(lemma))) return
    phrases.push(phrase)
    if (phrase.length > 2) phrases.push(phrase.slice(-2))
    if (phrase.length > 1 && !empty(head) && !genericWords.has(head.lemma)) phrases.push([head])
  }
  tokens.forEach((token, index) => {
    const inPhrase =
      (nounLike.has(token.pos) || token.pos === 'ADJ' || (run.length > 0 && isGerund(token, tokens[index + 1]))) &&
      /^[\p{L}\p{N}][\p{L}\p{N}+#./'’-]*$/u.test(token.text)
    const known =
      analysis.language.stopwords.has(token.lower) ||
      /['’]/.test(token.lower) ||
      /^(?:gonna|wanna|gotta|kinda|yeah|okay|well)$/.test(token.lower)
    if (inPhrase && !known) run.push(token)
    else flush()
  })
  flush()
  return phrases
}

/** "syntax highlighting", "load balancing", before something that is no object of it. */
const isGerund = ({ pos, lower }: Token, next: Token | undefined): boolean =>
  pos === 'VERB' &&
  lower.length > 6 &&
  lower.endsWith('ing') &&
  (next === undefined || /^(?:PUNCT|NOUN|AUX|CCONJ)$/.test(next.pos))
