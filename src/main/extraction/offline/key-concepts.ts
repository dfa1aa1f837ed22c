import type { Analysis, Sentence } from './analysis.ts'
import { findBooks } from './books-mentioned.ts'
import { shown } from './evidence.ts'
import { defines, explanationOf } from './explanation.ts'
import { mention, noneFound } from './markdown.ts'
import { participantsOf } from './participants.ts'
import { findPeople } from './people-mentioned.ts'
import { phrasesOf } from './phrases.ts'
import type { Recipe } from './recipe.ts'
import { inDictionary } from './tagger.ts'
import { findTools } from './tools-mentioned.ts'
import { commonplaceNouns, commonplacePhrases } from './words/commonplace.ts'
import { genericWords } from './words/generic.ts'
import { notNames, weekdaysAndMonths } from './words/names.ts'

interface Term {
  readonly key: string
  readonly forms: Map<string, number>
  readonly sentences: Sentence[]
  readonly length: number
  count: number
  /** Sentences that say what it is. */
  readonly definitions: Set<number>
  score: number
}

/** Terms that are often said, in many places, and that the talk explains. The weightiest first. */
export const keyConcepts: Recipe = (analysis) => {
  const wanted = Math.min(15, Math.max(4, Math.round(5 + analysis.hours * 4)))
  const explained = ranked(analysis).flatMap((term) => {
    const explanation = explanationOf(analysis, { ...term, forms: term.forms.keys() }, new Set())
    if (!explanation || explanation.quality < leastQuality(analysis, term)) return []
    return [{ term, explanation, weight: term.score * (0.5 + Math.max(0, explanation.quality)) }]
  })
  explained.sort((left, right) => right.weight - left.weight)
  const used = new Set<number>()
  const lines: string[] = []
  const chosen: string[] = []
  for (const { term, explanation: first, weight } of explained) {
    if (lines.length >= wanted || (lines.length >= 3 && weight < 0.75)) break
    const explanation = used.has(first.sentence.index)
      ? explanationOf(analysis, { ...term, forms: term.forms.keys() }, used)
      : first
    if (!explanation || explanation.quality < leastQuality(analysis, term)) continue
    // Beside "read replica", "replica" says nothing new.
    if (
      chosen.some((key) => ` ${key} `.includes(` ${term.key} `) || ` ${term.key} `.includes(` ${key} `)) &&
      !term.definitions.has(explanation.sentence.index)
    )
      continue
    chosen.push(term.key)
    used.add(explanation.sentence.index)
    const name = displayed(term)
    lines.push(mention(name, shown(analysis, explanation.sentence, name), explanation.sentence.startSeconds))
  }
  return lines.length === 0
    ? { markdown: noneFound, itemCount: 0 }
    : { markdown: lines.join('\n'), itemCount: lines.length }
}

/** A single everyday word is a concept only where somebody says what it is. */
function leastQuality(analysis: Analysis, { key, length, definitions, count }: Term): number {
  if (!analysis.language.isEnglish) return -1
  if (length > 1) return count > 2 ? -0.3 : definitions.size > 0 ? 0.2 : 0
  if (commonplaceNouns.has(key)) return definitions.size > 0 ? 0.9 : 9
  return 0.1
}

const acronym = /^\p{Lu}[\p{Lu}\d-]+$/u

const newTerm = (key: string, length: number): Term => ({
  key,
  forms: new Map(),
  sentences: [],
  length,
  count: 0,
  definitions: new Set(),
  score: 0,
})

