import type { Analysis } from './analysis.ts'
import { bestEvidence, shown } from './evidence.ts'
import { mention, noneFound, text } from './markdown.ts'
import { groupNames, type NameSpan, namesOf } from './names.ts'
import { participantsOf } from './participants.ts'
import type { Recipe } from './recipe.ts'
import { ambiguousNames, givenNames, namedLikePeople, nameTitles, notSurnames } from './words/names.ts'
import { knownTools } from './words/tools.ts'

export interface FoundPerson {
  readonly name: string
  readonly spans: readonly NameSpan[]
}

export const peopleMentioned: Recipe = (analysis) => {
  const { participants } = analysis.once(participantsOf)
  const people = analysis.once(findPeople)
  const lines = people.map(({ name, spans }) => {
    const sentences = spans.map(({ sentence }) => sentence)
    const evidence =
      bestEvidence(
        analysis,
        sentences,
        (sentence) => (personal(sentence.text, name) ? 0.8 : 0) + (sentence.words < 8 ? -0.8 : 0),
      ) ?? sentences[0]!
    return mention(name, shown(analysis, evidence, name), evidence.startSeconds)
  })
  const taking = participants.map(({ name, role }) => `- **${text(name)}**${role ? ` (${text(role)})` : ''}`)
  const parts = [
    ...(taking.length > 0 ? ['### Taking part', taking.join('\n'), '### Mentioned'] : []),
    lines.length > 0 ? lines.join('\n') : noneFound,
  ]
  return { markdown: parts.join('\n\n'), itemCount: lines.length }
}

/** What is said of people only, before and after a name. */
const before =
  /\b(?:named|by|friend|colleague|author|professor|founder|co-?founder|ceo|cto|engineer|scientist|artist|writer|philosopher|psychologist|maintainer|creator|developer|inventor|director|teacher|wife|husband|brother|sister|mother|father|dr|mr|mrs|ms|prof)\.?,? $/i
const after =
  /^(?:['’]s)?,? (?:who|said|says|wrote|writes|told|tells|asked|asks|thinks|thought|believed|believes|invented|created|founded|built|made|developed|argued|argues|taught|discovered|used to|called|talks|talked|started|came up|works|worked|once|has a|had a|had the|was a|is a|is an|wanted|did|does|gave|published|showed|describes?|described)\b|^['’]s (?:book|work|paper|talk|theory|idea|research|wife|husband|team|quote)\b/i
const personal = (sentence: string, name: string): boolean => {
  for (let at = sentence.indexOf(name); at >= 0; at = sentence.indexOf(name, at + 1))
    if (
      before.test(sentence.slice(Math.max(0, at - 30), at)) ||
      after.test(sentence.slice(at + name.length, at + name.length + 30))
    )
      return true
  return false
}

/** People who are talked about, by the first mention. Precision before recall. */
export function findPeople(analysis: Analysis): FoundPerson[] {
  if (!analysis.language.isEnglish) return []
  const { nameWords } = analysis.once(participantsOf)
  const groups = groupNames(
    analysis
      .once(namesOf)
      .map(shortened)
      .filter((span) => span !== null),
  )
  const people = new Map<string, { name: string; spans: NameSpan[] }>()
  for (const { name, spans } of groups.values()) {
    const words = bare(name).toLowerCase().split(' ')
    if (words.every((word) => nameWords.has(word)) || words.some((word) => nameWords.has(word) && words.length === 1))
      continue
    if (!isPerson(analysis, name, spans)) continue
    const key = bare(name).toLowerCase()
    const known = people.get(key)
    if (known) known.spans.push(...spans)
    else people.set(key, { name: bare(name), spans: [...spans] })
  }
  // "Clear" or "James" after "James Clear" is the same person.
  for (const [key, person] of people) {
    const whole = [...people.values()].find(
      (other) =>
        other !== person &&
        other.name.includes(' ') &&
        other.name.toLowerCase().split(' ').includes(person.name.toLowerCase()),
    )
    if (!whole) continue
    whole.spans.push(...person.spans)
    people.delete(key)
  }
  return [...people.values()].sort((left, right) => left.spans[0]!.sentence.index - right.spans[0]!.sentence.index)
}

const bare = (name: string): string =>
  name.replace(/^(?:dr|mr|mrs|ms|prof|professor|sir)\.? /i, '').replace(/['’]s?$/, '')

/** Up to four words, without a possessive; null for what is no name of a person by its form. */
function shortened(span: NameSpan): NameSpan | null {
  const words = span.text.split(' ')
  return words.length <= 4 &&
    words.every((word) => /^[\p{Lu}][\p{L}\p{M}'’.-]*$|^(?:de|van|von|der|den|la|le|di|da|bin|al)$/u.test(word))
    ? span
    : null
}

function isPerson(analysis: Analysis, name: string, spans: readonly NameSpan[]): boolean {
  const plain = bare(name)
  const words = plain.split(' ')
  const lower = words.map((word) => word.toLowerCase())
  const titled = nameTitles.has(name.split(' ')[0]!.toLowerCase()) && words.length >= 1 && name !== plain
  if (namedLikePeople.has(lower.join(' ').replaceAll("'", '')) || knownTools.has(plain)) return false
  if (
    lower.some((word) => notSurnames.has(word)) ||
    words.some((word) => word.length > 3 && word === word.toUpperCase())
  )
    return false
  // "the Richard" and "a Tom Tom" are things.
  const withArticle = spans.filter(({ from, sentence }) =>
    /^(?:the|a|an|this|that|your|our|some|any|every|each)$/.test(sentence.tokens[from - 1]?.lower ?? ''),
  )
  if (withArticle.length * 2 > spans.length) return false
  if (spans.every(followedByThing)) return false
  const evidence = spans.some(({ sentence }) => personal(sentence.text, plain))
  if (titled) return true
  if (words.length >= 2) {
    const given = givenNames.has(lower[0]!)
    if (!given)
      return (
        evidence &&
        words.length <= 3 &&
        spans.some((span) => hasHuman(analysis, span)) &&
        words.every((word) => word.length > 1)
      )
    return ambiguousNames.has(lower[0]!) ? evidence || spans.some((span) => hasHuman(analysis, span)) : true
  }
  if (!givenNames.has(lower[0]!) || ambiguousNames.has(lower[0]!)) return false
  return evidence && spans.some(({ initial }) => !initial)
}

/** "Joe Rogan Experience": the capitalised words go on with a thing. */
const followedByThing = ({ sentence, to }: NameSpan): boolean =>
  /^(?:inc|llc|corp|corporation|university|college|foundation|institute|award|prize|street|show|podcast|method|theorem|law|effect|conference|hospital|school|center|centre)$/.test(
    sentence.tokens[to]?.lower ?? '',
  )

/** He, she or a human word in its sentence or the next. */
const hasHuman = ({ sentences }: Analysis, { sentence }: NameSpan): boolean =>
  /\b(?:he|she|him|her|his|guy|woman|man|who|said|wrote|author|named|friend|professor|dr)\b/i.test(
    `${sentence.text} ${sentences[sentence.index + 1]?.text ?? ''}`,
  )
