import type { Analysis } from './analysis.ts'
import { bestEvidence, shown } from './evidence.ts'
import { mention, noneFound, text } from './markdown.ts'
import { dictionaryOfNames, groupNames, type NameSpan, namesOf } from './names.ts'
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
  /\b(?:named|name (?:is|was)|names (?:are|were)|by|together with|friend|colleague|author|professor|founder|co-?founder|ceo|cto|engineer|scientist|artist|writer|poet|painter|composer|philosopher|psychologist|historian|maintainer|creator|developer|inventor|director|teacher|doctor|nurse|student|chef|king|queen|wife|husband|brother|sister|mother|father|daughter|son|uncle|aunt|dr|mr|mrs|ms|prof)\.?,? $/i
const after =
  /^(?:['’]s)?,? (?:who|said|says|wrote|writes|told|tells|asked|asks|thinks|thought|believed|believes|invented|created|founded|built|made|developed|argued|argues|taught|discovered|used to|called|talks|talked|started|came up|works|worked|once|has a|had a|had the|was a|is a|is an|is my|was my|wanted|did|does|gave|published|showed|describes?|described|joined|died|fell|came|went|has (?:this|an|written|been)|my (?:\w+ )?(?:friend|colleague|co-?founder|teacher|teammate)|(?:the|a|an|our|her|his) (?:\w+ ){0,2}(?:author|founder|engineer|scientist|artist|writer|poet|painter|philosopher|psychologist|historian|maintainer|creator|inventor|director|teacher|doctor|professor|auditor|keeper|superintendent|ceo|cto)|and (?:the|his|her) team)\b|^['’]s (?:book|work|paper|talk|theory|idea|research|wife|husband|mother|father|team|quote|conclusion|letter|diary|recipe)\b/i
/** "Sasha Rush from Hugging Face" */
const ofSomewhere = /^,? (?:from|of) (?:the )?\p{Lu}/u
/** "The CEO of New Relic, Lew Cirne" */
const byRole =
  /\b(?:ceo|cto|author|authors|founders?|creators?|maintainers?|members?|head|director|president|inventors?|editor|winner|captain|leader|owner)s? (?:of|at) [^,.;]{2,40}, $/i
/** What follows the name is what only people do. */
const acts = (sentence: string, name: string): boolean => {
  const at = sentence.indexOf(name)
  return (
    at >= 0 &&
    /^ (?:has (?:written|said|argued|shown)|who|said|says|wrote|writes|told|asked|thinks|thought|believed|argued|argues|taught|once)\b/.test(
      sentence.slice(at + name.length),
    )
  )
}
const personal = (sentence: string, name: string): boolean => {
  for (let at = sentence.indexOf(name); at >= 0; at = sentence.indexOf(name, at + 1)) {
    const rest = sentence.slice(at + name.length, at + name.length + 40)
    if (before.test(sentence.slice(Math.max(0, at - 30), at)) || after.test(rest)) return true
    if (ofSomewhere.test(rest) || byRole.test(sentence.slice(Math.max(0, at - 70), at))) return true
  }
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
  foldVariants(people)
  return [...people.values()].sort((left, right) => left.spans[0]!.sentence.index - right.spans[0]!.sentence.index)
}

/** "Derek Parker" and "Derek Parka" are one, as it was first written: who transcribes writes by ear. */
function foldVariants(people: Map<string, { name: string; spans: NameSpan[] }>): void {
  const known: { given: string; family: string; spans: NameSpan[] }[] = []
  const near = (left: readonly NameSpan[], right: readonly NameSpan[]): boolean =>
    left.some((one) => right.some((other) => Math.abs(one.sentence.index - other.sentence.index) < 15))
  for (const [key, { spans }] of people) {
    const [given, ...rest] = key.split(' ')
    const family = rest.join(' ')
    if (given === undefined || family.length < 4) continue
    const same = known.find(
      (other) => other.given === given && nearlyAlike(other.family, family) && near(other.spans, spans),
    )
    if (same) {
      same.spans.push(...spans)
      people.delete(key)
    } else known.push({ given, family, spans })
  }
}

function nearlyAlike(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 2) return false
  let start = 0
  while (start < left.length && left[start] === right[start]) start += 1
  return start >= 3 && Math.max(left.length, right.length) - start <= 3
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
    if (givenNames.has(lower[0]!))
      return ambiguousNames.has(lower[0]!) ? evidence || spans.some((span) => hasHuman(analysis, span)) : true
    if (words.length > 3 || words.some((word) => word.length < 2) || spans.some(inPlace)) return false
    const dictionary = analysis.once(dictionaryOfNames)
    const coined = !dictionary.has(lower[0]!)
    if (coined && spans.some(({ sentence }) => acts(sentence.text, plain))) return true
    return spans.some((span) => hasHuman(analysis, span)) && (evidence || (coined && spans.some(nearPronoun(analysis))))
  }
  if (!givenNames.has(lower[0]!) || ambiguousNames.has(lower[0]!)) return false
  return spans.some(({ initial }) => !initial) && (evidence || spans.some(nearPronoun(analysis)))
}

/** "at Lime Rock", "in Fair Isle": a place. */
const inPlace = ({ sentence, from }: NameSpan): boolean =>
  /^(?:in|at|on|near|off|into|around|across|through|outside)$/.test(sentence.tokens[from - 1]?.lower ?? '')

/** He or she begins the next sentence, or stands soon after the name. */
const nearPronoun =
  ({ sentences }: Analysis) =>
  ({ sentence, to }: NameSpan): boolean => {
    const rest = sentence.text.slice(sentence.tokens[to - 1]!.end)
    if (/^.{0,60}\b(?:he|she|his|her|himself|herself)\b/.test(rest)) return true
    const next = sentences[sentence.index + 1]
    return next !== undefined && /^(?:\w+ ){0,3}(?:he|she|his|her)\b/i.test(next.text) && rest.length < 60
  }

/** "Joe Rogan Experience": the capitalised words go on with a thing. */
const followedByThing = ({ sentence, to }: NameSpan): boolean =>
  /^(?:inc|llc|corp|corporation|board|university|college|foundation|institute|award|prize|street|show|podcast|method|theorem|law|effect|conference|hospital|school|center|centre)$/.test(
    sentence.tokens[to]?.lower ?? '',
  )

/** He, she or a human word in its sentence or the next. */
const hasHuman = ({ sentences }: Analysis, { sentence }: NameSpan): boolean =>
  /\b(?:he|she|him|her|his|guy|woman|man|who|said|wrote|author|named|friend|professor|dr)\b/i.test(
    `${sentence.text} ${sentences[sentence.index + 1]?.text ?? ''}`,
  )
