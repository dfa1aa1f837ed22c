import type { Analysis, Sentence } from './analysis.ts'
import { findBooks } from './books-mentioned.ts'
import { bestEvidence, shown } from './evidence.ts'
import { mention, noneFound } from './markdown.ts'
import type { Recipe } from './recipe.ts'
import { frameworkHeads, knownFrameworks } from './words/frameworks.ts'
import { letter, upper } from './words/letters.ts'

interface Found {
  readonly name: string
  readonly sentences: Sentence[]
}

const heads = `(?:${frameworkHeads}|${frameworkHeads.replace(/(^|\|)(.)/g, (_, bar: string, first: string) => bar + first.toUpperCase())})`
const properWord = `[${upper}][${letter}\\d'’-]*`
/** "Conway's law", "the Pomodoro technique", "the OODA loop", "the 80/20 rule", "the two-pizza rule". */
const named = new RegExp(
  `(?<![${letter}-])(?<name>(?:${properWord} ){0,2}(?:${properWord}|\\d+(?:[/-]\\d+)+|[${letter}]+-[${letter}]+)(?:['’]s?)? ${heads}(?: of (?:${properWord}|[a-z]+))?)(?![${letter}])`,
  'g',
)
/** "the Swiss cheese model", "the App of Apps model": a capital and then small words, where it is said more than once or explained. */
const mixed = new RegExp(
  `(?<=\\b(?:[Tt]he|[Aa]n?|[Tt]his|[Oo]ur|their|his|her) )(?<name>${properWord}(?: (?!(?:and|or|is|was|for|that)\\b)[${letter}'’-]+){1,2} (?:model|method|principle|rule|law|effect|theory|test|technique|framework|paradox|approach|matrix|pyramid|hypothesis|razor|loop))(?![${letter}-])`,
  'g',
)
const explains =
  /^['"”]? (?:says|means|states|tells|describes|is (?:a|an|the|that|when|where|about|what)|was (?:a|an|the)|goes)\b|^, (?:which|where) /
const namedSo =
  /\b(?:call|calls|called|named|known as|coined)(?: \w+)?,? (?:it |this |that |them )?(?:the |a |an )?["“]?$/i
/** "a pyramid … called “The five levels of fatigue”" */
const quotedName =
  /\b(?:called|named|known as|call (?:it|this|that|them)) ["“](?<name>[A-Za-z][^"”?!]{4,60}?)[,.]?["”]/g
const kindOfThought =
  /\b(?:framework|model|method|methodology|technique|principle|approach|pyramid|matrix|concept|theory|rule|exercise|category|stages|levels|acronym|loop|mindset|mental)\b/i
/** "a technique called time boxing", "what they call the ladder of inference". */
const called = new RegExp(
  `\\b(?:method|technique|framework|model|principle|rule|theory|approach|concept|practice|exercise|system|idea)s?(?: (?:that's|that is|which is))? (?:called|known as|we call|they call|i call|named) (?:the |a |an )?["“‘]?(?<name>[${letter}][${letter}'’-]+(?: [${letter}\\d][${letter}'’-]*){0,3})`,
  'gi',
)
/** "the cry wolf effect means …": small letters, but explained. */
const coined =
  /\b[Tt]he (?<name>(?!(?:side|other|second|third|desired|net|overall|same|opposite|first|whole|main|real|special|general|basic|core|underlying|guiding|negative|positive|long|short|greenhouse|sound|only|cumulative)\b)[a-z]+(?:[ -][a-z]+)? (?:effect|paradox|fallacy|bias|dilemma|principle|razor|hypothesis)(?= (?:is|means|says|states|tells|describes)\b)|(?!(?:new|old|simple|only|whole|next|last|best|basic|important|final|latest|current|same)\b)[a-z]+(?:[ -][a-z]+)? (?:test|rule|method|technique|law|model)(?= (?:means|says|states) ))/g
const plainWords =
  /^(?:the|a|an|this|that|my|your|our|his|her|their|same|first|second|third|next|new|old|good|bad|best|whole|one|other|only|main|business|real|open|high|low|long|short|full|half|non|self|well|so|multi|single|well-known|high-level|low-level|real-world|open-source|pre-trained|large|small|language|state-of|end-to|in|and|but|or|if|it|i|we|you)$/i
const stops =
  /^(?:and|or|but|so|because|which|that|where|when|is|was|are|it|you|i|we|they|in|on|at|to|for|with|if|by|as|from)$/i

/** Methods, models, laws and principles that have a name of their own. */
export const frameworksMentioned: Recipe = (analysis) => {
  const found = findFrameworks(analysis)
  if (found.length === 0) return { markdown: noneFound, itemCount: 0 }
  const lines = found.map(({ name, sentences }) => {
    const evidence =
      bestEvidence(analysis, sentences, ({ text }) =>
        new RegExp(`${name.replace(/[^\p{L}\p{N} ]/gu, '.')}['"”]? (?:is|means|says|was)\\b`, 'iu').test(text)
          ? 1.2
          : 0,
      ) ?? sentences[0]!
    return mention(name, shown(analysis, evidence, name), evidence.startSeconds)
  })
  return { markdown: lines.join('\n'), itemCount: lines.length }
}

function findFrameworks(analysis: Analysis): Found[] {
  if (!analysis.language.isEnglish) return []
  const found = new Map<string, Found>()
  const add = (name: string, sentence: Sentence): void => {
    const key = name.toLowerCase().replaceAll('’', "'").replace(/s$/, '')
    const entry = found.get(key) ?? { name: name.charAt(0).toUpperCase() + name.slice(1), sentences: [] }
    if (entry.sentences.at(-1) !== sentence) entry.sentences.push(sentence)
    found.set(key, entry)
  }
  const loose = new Map<string, { name: string; sentences: Sentence[]; sure: boolean }>()
  for (const sentence of analysis.sentences) {
    if (analysis.noise.has(sentence.index)) continue
    for (const match of headAnywhere.test(sentence.text) ? sentence.text.matchAll(mixed) : []) {
      const name = match.groups?.name ?? ''
      const entry = loose.get(name.toLowerCase()) ?? { name, sentences: [], sure: false }
      entry.sentences.push(sentence)
      const at = match.index
      entry.sure ||= explains.test(sentence.text.slice(at + name.length)) || namedSo.test(sentence.text.slice(0, at))
      loose.set(name.toLowerCase(), entry)
    }
    if (sentence.text.includes('called') || sentence.text.includes('call')) {
      const about = `${analysis.sentences[sentence.index - 1]?.text ?? ''} ${sentence.text}`
      for (const match of sentence.text.matchAll(quotedName)) {
        const name = match.groups?.name ?? ''
        if (
          name.includes(' ') &&
          kindOfThought.test(about) &&
          !/\b(?:books?|podcast|blog|post|article|song|film)\b/i.test(about)
        )
          add(name.replace(/^(?:the|a|an) /i, ''), sentence)
      }
    }
    if (sentence.tokens.some(({ lower }) => firstWords.has(lower)))
      for (const name of knownIn(sentence)) add(name, sentence)
    for (const match of anyHead.test(sentence.text) ? sentence.text.matchAll(named) : []) {
      const name = properName(match.groups?.name ?? '', match.index === 0)
      if (name !== null) add(name, sentence)
    }
    for (const match of headAnywhere.test(sentence.text) ? sentence.text.matchAll(coined) : [])
      add(match.groups?.name ?? '', sentence)
    for (const match of naming.test(sentence.text) ? sentence.text.matchAll(called) : []) {
      const words = (match.groups?.name ?? '').split(' ')
      const end = words.findIndex((word) => stops.test(word))
      const name = words.slice(0, end < 0 ? words.length : end).join(' ')
      if (name.includes(' ') || /^\p{Lu}/u.test(name)) add(name, sentence)
    }
  }
  for (const { name, sentences, sure } of loose.values())
    if (sure || sentences.length > 1) for (const sentence of sentences) add(name, sentence)
  const titles = analysis.once(findBooks).map(({ title }) => title.toLowerCase())
  const names = [...found.keys()]
  return [...found]
    .filter(([key]) => !titles.some((title) => title.includes(key)))
    .filter(([key]) => !names.some((other) => other !== key && other.length > key.length && other.includes(key)))
    .map(([, entry]) => entry)
    .sort((left, right) => left.sentences[0]!.index - right.sentences[0]!.index)
}

const anyHead = new RegExp(`\\b${heads}\\b`)
const naming = /\b(?:called|known as|call|named)\b/i
const headAnywhere =
  /\b(?:model|method|principle|rule|law|effect|theory|test|technique|framework|paradox|fallacy|bias|dilemma|approach|matrix|pyramid|hypothesis|razor|loop)\b/
const framed = new RegExp(`[${letter}\\d][${letter}\\d'’/-]*`, 'g')
const firstWords = new Set([...knownFrameworks].map((name) => name.split(/[ /-]/)[0]!.replace(/['’].*$/, '')))

function* knownIn({ text }: Sentence): Generator<string> {
  const words = [...text.matchAll(framed)]
  for (let from = 0; from < words.length; from++) {
    if (!firstWords.has(words[from]![0].toLowerCase().split(/[-/'’]/)[0]!)) continue
    for (let length = 4; length >= 1; length--) {
      const last = words[from + length - 1]
      if (!last) continue
      const raw = text.slice(words[from]!.index, last.index + last[0].length)
      if (!knownFrameworks.has(raw.toLowerCase().replaceAll('’', "'"))) continue
      yield raw
      break
    }
  }
}

/** Null unless a word before the last is a name, a number or a coined compound, and not only the first of a sentence. */
function properName(raw: string, initial: boolean): string | null {
  let words = raw.split(' ')
  while (words.length > 1 && plainWords.test(words[0]!)) words = words.slice(1)
  const [first, ...rest] = words
  if (words.length < 2 || first === undefined) return null
  const owner = words.findIndex((word) => /['’]s?$/.test(word))
  // "Conway's law", but not "caffeine's diuretic effect".
  if (/^\d+[/-]\d/.test(first)) return words.join(' ')
  if (owner >= 0 && owner !== words.length - 2 && !/ of /.test(raw)) return null
  const possessed = owner >= 0
  const ownName = /^\d+[/-]|^\p{Lu}.*['’]s?$/u.test(first) || /-/.test(first)
  const capitals = words.slice(0, -1).filter((word) => /^\p{Lu}/u.test(word)).length
  const generic =
    /^(?:framework|frameworks|test|tests|model|models|pattern|protocol|methods|method|rules?|philosophy|loop|principles?)$/i.test(
      rest.at(-1) ?? '',
    )
  if (/-/.test(first) && !/^\p{Lu}/u.test(first))
    return /^(?:two|three|four|five|ten|one)-/.test(first) && !generic ? words.join(' ') : null
  if (capitals === 0 && !/^\d/.test(first)) return null
  if (initial && capitals === 1 && words[0] === first && !ownName && !possessed) return null
  if (
    generic &&
    !/^\p{Lu}\p{Ll}+['’]s$/u.test(first) &&
    !(
      /^\p{Lu}/u.test(rest.at(-1) ?? '') ||
      (/^\p{Lu}{2,}$/u.test(first) && /^(?:loop|method)$/i.test(rest.at(-1) ?? ''))
    )
  )
    return null
  return words.join(' ')
}
