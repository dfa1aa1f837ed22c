import type { Analysis, Sentence } from './analysis.ts'
import { bestEvidence, shown } from './evidence.ts'
import { noneFound, text, timed } from './markdown.ts'
import { findPeople } from './people-mentioned.ts'
import type { Recipe } from './recipe.ts'

interface Found {
  title: string
  author: string | null
  readonly sentences: Sentence[]
}

const small = 'of|the|and|a|an|to|in|for|on|with|is|at|or|as|vs|not|how|that|your|it|be|are|we|you'
const word = `[\\p{Lu}\\d][\\p{L}\\p{M}\\p{N}'’&-]*`
const title = `${word}(?:(?:,? (?:${small}))* ${word}|(?:: )${word})*`
const person = `(?:Dr\\.? )?\\p{Lu}[\\p{L}\\p{M}'’-]+(?: \\p{Lu}\\.?)*(?: (?:de|van|von|der|la|le))* \\p{Lu}[\\p{L}\\p{M}'’-]+`
const kind = '(?:book|novel|memoir|paperback|biography|textbook|trilogy|audiobook|bestseller|manifesto)'

/** The cue, then the title; all but the title may be in any case. */
const cues: readonly RegExp[] = [
  new RegExp(
    `\\b${kind}s?\\b(?: (?:of (?:his|hers|theirs|mine|yours)))?(?: (?:which is|that's|that is|was|is))?,? (?:called|titled|entitled|named|by the name of|is called|was called) ["“‘]?(?<title>${title})(?:["”’]?,? by (?<author>${person}))?`,
    'gu',
  ),
  new RegExp(
    `\\b(?:the|his|her|their|my|your|a|that|this|favorite|favourite) ${kind},? ["“‘]?(?<title>${title})(?:["”’]?,? by (?<author>${person}))?`,
    'gu',
  ),
  new RegExp(
    `["“](?<title>${title})["”],?(?: (?:is|was) (?:a|the) (?:\\w+ )?${kind}|,? by (?<author>${person}))`,
    'gu',
  ),
  new RegExp(
    `\\b(?:read|reading|reread|wrote|author of|finished|recommend|copy of|pick up) ["“‘]?(?<title>${title})["”’]?,? by (?<author>${person})`,
    'gu',
  ),
  new RegExp(`(?<title>${word}(?:(?: (?:${small}))* ${word})+),? by (?<author>${person})`, 'gu'),
  new RegExp(
    `\\b(?:read|reading|reread|digging (?:deep |deeper )?into|finished|recommend|recommended|loved?|going through) [“‘]?(?<title>${word}(?:(?: (?:${small}))* ${word})+)(?=.*\\b(?:that|this|the|his|her|their) ${kind}\\b)`,
    'gu',
  ),
  new RegExp(
    `\\b(?:read|reading|reread|${kind}s?|called|titled|author of|wrote)(?: \\w+){0,3},? ["“](?<title>\\p{Lu}[^"”.?!]{3,80}?)[,.]?["”](?=.*\\b${kind}\\b)`,
    'gu',
  ),
  new RegExp(`\\bauthor of ["“‘]?(?<title>${word}(?:(?: (?:${small}))* ${word})+)`, 'gu'),
]
const bookWord = new RegExp(
  `\\b(?:${kind}s?|author|chapters?|wrote|reading|reread|read (?:it|that|this)|literature)\\b`,
  'iu',
)
/** Every cue has one of these: most sentences are done with at once. */
const worthALook = new RegExp(
  `\\b(?:${kind}s?|author of|re-?read(?:ing)?|read(?:ing)?|wrote|finished|recommend(?:ed)?|loved?|copy of|pick up|digging|going through)\\b|\\bby \\p{Lu}|["”],? (?:is|was) `,
  'u',
)
const refused =
  /^(?:I|He|She|It|They|We|You|The|A|An|This|That|And|But|So|Because|If|When|In|On|My|His|Her|Amazon|Kindle|Audible|Google|Apple|Part|Chapter|Volume|God|Inc|LLC)$/

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
  const people = new Set(analysis.once(findPeople).map(({ name }) => name.toLowerCase()))
  const books = new Map<string, Found>()
  for (const sentence of analysis.sentences) {
    if (!worthALook.test(sentence.text)) continue
    if (analysis.noise.has(sentence.index) && !bookWord.test(sentence.text)) continue
    cues.forEach((cue, index) => {
      for (const match of sentence.text.matchAll(cue)) {
        const found = titleOf(match.groups?.title ?? '')
        const author = match.groups?.author ?? null
        if (found === null || people.has(found.toLowerCase())) continue
        const needsCue = index === 4 && !nearby(analysis, sentence)
        if (needsCue || (index >= 4 && found.split(' ').length < 2)) continue
        if (index === 1 && found.split(' ').length < 2 && !/["“]/.test(match[0])) continue
        const key = found.toLowerCase().replace(/^(?:the|a|an) /, '')
        const book = books.get(key) ?? { title: found, author: null, sentences: [] }
        book.author ??= author
        if (book.sentences.at(-1) !== sentence) book.sentences.push(sentence)
        books.set(key, book)
      }
    })
  }
  return [...books.values()].sort((left, right) => left.sentences[0]!.index - right.sentences[0]!.index)
}

/** A word about books in this sentence or one beside it. */
const nearby = ({ sentences }: Analysis, { index }: Sentence): boolean =>
  [index - 1, index, index + 1].some((at) => bookWord.test(sentences[at]?.text ?? ''))

function titleOf(raw: string): string | null {
  const found = raw
    .replace(new RegExp(`(?: (?:${small}))+$`, 'u'), '')
    .replace(/[,.:;!?'’"”]+$/, '')
    .trim()
  if (found.length < 3 || found.length > 90 || refused.test(found) || /^\d+$/.test(found)) return null
  return found.split(' ').every((part) => refused.test(part)) ? null : found
}
