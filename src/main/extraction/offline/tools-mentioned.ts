import type { Analysis, Sentence } from './analysis.ts'
import { findBooks } from './books-mentioned.ts'
import { bestEvidence, shown } from './evidence.ts'
import { mention, noneFound, webLink } from './markdown.ts'
import { groupNames, type NameSpan, namesOf } from './names.ts'
import { participantsOf } from './participants.ts'
import { findPeople } from './people-mentioned.ts'
import type { Recipe } from './recipe.ts'
import { notNames, notSurnames } from './words/names.ts'
import { ambiguousTools, knownTools, toolNouns } from './words/tools.ts'

const nounPattern = `(?:${toolNouns})`
const usedBefore =
  /\b(?:use|uses|used|using|install|installs|installed|installing|(?:built|build|building|written|implemented|coded|write|wrote|based|run|runs|running|deployed|deploy) (?:it |this |that |them )?(?:with|in|on|using|on top of)|run|running|switch(?:ed|ing)? (?:to|from)|moved? (?:to|from)|migrat(?:e|ed|ing) (?:to|from)|adopt(?:ed|ing)?|download(?:ed)?|configure[ds]?|deploy(?:ed|ing)?|a fan of|familiar with|powered by|on top of|works? with|integrat(?:e|es|ed|ion) with|instead of|alternative to|version of|plugin for|support(?:s|ed)? for|client for)(?: (?:the|a|an|our|my|your|like|something like|things like|stuff like|tools like|just|also|both|either|and|or))*$/i

export const toolsMentioned: Recipe = (analysis) => {
  const tools = analysis.language.isEnglish ? findTools(analysis) : []
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

function findTools(analysis: Analysis): Tool[] {
  const { nameWords } = analysis.once(participantsOf)
  const people = new Set(analysis.once(findPeople).map(({ name }) => name.toLowerCase()))
  const titles = new Set(analysis.once(findBooks).map(({ title }) => title.toLowerCase()))
  const tools: Tool[] = []
  for (const { name, spans } of groupNames(analysis.once(namesOf).map(withoutPossessive)).values()) {
    const lower = name.toLowerCase()
    if (people.has(lower) || titles.has(lower) || notNames.has(lower) || lower.length < 2) continue
    if (lower.split(' ').some((word) => nameWords.has(word))) continue
    const introducing = new Set(spans.filter((span) => introduces(span, name)).map(({ sentence }) => sentence.index))
    const used = spans.filter(isUsed).length
    const known = spans.some(({ text }) => knownTools.has(text)) && !ambiguousTools.has(name)
    const enough = introducing.size >= 1 || used >= (knownTools.has(name) ? 1 : 2) || known
    const looksLikeFirm = lower.split(' ').some((word) => notSurnames.has(word)) && !known && introducing.size === 0
    if (!enough || looksLikeFirm) continue
    tools.push({ name, spans, introducing })
  }
  const longest = new Set(tools.map(({ name }) => name.toLowerCase()))
  return tools
    .filter(
      ({ name, spans }) =>
        spans.length > 1 ||
        ![...longest].some((other) => other !== name.toLowerCase() && other.startsWith(`${name.toLowerCase()} `)),
    )
    .sort((left, right) => left.spans[0]!.sentence.index - right.spans[0]!.sentence.index)
    .slice(0, 60)
}

const withoutPossessive = (span: NameSpan): NameSpan => ({ ...span, text: span.text.replace(/['’]s?$/, '') })

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const around = ({ sentence, from, to }: NameSpan): [string, string] => [
  sentence.text.slice(0, sentence.tokens[from]!.start).trimEnd(),
  sentence.text.slice(sentence.tokens[to - 1]!.end),
]

const introducedBefore = new RegExp(
  `\\b${nounPattern}(?:,| that(?:'s| is)| which is| is)? (?:called|named|known as|like|such as)(?: the)?$`,
  'i',
)
const saidAfter = new RegExp(
  `^(?:['’]s)?,? (?:is|was|as|which is|,)? ?(?:a|an|the|another|this|our)(?: (?!of\\b|to\\b|in\\b)[\\w-]+){0,3} ${nounPattern}\\b|^ (?:CLI|API|SDK|database|plugin|extension|library|app|editor|IDE|framework|cluster|dashboard|command|compiler|server|client|queries|operator)\\b`,
  'i',
)

/** Said to be a tool: "a database called X", "X is an editor", "the X plugin". */
function introduces(span: NameSpan, name: string): boolean {
  const [before, after] = around(span)
  return (introducedBefore.test(before) || saidAfter.test(after)) && !new RegExp(`^${escaped(name)}s\\b`).test(after)
}
const isUsed = (span: NameSpan): boolean => usedBefore.test(around(span)[0])

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