function ranked(analysis: Analysis): Term[] {
  const names = analysis.once(participantsOf).nameWords
  const titles = new Set([
    analysis.input.feedTitle.toLowerCase(),
    ...analysis.once(findBooks).map(({ title }) => title.toLowerCase()),
    ...analysis.once(findPeople).map(({ name }) => name.toLowerCase()),
  ])
  const terms = new Map<string, Term>()
  for (const sentence of analysis.sentences) {
    if (analysis.noise.has(sentence.index)) continue
    for (const phrase of phrasesOf(sentence, analysis)) {
      if (
        phrase.some(
          ({ lower }) =>
            names.has(lower) ||
            weekdaysAndMonths.has(lower) ||
            notNames.has(lower) ||
            notNames.has(lower.replace(/s$/, '')),
        )
      )
        continue
      if (titles.has(sentence.text.slice(phrase[0]!.start, phrase.at(-1)!.end).toLowerCase())) continue
      const key = phrase.map(({ lemma, lower }) => singular(lemma || lower)).join(' ')
      const term: Term = terms.get(key) ?? newTerm(key, phrase.length)
      const form = sentence.text.slice(phrase[0]!.start, phrase.at(-1)!.end)
      term.forms.set(form, (term.forms.get(form) ?? 0) + 1)
      term.count += 1
      if (defines(sentence, phrase)) term.definitions.add(sentence.index)
      if (term.sentences.at(-1) !== sentence) term.sentences.push(sentence)
      terms.set(key, term)
    }
  }
  const often = Math.max(2, Math.round(analysis.words / 4_000))
  const kept = [...terms.values()].filter(
    ({ key, count, length, definitions }) =>
      !commonplacePhrases.has(key) &&
      (count > 1 || length > 2 || !commonplaceNouns.has(key.split(' ').at(-1)!)) &&
      (length < 2 || count > 3 || definitions.size > 0 || !key.split(' ').every((part) => genericWords.has(part))) &&
      (count >= (length > 1 ? Math.min(often, 3) : often + 1) ||
        (definitions.size > 0 && count >= (length > 1 ? 1 : commonplaceNouns.has(key) ? 3 : 2))),
  )
  const tools = new Set(analysis.once(findTools).map(({ name }) => name.toLowerCase()))
  const known = inDictionary(
    kept.filter(({ key, length }) => length === 1 && /^\p{L}+$/u.test(key)).map(({ key }) => key),
  )
  const longerByWord = new Map<string, Term[]>()
  for (const term of kept)
    if (term.length > 1)
      for (const word of new Set(term.key.split(' '))) longerByWord.set(word, [...(longerByWord.get(word) ?? []), term])
  const subjects = new Set(
    kept
      .filter((term) => term.length === 1 && !isProper(term) && !commonplaceNouns.has(term.key))
      .sort((left, right) => right.count - left.count)
      .slice(0, 3),
  )
  for (const term of kept) {
    const windows = new Set(term.sentences.map(({ index }) => Math.floor((index * 30) / analysis.sentences.length)))
      .size
    const inside = (longerByWord.get(term.key.split(' ')[0]!) ?? []).filter(
      (other) => other.length > term.length && ` ${other.key} `.includes(` ${term.key} `),
    )
    const nested = inside.reduce((sum, other) => sum + other.count, 0)
    // A word that is said only as a part of longer terms is not a term of its own.
    const own = Math.max(0, term.count - nested)
    const alone = own / term.count
    // A tool that comes up in passing belongs to the tools.
    const tool = tools.has(term.key) || [...term.forms.keys()].some((form) => tools.has(form.toLowerCase()))
    term.score =
      (tool && term.count < analysis.words / 600 ? 0.2 : 1) *
      (kindWeight(term, known, subjects.has(term)) *
        Math.log2(1 + own) *
        (0.4 + Math.sqrt(windows / 30)) *
        (alone < 0.4 ? 0.3 : 1) +
        0.9 * Math.min(2, term.definitions.size))
  }
  // A name that comes up in passing belongs to the tools or the people.
  const terminology = kept.filter(
    (term) =>
      !isProper(term) ||
      term.count >= Math.max(4, analysis.words / 1_200) ||
      (term.definitions.size > 0 && [...term.forms.keys()].some((form) => acronym.test(form))),
  )
  return terminology.sort((left, right) => right.score - left.score).slice(0, 60)
}

/** How much a term of this kind says: "continuous profiling" more than "adenosine", and that more than "cluster". */
function kindWeight({ key, length, forms }: Term, known: ReadonlySet<string>, isSubject: boolean): number {
  const parts = key.split(' ')
  if (length > 1) return parts.every((part) => commonplaceNouns.has(part) || genericWords.has(part)) ? 1.1 : 1.7
  if (isSubject) return 1.3
  if (commonplaceNouns.has(key)) return 0.3
  if ([...forms.keys()].every((form) => acronym.test(form))) return 1
  if (!known.has(key) && /^\p{L}+$/u.test(key)) return 0.8
  return key.length >= 9 ? 1 : key.length >= 6 ? 0.75 : 0.6
}

const isProper = ({ forms }: Term): boolean =>
  [...forms.keys()].every((form) => form.split(' ').every((word) => /^\p{Lu}/u.test(word)))
/** The model takes these for plurals. */
const notPlural = new Map([
  ['len', 'lens'],
  ['datum', 'data'],
  ['kubernete', 'kubernetes'],
  ['serie', 'series'],
  ['specie', 'species'],
])
const singular = (word: string): string =>
  notPlural.get(word) ??
  (/(?:ss|us|is|ics|os|as)$/.test(word) || word.length < 4 ? word : word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1'))

function displayed({ forms }: Term): string {
  const best = [...forms].sort((left, right) => right[1] - left[1] || left[0].length - right[0].length)[0]?.[0] ?? ''
  return best.charAt(0).toUpperCase() + best.slice(1)
}
