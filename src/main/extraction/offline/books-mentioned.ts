import type { Analysis, Sentence } from './analysis.ts'
import { bookWord, cuesFor, small } from './book-cues.ts'
import { bestEvidence, shown } from './evidence.ts'
import { noneFound, text, timed } from './markdown.ts'
import { type FoundPerson, findPeople } from './people-mentioned.ts'
import type { Recipe } from './recipe.ts'

interface Found {
  title: string
  author: string | null
  readonly sentences: Sentence[]
}

const refused =
  /^(?:I|He|She|It|They|We|You|The|A|An|This|That|And|But|So|Because|If|When|In|On|My|His|Her|Amazon|Kindle|Audible|Google|Apple|Part|Chapter|Volume|God|Inc|LLC)$/
const otherWork =
  /\b(?:poem|song|film|movie|paper|article|essay|painting|talk|episode|album|game|play|show|series|post|speech|podcast|column|report),? (?:called |titled )?["“]?$/i
/** A sentence begins with these, not a title: "Read The Hobbit". */
const leadsUp =
  /^(?:Read|Reading|Reread|Try|See|Get|Buy|Take|Also|And|But|So|From|Like|Called|Her|His|My|Recommend)\s+(?=["“]?[\p{Lu}\d])/u

/** What is longer is no sentence but a page without full stops, where patterns only lose their time. */
const mostWords = 100
const smallAtEnd = new RegExp(`(?: (?:${small}))+$`, 'u')

/** Titles that a speaker calls a book, or names with an author. */
export const booksMentioned: Recipe = (analysis) => {
  const books = analysis.once(findBooks)
  if (books.length === 0) return { markdown: noneFound, itemCount: 0 }
  const lines = books.map((book) => {
    const evidence =
      bestEvidence(analysis, book.sentences, ({ text: said }) => (bookWord.test(said) ? 0.6 : 0)) ?? book.sentences[0]!
    const by = book.author === null ? '' : `, ${text(book.author)}`
    return `- ***${text(book.title)}***${by}: ${timed(text(shown(analysis, evidence, book.title)), evidence.startSeconds)}`
  })
  return { markdown: lines.join('\n'), itemCount: books.length }
}

export function findBooks(analysis: Analysis): Found[] {
  if (!analysis.language.isEnglish) return []
  const found = analysis.once(findPeople)
  const people = new Set(found.map(({ name }) => name.toLowerCase()))
  const books = new Map<string, Found>()
  for (const sentence of analysis.sentences) {
    if (sentence.words > mostWords) continue
    if (analysis.noise.has(sentence.index) && !bookWord.test(sentence.text)) continue
    for (const { pattern, needs } of cuesFor(sentence.text)) {
      for (const match of sentence.text.matchAll(pattern)) {
        const name = titleOf(match.groups?.title ?? '')
        if (name === null || people.has(name.toLowerCase())) continue
        if (needs === 'a book nearby' && !nearby(analysis, sentence)) continue
        if (otherWork.test(sentence.text.slice(0, match.index))) continue
        if (needs !== undefined && name.split(' ').length < 2) continue
        const key = name.toLowerCase().replace(/^(?:the|a|an) /, '')
        const book = books.get(key) ?? { title: name, author: null, sentences: [] }
        book.author ??= match.groups?.author?.replace(/['’]s$/, '') ?? authorBefore(found, analysis, sentence, match)
        if (book.sentences.at(-1) !== sentence) book.sentences.push(sentence)
        books.set(key, book)
      }
    }
  }
  const titles = [...books.keys()]
  return [...books]
    .filter(([key]) => !titles.some((other) => other !== key && other.startsWith(key)))
    .map(([, book]) => book)
    .sort((left, right) => left.sentences[0]!.index - right.sentences[0]!.index)
}

/** "James Reason called it so, and his book …": the one person of this sentence, or of the one before. */
function authorBefore(
  people: readonly FoundPerson[],
  { sentences }: Analysis,
  { index, turn }: Sentence,
  { 0: said }: RegExpMatchArray,
): string | null {
  if (!/^(?:his|her) /.test(said)) return null
  for (const at of [index, index - 1, index - 2]) {
    if (sentences[at]?.turn !== turn) return null
    const named = people.filter(({ spans }) => spans.some(({ sentence }) => sentence.index === at))
    if (named.length > 0) return named.length === 1 ? named[0]!.name : null
  }
  return null
}

/** A word about books in this sentence or one beside it. */
const nearby = ({ sentences }: Analysis, { index }: Sentence): boolean =>
  [index - 3, index - 2, index - 1, index, index + 1].some((at) => bookWord.test(sentences[at]?.text ?? ''))

function titleOf(raw: string): string | null {
  const found = raw
    .replace(leadsUp, '')
    .replace(smallAtEnd, '')
    .replace(/[,.:;!?'’"”]+$/, '')
    .trim()
  if (found.length < 3 || found.length > 90 || refused.test(found) || /^\d+$/.test(found)) return null
  return found.split(' ').every((part) => refused.test(part)) ? null : found
}
