import type { Analysis, Sentence } from './analysis.ts'
import { noneFound, quotation } from './markdown.ts'
import { participantsOf } from './participants.ts'
import { createReader, type Passage, type Reader, withoutOpening } from './passages.ts'
import type { Recipe } from './recipe.ts'
import { speakerWeights } from './speakers.ts'
import type { Token } from './tagger.ts'

const contrast =
  /\b(?:\w+, (?:and )?not (?:(?:a|an|the|my|your|our|their|in|on|for|with|from|by|because|just|to) )?\w+|not (?:because|the|a|an|about|just|only|what|to)\b.{2,60}\b(?:but|it's|it is)|(?:isn't|wasn't|is not|was not|don't|doesn't|do not|did not|didn't) .{2,60}(?:\bit's|\bit is|, but|\bbut\b|\bthey\b)|rather than|instead of|as opposed to|the difference between|no longer|(?:more|less|better|worse|cheaper|easier|harder|faster|slower) (?:\w+ )?than|the opposite|until you|unless you|whether or not|even (?:if|though)|on the other hand|the (?:more|less|better|harder) .{3,40} the (?:more|less|better|harder))\b/gi
const strong =
  /\b(?:always|never|every(?:one|body|thing)?|nobody|no one|nothing|impossible|hardest|biggest|best|worst|greatest|most (?:important|dangerous|powerful|valuable|people|of us)|only way|the only|the (?:secret|trick|truth|lesson|point|real|problem|key|hardest|danger|beauty|magic|art|reason|goal)|matters?|failure|fail(?:ed|s|ing)?|success\w*|trust|powerful|fear|afraid|loved?|hated?|die[sd]?|dead|death|alive|freedom|human|truth|wrong|mistakes?|beautiful|terrible|dangerous|courage|regret|proud|promise|believe in|learned|realized|realised|forever|meaning|worth|care|painful?|joy|hope|responsib\w+|risk|price|cost|surviv\w+|forgive|crazy|obsess\w*|weird|simple)\b/gi
const image =
  /\b(?:like (?:a|an|having|being|trying|building|playing|putting|throwing|driving)\b|as if|as though|think of (?:it|this|that|them) (?:as|like)|metaphor\w*|analogy|in other words|is the \w+ of)\b/gi
const general =
  /\b(?:you (?:can't|cannot|can|should|shouldn't|need|must|have to|don't|never|will)|if you|when you|once you|people (?:are|who|don't|think|want|need|will|have|always|often)|we (?:all|need|have to|tend|don't)|most people|(?:is|are) (?:really |actually |basically |just |not )?(?:a|an|the) )\b/gi
const confession =
  /\b(?:i (?:was|got) (?:\w+ )?(?:wrong|afraid|scared|terrified|shocked|surprised)|i (?:love|hate|believe|learned|realized|realised|regret|wish|used to|get (?:really )?(?:irritated|excited|angry))|my (?:biggest|greatest|favorite|favourite|philosophy|policy|rule|goal|job is))\b/gi
const vague =
  /\b(?:things?|stuff|something|some|whatever|somewhere|somehow|lots? of|bunch|and so on|etc|that kind|this kind|in terms of|as far as|at the end of the day|that sort|pretty much|gonna|gotta|wanna)\b/gi
const dull =
  /\b(?:i was (?:just )?(?:gonna|going|looking|talking|thinking|trying)|i(?:'m| am) (?:going|gonna|looking|curious)|let's|we(?:'re| are) (?:going|gonna|talking)|i was recently|i(?:'m| am) always|i assume|i guess|i don't even|shoot,|i (?:remember|know|saw|heard|mentioned|mention)|i've (?:heard|seen|got|been)|i do(?:n't)? (?:know|have to say|remember)|i just|he said|she said|said to|talk(?:ed|ing)? (?:about|to)|tell (?:us|me)|ask(?:ed|ing)? (?:you|me|that)|you (?:mentioned|said|asked|guys|are right|were)|this conversation|the (?:following|above|next) |(?:january|february|march|april|june|july|august|september|october|november|december)|version \d|\d{4}|there(?:'s| is| are| was| were) (?:a|an|some|one|two|lots|many|definitely|probably)|for example|for instance|right now|at the moment|these days|at some point|the (?:first|second|third|last|next|other) (?:one|thing|time)|check (?:it|that|them|us|out)|learned that from|from this|i would recommend|my co-?host|this (?:website|site|article|book|tool|thing|idea) called)\b/gi

/** Two halves that answer each other: "if everything is special, nothing is special". */
function echoes(tokens: readonly Token[]): number {
  const seen = new Map<string, number>()
  let clause = 0
  let found = 0
  for (const { lemma, pos, text } of tokens) {
    if (/^[.,;:–—-]$/.test(text) || lemma === 'but' || lemma === 'than') clause += 1
    if (!/^(?:NOUN|ADJ|VERB|ADV)$/.test(pos) || lemma.length < 4 || everyday.has(lemma)) continue
    const before = seen.get(lemma)
    if (before !== undefined && before !== clause) found += 1
    else seen.set(lemma, clause)
  }
  return found
}
const everyday = new Set(
  'thing people time really just that have make going know think need want like would could should there where then very much many more most some something always never actually even still well'.split(
    ' ',
  ),
)

interface Candidate {
  readonly passage: Passage
  readonly score: number
}

/** "A silent ward is not a safe ward. It is a ward in which …" */
const denies = /\b(?:is|are|was|were) not\b|\b(?:isn't|aren't|wasn't|weren't)\b/i
const affirms = /^(?:it(?:'s| is| was)|they(?:'re| are| were)) (?!not\b)/i
/** "A light is a promise", "Every story needs …": said of a kind, not of one. */
const generic =
  /^(?:an?|every|no|any) (?:[\w'’-]+ ){1,7}(?:is|are|has|needs|takes|makes|costs|means|lives|never|always|can|will|separates)\b/i
/** In the present tense, about no one in particular. */
const maxim =
  /^(?!.*\b(?:i|i'm|i've|i'd|my|me|we|we're|our|was|were|had|did)\b).*\b(?:is|are|can't|cannot|never|always|needs?|takes?|makes?|comes?|costs?|means?)\b/i
const personalStory =
  /\b(?:my (?:wife|husband|kids?|daughter|son|mom|mother|dad|grandmother|grandparents|boss|house|favou?rite)|when i was|last (?:week|month|year|time)|a few (?:weeks|months|years) (?:ago|back)|yesterday|i bought|i went|i had|i got|i used)\b/i

/** Verbatim, whole, able to stand alone, and strong. */
export const quotes: Recipe = (analysis) => {
  const wanted = Math.min(
    24,
    Math.max(
      analysis.words < 400 ? 1 : 3,
      Math.min(8, Math.round(analysis.words / 500)),
      Math.round(analysis.hours * 10),
    ),
  )
  const reader = analysis.once(createReader)
  const counts: Counts = new Map()
  const candidates = analysis.sentences.flatMap((sentence) => {
    const passages = reader.passagesFrom(sentence, { most: 3, words: 60, leaning: 0.6 })
    return passages
      .filter(({ words }) => words >= 8)
      .map((passage) => ({ passage, score: scoreOf(analysis, reader, passage, counts) }))
  })
  const picked = pick(analysis, candidates, wanted)
  if (picked.length === 0) return { markdown: noneFound, itemCount: 0 }
  const parts = picked.map(({ passage }) => quotation(withoutOpening(passage, false), passage.sentences[0]!))
  return { markdown: parts.join('\n\n'), itemCount: parts.length }
}

/** Below this nobody would write it down. */
const leastScore = 1
/** Outside English little can be told of a sentence. */
const leastAbroad = 0.5
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** What is counted in a sentence, in the order of `weights`: how much each hit adds, and how many count in a passage. */
const weights: readonly { readonly pattern: RegExp; readonly weight: number; readonly most: number }[] = [
  { pattern: contrast, weight: 0.55, most: 2 },
  { pattern: strong, weight: 0.3, most: 4 },
  { pattern: image, weight: 0.45, most: 2 },
  { pattern: general, weight: 0.25, most: 2 },
  { pattern: confession, weight: 0.35, most: 1 },
  { pattern: vague, weight: -0.22, most: 4 },
  { pattern: dull, weight: -0.45, most: 3 },
  { pattern: /\d+/g, weight: -0.2, most: 3 },
]
type Counts = Map<number, readonly number[]>

function countsOf(counts: Counts, { index, text }: Sentence): readonly number[] {
  const known = counts.get(index)
  if (known) return known
  const made = weights.map(({ pattern }) => count(text, pattern))
  counts.set(index, made)
  return made
}

function scoreOf(analysis: Analysis, reader: Reader, passage: Passage, counts: Counts): number {
  const { text, words, sentences, standing } = passage
  const standings = sentences.map((sentence) => reader.standing(sentence))
  const worstFiller = Math.max(...standings.map(({ filler }) => filler))
  if (worstFiller > 0.14) return 0
  // A second sentence may lean on the first; one that leans for another reason spoils the end.
  const answered = sentences.length === 2 && denies.test(sentences[0]!.text) && affirms.test(sentences[1]!.text)
  const later = answered ? 0 : standings.slice(1).reduce((sum, { leaning }) => sum + Math.max(0, leaning - 1), 0)
  const length = words < 10 ? 0.8 : words <= 34 ? 1 : 1 - (words - 34) * 0.014
  const opening = standing.opening > 0 && withoutOpening(passage, false) === text ? 0.6 : 1
  // Each sentence more must add as much as the first gave.
  const perSentence = sentences.length === 1 ? 1 : sentences.length === 2 ? 0.82 : 0.66
  const frame =
    length *
    opening *
    perSentence *
    Math.exp(-9 * worstFiller) *
    (1 - 0.45 * standing.leaning) *
    Math.max(0.3, 1 - 0.4 * later) *
    analysis.once(speakerWeights)(sentences[0]!.speaker)
  const counted = sentences.map((sentence) => countsOf(counts, sentence))
  const said = weights.reduce(
    (sum, { weight, most }, at) =>
      sum +
      weight *
        Math.min(
          most,
          counted.reduce((all, one) => all + one[at]!, 0),
        ),
    0.7,
  )
  // What is left to look at adds no more than 1.7.
  if ((said + 1.7) * frame < leastAbroad) return 0
  const tokens = sentences.flatMap((sentence) => sentence.tokens)
  const content = new Set(sentences.flatMap((sentence) => analysis.terms.contentOf(sentence)))
  let topical = 0
  for (const lemma of content) topical += analysis.terms.weightOfLemma(lemma)
  const { nameWords } = analysis.once(participantsOf)
  const force =
    said +
    0.35 * Math.min(2, echoes(tokens)) +
    (words <= 26 && maxim.test(text) ? 0.3 : 0) +
    (generic.test(text) ? 0.4 : 0) +
    (answered ? 0.5 : 0) -
    (/^there (?:is|are|was|were)\b/i.test(text) ? 0.3 : 0) +
    0.2 * Math.min(1.5, topical / (content.size + 4)) -
    (personalStory.test(text) ? 0.35 : 0) -
    0.2 * tokens.filter(({ pos, start }) => pos === 'PROPN' && start > 0).length -
    0.25 * Math.max(0, text.split(/[,;:]| - /).length - 4) -
    (tokens.some(({ lower, text: word }) => nameWords.has(lower) && word !== lower) ? 0.8 : 0) -
    (/^["“]/.test(text) ? 0.4 : 0)
  return Math.max(0, force) * frame
}

function pick(analysis: Analysis, candidates: readonly Candidate[], wanted: number): Candidate[] {
  const sorted = candidates
    .filter(({ score }) => score > (analysis.language.isEnglish ? leastScore : leastAbroad))
    .sort((left, right) => right.score - left.score)
  const parts = Math.max(1, Math.ceil(wanted / 3))
  const partOf = ({ passage }: Candidate): number =>
    Math.floor((passage.sentences[0]!.index * parts) / Math.max(1, analysis.sentences.length))
  const filled = new Map<number, number>()
  const taken = new Set<number>()
  const picked: Candidate[] = []
  const said: ReadonlySet<string>[] = []
  for (const candidate of sorted) {
    if (picked.length >= wanted) break
    if ((filled.get(partOf(candidate)) ?? 0) >= 4) continue
    if (candidate.passage.sentences.some(({ index }) => taken.has(index))) continue
    const words = new Set(candidate.passage.text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [])
    if (said.some((other) => alike(words, other))) continue
    picked.push(candidate)
    said.push(words)
    filled.set(partOf(candidate), (filled.get(partOf(candidate)) ?? 0) + 1)
    for (const { index } of candidate.passage.sentences)
      taken
        .add(index)
        .add(index - 1)
        .add(index + 1)
  }
  return picked.sort((left, right) => left.passage.sentences[0]!.index - right.passage.sentences[0]!.index)
}

/** Most words of the shorter one are in the other too: the same thing said again. */
function alike(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  const [fewer, more] = left.size < right.size ? [left, right] : [right, left]
  let shared = 0
  for (const word of fewer) if (more.has(word)) shared += 1
  return shared > fewer.size * 0.7
}
