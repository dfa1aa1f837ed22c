import type { Analysis, Sentence } from './analysis.ts'
import { text, timed } from './markdown.ts'
import { participantsOf } from './participants.ts'
import { createReader, type Passage, withoutOpening } from './passages.ts'
import type { Recipe } from './recipe.ts'
import { createSentenceSplitter } from './sentences.ts'
import { speakerWeights } from './speakers.ts'

const claim =
  /\b(?:because|the reason|the (?:key|point|trick|problem|challenge|goal|idea|difference|secret|lesson|truth|hard(?:est)? part|main|whole point|biggest|best|worst|most)|what (?:i|we|you) (?:learned|realized|realised|found|discovered|noticed)|(?:turns|turned) out|we (?:found|learned|realized|realised|discovered|decided|built|started)|means that|in order to|that's why|which is why|instead of|rather than|as opposed to|not only|the more|if you|when you|you (?:can|can't|cannot|should|need|have to)|important|essential|responsible|depends on|designed|allows?|problem|solution|therefore|result|caused?|leads? to|in other words|essentially|argument|should|too much|not enough|far more|no longer|the first time|the only)\b/gi

/** Says what something is. */
const says =
  /^(?:\w+,? )?(?:an?|the|our|my|your|every|\p{Lu}[\w-]*)(?: [\w'’-]+){0,4} (?:is|are|means) (?:an?|the|not|when|where|only|really an?|simply an?)\b/u

interface Candidate {
  readonly passage: Passage
  readonly score: number
  readonly content: ReadonlySet<string>
}

/** The salient sentences in the order they were said. */
export const summary: Recipe = (analysis) => {
  const chapters = new Set(analysis.sentences.map(({ chapter }) => chapter)).size
  const byChapter = Math.min(chapters * 2, Math.round(analysis.words / 160))
  const wanted = Math.min(40, Math.max(analysis.words < 400 ? 2 : 4, Math.round(analysis.hours * 12), byChapter))
  const standing = pick(analysis, candidatesOf(analysis, 0.95), wanted)
  // A short talk may have no sentence that stands by itself: then those that lean least.
  const picked = standing.length > 0 ? standing : pick(analysis, candidatesOf(analysis, 4), Math.min(wanted, 4))
  const lead = leadOf(analysis)
  const body = picked.length > 0 ? write(analysis, picked) : ['No sentence of this transcript can stand for the rest.']
  return { markdown: [...(lead === null ? [] : [text(lead)]), ...body].join('\n\n'), itemCount: null }
}

const self = new Set(['i', "i'm", "i've", "i'd", 'me', 'my'])

function candidatesOf(analysis: Analysis, leaning: number): Candidate[] {
  const reader = analysis.once(createReader)
  const traits = traitsReader(analysis)
  const weightOfSpeaker = analysis.once(speakerWeights)
  return analysis.sentences.flatMap((sentence) => {
    const limits = { most: 2, words: 60, leaning }
    const passages = reader.passagesFrom(sentence, limits).filter(({ words }) => words >= 9)
    return passages.map((passage) => {
      const [first, second] = passage.sentences.map((part) => traits(part))
      const content = second ? new Set([...first!.content, ...second.content]) : first!.content
      const weight = second ? weigh(analysis, content) : first!.weight
      const added = second ? second.weight / Math.max(0.1, weight) : 0.5
      const claims = Math.min(2, first!.claims + (second?.claims ?? 0))
      const fillers = second ? (first!.filler + second.filler) / 2 : first!.filler
      const personal = first!.personal + (second?.personal ?? 0)
      const score =
        (weight / Math.sqrt(content.size + 6)) *
        (1 + 0.18 * claims) *
        weightOfSpeaker(sentence.speaker) *
        (first!.addressed || second?.addressed ? 0.5 : 1) *
        (added < 0.3 ? 0.6 : 1) *
        Math.exp(-5 * fillers) *
        (first!.quoted || second?.quoted ? 0.8 : 1) *
        (first!.says ? 1.15 : 1) *
        (1 - 0.38 * passage.standing.leaning) *
        (1 - 0.05 * Math.min(2, second?.leaning ?? 0)) *
        (passage.words < 14 ? 0.75 : passage.words > 48 ? 0.85 : 1) *
        (second ? 0.82 : 1) *
        (1 - Math.min(0.3, 0.07 * personal))
      return { passage, score, content }
    })
  })
}

const weigh = (analysis: Analysis, content: Iterable<string>): number => {
  let sum = 0
  for (const lemma of content) sum += analysis.terms.weightOfLemma(lemma)
  return sum
}

interface Traits {
  readonly content: ReadonlySet<string>
  readonly weight: number
  readonly claims: number
  readonly filler: number
  readonly leaning: number
  /** How often the speaker says I. */
  readonly personal: number
  /** Speaks to one of those who take part, by name. */
  readonly addressed: boolean
  readonly quoted: boolean
  readonly says: boolean
}

/** What counts for a sentence, found once though it stands in several passages. */
function traitsReader(analysis: Analysis): (sentence: Sentence) => Traits {
  const reader = analysis.once(createReader)
  const { nameWords } = analysis.once(participantsOf)
  const known = new Map<number, Traits>()
  return (sentence) => {
    const before = known.get(sentence.index)
    if (before) return before
    const { text: words, tokens } = sentence
    const content = new Set(analysis.terms.contentOf(sentence))
    const { filler, leaning } = reader.standing(sentence)
    const traits: Traits = {
      content,
      weight: weigh(analysis, content),
      claims: words.match(claim)?.length ?? 0,
      filler,
      leaning,
      personal: tokens.reduce((sum, { lower }) => sum + (self.has(lower) ? 1 : 0), 0),
      addressed: tokens.some(({ lower, text: word }) => nameWords.has(lower) && word !== lower),
      quoted: /["“]/.test(words),
      says: says.test(words),
    }
    known.set(sentence.index, traits)
    return traits
  }
}

/** Maximal marginal relevance, with room for every part of the talk. */
function pick(analysis: Analysis, candidates: readonly Candidate[], wanted: number): Candidate[] {
  const sectionOf = sections(analysis, wanted)
  const words = new Map<number, number>()
  for (const sentence of analysis.sentences)
    if (!analysis.noise.has(sentence.index))
      words.set(sectionOf(sentence), (words.get(sectionOf(sentence)) ?? 0) + sentence.words)
  const total = [...words.values()].reduce((sum, count) => sum + count, 0)
  const roomOf = (section: number): number => Math.max(1, Math.round((wanted * (words.get(section) ?? 0)) / total))
  const room = new Map([...words.keys()].map((section) => [section, roomOf(section)]))
  const best = candidates.reduce((most, { score }) => Math.max(most, score), 0)
  const least = new Set<Candidate>()
  // Each chapter is heard, also one whose best sentence is weaker than others' third.
  for (const section of room.keys()) {
    const own = candidates.filter(({ passage, score }) => score > 0 && sectionOf(passage.sentences[0]!) === section)
    if (own.length > 0) least.add(own.reduce((most, other) => (other.score > most.score ? other : most)))
  }
  const sorted = candidates
    .filter((candidate) => candidate.score > best * 0.38 || least.has(candidate))
    .sort((left, right) => right.score - left.score)
    .filter((candidate, at) => at < wanted * 15 || least.has(candidate))
  const picked: Candidate[] = []
  const covered = new Set<number>()
  // How near each candidate is to what is already picked, kept up as the picks are made.
  const nearest = new Map<Candidate, number>()
  while (picked.length < wanted) {
    let chosen: Candidate | null = null
    let chosenScore = 0
    for (const candidate of sorted) {
      if (candidate.score <= chosenScore) break
      if ((room.get(sectionOf(candidate.passage.sentences[0]!)) ?? 0) <= 0) continue
      if (candidate.passage.sentences.some(({ index }) => covered.has(index))) continue
      const score = candidate.score * (1 - 0.8 * (nearest.get(candidate) ?? 0))
      if (score > chosenScore) [chosen, chosenScore] = [candidate, score]
    }
    if (chosen === null) break
    picked.push(chosen)
    for (const candidate of sorted)
      nearest.set(candidate, Math.max(nearest.get(candidate) ?? 0, overlap(candidate.content, chosen.content)))
    const section = sectionOf(chosen.passage.sentences[0]!)
    room.set(section, (room.get(section) ?? 1) - 1)
    for (const { index } of chosen.passage.sentences)
      covered
        .add(index)
        .add(index - 1)
        .add(index + 1)
  }
  return picked.sort((left, right) => left.passage.sentences[0]!.index - right.passage.sentences[0]!.index)
}

/** Chapters where there are some, else parts of equal length. */
function sections(analysis: Analysis, wanted: number): (sentence: Sentence) => number {
  const chaptered = analysis.sentences.some(({ chapter }) => chapter !== null)
  if (chaptered) return ({ chapter }) => chapter ?? -1
  const count = Math.max(1, Math.ceil(wanted / 2))
  return ({ index }) => Math.floor((index * count) / Math.max(1, analysis.sentences.length))
}

function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let shared = 0
  for (const lemma of left) if (right.has(lemma)) shared += 1
  return shared / Math.sqrt(Math.max(1, left.size) * Math.max(1, right.size))
}

function write(analysis: Analysis, picked: readonly Candidate[]): string[] {
  const speakers = new Set(analysis.turns.map(({ speaker }) => speaker))
  const lines: string[] = []
  let chapter: number | null = null
  let speaker: string | null = null
  for (const { passage } of picked) {
    const first = passage.sentences[0]!
    if (first.chapter !== chapter && first.chapter !== null) {
      lines.push(`### ${text(analysis.input.chapters[first.chapter]?.title ?? '') || 'Chapter'}`)
      speaker = null
    }
    chapter = first.chapter
    const names = speakers.size > 1 && first.speaker !== null && first.speaker !== speaker
    speaker = first.speaker
    const body = timed(text(withoutOpening(passage, true)), first.startSeconds)
    lines.push(names ? `**${text(first.speaker ?? '')}:** ${body}` : body)
  }
  return lines
}

const notProse =
  /https?:|www\.|\b(?:subscribe|sponsor\w*|patreon|support (?:us|the)|follow|join (?:us|our|the)|learn more|click|privacy|advert\w*|promo|discount|sign up|newsletter|transcript|show notes|leave a|review|copyright|recorded|produced by|music by)\b|@\w|[|•►▶#]/i

/** The first sentences of the publisher's description, when it is prose about this episode. */
function leadOf({ input, language }: Analysis): string | null {
  const description = input.descriptionText?.slice(0, 4_000).replace(/[ \t]+/g, ' ') ?? ''
  const split = createSentenceSplitter(language.code === 'und' ? 'en' : language.code)
  const paragraph = description
    .split(/\n+/)
    .map((line) => line.trim())
    .find((line) => line.split(' ').length >= 8)
  if (!paragraph) return null
  const sentences = split(paragraph).map(({ start, end }) => paragraph.slice(start, end))
  const prose: string[] = []
  for (const sentence of sentences.slice(0, 2)) {
    const words = sentence.split(' ').length
    if (words < 5 || words > 60 || !/[.!?]["”’)]*$/.test(sentence) || notProse.test(sentence)) break
    prose.push(sentence)
  }
  return prose.length > 0 && prose.join(' ').split(' ').length >= 8 ? prose.join(' ') : null
}
