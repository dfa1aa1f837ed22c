import type { Analysis, Sentence } from './analysis.ts'
import { bestEvidence, shown } from './evidence.ts'
import { noneFound, text, timed } from './markdown.ts'
import { type FoundPerson, findPeople } from './people-mentioned.ts'
import type { Recipe } from './recipe.ts'

interface Found {
  title: string
  author: string | null
  readonly sentences: Sentence[]
}

const small =
  'of|the|and|a|an|to|in|for|on|with|is|at|or|as|vs|not|how|that|your|it|be|are|we|you|from|by the|without|about'
const word = `[\\p{Lu}\\d][\\p{L}\\p{M}\\p{N}'’&-]*`
const title = `${word}(?:(?:,? (?:${small}))* ${word}|(?:: )${word})*`
const longTitle = `${word}(?:(?: (?:${small}))* ${word}|: ${word})+`
const family = "\\p{Lu}[\\p{L}\\p{M}'’-]+"
const person = `(?:Dr\\.? )?${family}(?: \\p{Lu}\\.?)*(?: (?:de|van|von|der|la|le))* ${family}(?: ${family})?`
const kind =
  '(?:book|novel|memoir|paperback|biography|autobiography|textbook|trilogy|audiobook|bestseller|manifesto|cookbook)'
const adjectives = '(?:[a-z-]+ ){0,3}'

/** The cue, then the title; all but the title may be in any case. */
const cues: readonly { readonly pattern: RegExp; readonly needs?: 'two words' | 'a book nearby' }[] = [
  {
    pattern: new RegExp(
      `\\b${kind}s?\\b(?: (?:of (?:his|hers|theirs|mine|yours)))?(?: (?:which is|that's|that is|was|is))?,? (?:called|titled|entitled|named|by the name of|is called|was called) ["“‘]?(?<title>${title})(?:["”’]?,? by (?<author>${person}))?`,
      'gu',
    ),
  },
  {
    pattern: new RegExp(
      `\\b(?:[Tt]he|his|her|their|my|your|an?|that|this|favorite|favourite) ${adjectives}${kind},? ["“‘](?<title>\\p{Lu}[^"”’]{2,80}?)[,.]?["”’](?:,? by (?<author>${person}))?`,
      'gu',
    ),
  },
  {
    pattern: new RegExp(
      `\\b(?:[Tt]he|his|her|their|my|your|an?|that|this|favorite|favourite) ${adjectives}${kind},? (?<title>${longTitle})(?:,? by (?<author>${person}))?`,
      'gu',
    ),
    needs: 'two words',
  },
  {
    pattern: new RegExp(`\\b${kind},? (?<title>${title}),? by (?<author>${person})`, 'gu'),
  },
  {
    pattern: new RegExp(
      `(?<author>${person})['’]s? ${adjectives}${kind}(?: (?:on|about) [^,.;]{2,50})?, ["“]?(?<title>${title})(?=["”]?[,.;])`,
      'gu',
    ),
  },
  {
    pattern: new RegExp(
      `["“](?<title>${title})["”],?(?: (?:is|was) (?:a|the) (?:\\w+ )?${kind}|,? by (?<author>${person}))`,
      'gu',
    ),
  },
  {
    pattern: new RegExp(
      `\\b(?:[Rr]ead|[Rr]eading|reread|wrote|author of|finished|[Rr]ecommend|copy of|pick up) ["“‘]?(?<title>${title})["”’]?,? by (?<author>${person})`,
      'gu',
    ),
  },
  {
    pattern: new RegExp(`(?<title>${word}(?:(?: (?:${small}))* ${word})+),? by (?<author>${person})`, 'gu'),
    needs: 'a book nearby',
  },
  {
    pattern: new RegExp(
      `\\b(?:read|reading|reread|digging (?:deep |deeper )?into|finished|recommend|recommended|loved?|going through) [“‘]?(?<title>${word}(?:(?: (?:${small}))* ${word})+)(?=.*\\b(?:that|this|the|his|her|their) ${kind}\\b)`,
      'gu',
    ),
    needs: 'two words',
  },
  {
    pattern: new RegExp(
      `\\b(?:read|reading|reread|${kind}s?|called|titled|author of|wrote)(?: \\w+){0,3},? ["“](?<title>\\p{Lu}[^"”]{3,90}?)[,.]?["”](?=.*\\b${kind}\\b)`,
      'gu',
    ),
    needs: 'two words',
  },
  {
    pattern: /(?<=\w)(?: |)(?:'s|’s|is|was) (?:called|titled|entitled) ["“](?<title>\p{Lu}[^"”]{6,90}?)[,.]?["”]/gu,
    needs: 'a book nearby',
  },
  {
    pattern: new RegExp(`\\b(?:author of|edition of|chapters? (?:of|in)|copy of) ["“‘]?(?<title>${longTitle})`, 'gu'),
    needs: 'two words',
  },
  {
    pattern: new RegExp(
      `\\bwrote (?<title>(?:The )?${family}(?:(?: (?:of|the|and|in))* ${family})+)(?=[,.;]| (?:in|and|instead|when|while|because|for)\\b)`,
      'gu',
    ),
    needs: 'two words',
  },
]
const bookWord = new RegExp(
  `\\b(?:${kind}s?|author|chapters?|wrote|reading|reread|read (?:it|that|this)|literature|reading list)\\b`,
  'iu',
)
/** Every cue has one of these: most sentences are done with at once. */
const worthALook = new RegExp(
  `\\b(?:${kind}s?|(?:author|edition|chapters?) (?:of|in)|[Rr]e-?read(?:ing)?|[Rr]ead(?:ing)?|wrote|finished|[Rr]ecommend(?:ed)?|loved?|copy of|pick up|digging|going through|called|titled)\\b|\\bby \\p{Lu}|["”],? (?:is|was) `,
  'u',
)
const refused =
  /^(?:I|He|She|It|They|We|You|The|A|An|This|That|And|But|So|Because|If|When|In|On|My|His|Her|Amazon|Kindle|Audible|Google|Apple|Part|Chapter|Volume|God|Inc|LLC)$/
const otherWork =
  /\b(?:poem|song|film|movie|paper|article|essay|painting|talk|episode|album|game|play|show|series|post|speech|podcast|column|report),? (?:called |titled )?["“]?$/i
/** A sentence begins with these, not a title: "Read The Hobbit". */
const leadsUp =
  /^(?:Read|Reading|Reread|Try|See|Get|Buy|Take|Also|And|But|So|From|Like|Called|Her|His|My|Recommend)\s+(?=["“]?[\p{Lu}\d])/u

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
    if (!worthALook.test(sentence.text)) continue
    if (analysis.noise.has(sentence.index) && !bookWord.test(sentence.text)) continue
    for (const { pattern, needs } of cues) {
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
  for (const at of [index, index - 1]) {
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
    .replace(new RegExp(`(?: (?:${small}))+$`, 'u'), '')
    .replace(/[,.:;!?'’"”]+$/, '')
    .trim()
  if (found.length < 3 || found.length > 90 || refused.test(found) || /^\d+$/.test(found)) return null
  return found.split(' ').every((part) => refused.test(part)) ? null : found
}
