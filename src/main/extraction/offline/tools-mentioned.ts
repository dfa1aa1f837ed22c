import type { Analysis, Sentence } from './analysis.ts'
import { findBooks } from './books-mentioned.ts'
import { bestEvidence, shown } from './evidence.ts'
import { mention, noneFound, webLink } from './markdown.ts'
import { dictionaryOfNames, groupNames, type NameGroup, type NameSpan, namesOf } from './names.ts'
import { participantsOf } from './participants.ts'
import { findPeople } from './people-mentioned.ts'
import type { Recipe } from './recipe.ts'
import { introduces, neighboursOf, usesOf } from './tool-cues.ts'
import { knownFrameworks } from './words/frameworks.ts'
import { notNames, notSurnames } from './words/names.ts'
import { ambiguousTools, knownTools } from './words/tools.ts'

export const toolsMentioned: Recipe = (analysis) => {
  const tools = analysis.language.isEnglish ? analysis.once(findTools) : []
  const links = linksOf(analysis)
  const lines = tools.map(({ name, spans, introducing }) => {
    const sentences = spans.map(({ sentence }) => sentence)
    const evidence =
      bestEvidence(analysis, sentences, (sentence) => (introducing.has(sentence.index) ? 0.9 : 0)) ?? sentences[0]!
    return mention(name, shown(analysis, evidence, name), evidence.startSeconds)
  })
  if (lines.length + links.length === 0) return { markdown: noneFound, itemCount: 0 }
  const parts = lines.length > 0 ? [lines.join('\n')] : [noneFound]
  if (links.length > 0) parts.push('### Links', links.map((link) => `- ${link}`).join('\n'))
  return { markdown: parts.join('\n\n'), itemCount: lines.length + links.length }
}

interface Tool {
  readonly name: string
  readonly spans: readonly NameSpan[]
  readonly introducing: ReadonlySet<number>
}

export function findTools(analysis: Analysis): Tool[] {
  const { nameWords } = analysis.once(participantsOf)
  const people = new Set(analysis.once(findPeople).map(({ name }) => name.toLowerCase()))
  const titles = new Set(analysis.once(findBooks).map(({ title }) => title.toLowerCase()))
  const dictionary = analysis.once(dictionaryOfNames)
  const spans = analysis.once(namesOf).map(withoutPossessive)
  const groups = [...withoutPlurals(groupNames(spans))].filter(({ name }) => {
    const lower = name.toLowerCase()
    if (people.has(lower) || titles.has(lower) || knownFrameworks.has(lower) || notNames.has(lower) || lower.length < 2)
      return false
    return !lower.split(' ').some((word) => nameWords.has(word))
  })
  const judged = groups.map(({ name, spans: own }) => {
    const introducing = new Set(
      own
        .filter((span) => introduces(span, analysis.sentences[span.sentence.index - 1]?.text ?? ''))
        .map(({ sentence }) => sentence.index),
    )
    const shortHand = /^\p{Lu}{2,5}$/u.test(name)
    const listed = knownTools.has(name) || own.some(({ text }) => knownTools.has(text))
    const used = own.reduce((sum, span) => sum + (shortHand && isNoun(span) ? 0 : usesOf(span, listed)), 0)
    const known = listed && !ambiguousTools.has(name)
    const coined = name.split(' ').every((word) => !dictionary.has(word.toLowerCase())) && !shortHand
    const firm = name.split(' ').some((word) => notSurnames.has(word.toLowerCase())) && !known && introducing.size === 0
    const place = !listed && introducing.size === 0 && used === 0 && own.filter(isPlace).length * 2 >= own.length
    const enough = introducing.size >= 1 || known || used >= (listed || coined ? 1 : 2)
    return {
      name,
      spans: own,
      introducing,
      used,
      coined,
      listed,
      refused: firm || place || (shortHand && !listed && introducing.size === 0 && used < 2),
      enough,
    }
  })
  const accepted = new Set(
    judged.filter(({ enough, refused }) => enough && !refused).map(({ name }) => name.toLowerCase()),
  )
  // What is named beside a tool, twice or by a name of its own kind, is one too.
  const beside = new Map<string, number>()
  for (const [left, right] of neighboursOf(spans))
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const)
      if (accepted.has(other.text.toLowerCase()))
        beside.set(one.text.toLowerCase(), (beside.get(one.text.toLowerCase()) ?? 0) + 1)
  const tools = judged.filter(({ name, coined, listed, refused, used }) => {
    const lower = name.toLowerCase()
    return (
      !refused &&
      (accepted.has(lower) || ((beside.get(lower) ?? 0) + used >= (coined || listed ? 1 : 2) && beside.has(lower)))
    )
  })
  const longest = new Set(tools.map(({ name }) => name.toLowerCase()))
  return tools
    .filter(
      ({ name, spans: own }) =>
        own.length > 1 ||
        ![...longest].some((other) => other !== name.toLowerCase() && other.startsWith(`${name.toLowerCase()} `)),
    )
    .sort((left, right) => left.spans[0]!.sentence.index - right.spans[0]!.sentence.index)
    .slice(0, 80)
}

/** "CDKs" beside "CDK" is no other tool. */
function withoutPlurals(groups: ReadonlyMap<string, NameGroup>): NameGroup[] {
  return [...groups].flatMap(([key, group]) => (key.endsWith('s') && groups.has(key.slice(0, -1)) ? [] : [group]))
}

/** "the ISO": a kind of thing. */
const isNoun = ({ sentence, from }: NameSpan): boolean => /^(?:the|an?)$/.test(sentence.tokens[from - 1]?.lower ?? '')

/** "in Vienna", "from Norway": */
const isPlace = (span: NameSpan): boolean =>
  /^(?:in|from|near|across|around|at)$/.test(span.sentence.tokens[span.from - 1]?.lower ?? '')

const withoutPossessive = (span: NameSpan): NameSpan => ({ ...span, text: span.text.replace(/['’]s?$/, '') })

const address = /\bhttps?:\/\/[^\s<>"“”]+/gi
const bareAddress =
  /\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|fm|co|ai|app|edu|gov|info|me|tv|eu|uk|de|fr|es|it|nl|ch|example)(?:\/[\w./~#?=&%+-]*)?\b(?!@)/gi

/** Web addresses of the description and of the talk, without those of adverts. */
function linksOf(analysis: Analysis): string[] {
  const texts = [
    analysis.input.descriptionText?.slice(0, 100_000) ?? '',
    ...analysis.sentences.filter(({ index }) => !analysis.noise.has(index)).map(({ text }: Sentence) => text),
  ]
  const links = new Map<string, string>()
  for (const source of texts) {
    const whole = source.match(address) ?? []
    const bare = source.replace(address, ' ').match(bareAddress) ?? []
    for (const found of [...whole, ...bare.map((host) => `https://${host}`)]) {
      const trimmed = found.replace(/[.,;:!?)\]'’]+$/, '')
      const link = webLink(trimmed)
      const key = trimmed.toLowerCase().replace(/^https?:\/\/(?:www\.)?|\/$/g, '')
      if (link !== null && !links.has(key) && links.size < 50) links.set(key, link)
    }
  }
  return [...links.values()]
}
