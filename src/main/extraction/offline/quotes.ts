import type { Analysis } from './analysis.ts'
import { quotation } from './markdown.ts'
import { createReader, type Passage, type Reader, withoutOpening } from './passages.ts'
import type { Recipe } from './recipe.ts'

const contrast =
  /\b(?:not (?:because|the|a|an|about|just|only|what|to)\b.{2,60}\b(?:but|it's|it is)|isn't .{2,50}(?:it's|it is|but)|rather than|instead of|as opposed to|the difference between|on the one hand|no longer|more \w+ than|less \w+ than|better than|worse than|the opposite|until you|unless you|but (?:it|you|we|they|the|if|when|in)\b|whether or not|even (?:if|though|when))\b/gi
const strong =
  /\b(?:always|never|every(?:one|body|thing)?|nobody|no one|nothing|impossible|hardest|hard|biggest|best|worst|greatest|most (?:important|dangerous|powerful|valuable|people|of us)|only way|the (?:secret|trick|truth|lesson|point|real|problem|key|whole|hardest|danger|beauty|magic|art)|matters?|failure|fail(?:ed|s)?|succe\w+|trust|power(?:ful)?|fear|afraid|love|hate|die|dead|death|alive|free(?:dom)?|human|truth|lie|wrong|mistakes?|beautiful|terrible|dangerous|courage|regret|proud|promise|believe in|learned|learn|realized|forever|future|change[sd]?|meaning|life|lives|the world|worth|care|simple|complex\w*|painful?|joy|hope|responsib\w+|power|risk|price|cost)\b/gi
const image =
  /\b(?:like (?:a|an|the|having|being|trying|when|building|playing|going)\b|as if|as though|imagine|it's (?:like|as)|is (?:a|an) \w+|are (?:a|an|the) |metaphor|analogy|in other words|the \w+ of the)\b/gi
const advice =
  /\b(?:you (?:can't|cannot|can|should|shouldn't|need|must|have to|don't|never|will|want to)|if you|when you|once you|don't)\b/gi
const vague =
  /\b(?:thing|things|stuff|something|some|whatever|somewhere|somehow|lot of|lots of|bunch|and so on|etc)\b/gi
const dull =
  /\b(?:i was (?:just )?(?:gonna|going to)|i(?:'m| am) (?:going|gonna)|let's|we(?:'re| are) (?:going|gonna)|i remember|i've heard|i just|i saw|he said|she said|said to|was like|were like|talk about|talking about|tell (?:us|me)|ask(?:ed|ing)? (?:you|me|that)|you (?:mentioned|said|asked)|this conversation|we've (?:been|got)|(?:january|february|march|april|june|july|august|september|october|november|december)|version \d|percent of|\d{3,})\b/gi

interface Candidate {
  readonly passage: Passage
  readonly score: number
}

/** Verbatim, whole, able to stand alone, and strong. */
export const quotes: Recipe = (analysis) => {
  const wanted = Math.min(24, Math.max(analysis.words < 400 ? 1 : 3, Math.round(analysis.hours * 10)))
  const reader = createReader(analysis)
  const candidates = analysis.sentences.flatMap((sentence) => {
    const passages = reader.passagesFrom(sentence, { most: 3, words: 60, leaning: 0.9 })
    return passages
      .filter(({ words }) => words >= 8)
      .map((passage) => ({ passage, score: scoreOf(analysis, reader, passage) }))
  })
  const picked = pick(analysis, candidates, wanted)
  if (picked.length === 0) return null
  const parts = picked.map(({ passage }) => quotation(withoutOpening(passage, false), passage.sentences[0]!))
  return { markdown: parts.join('\n\n'), itemCount: parts.length }
}

const hits = (text: string, pattern: RegExp, most: number): number => Math.min(most, text.match(pattern)?.length ?? 0)

function scoreOf(analysis: Analysis, reader: Reader, passage: Passage): number {
  const { text, words, sentences, standing } = passage
  const standings = sentences.map((sentence) => reader.standing(sentence))
  const worstFiller = Math.max(...standings.map(({ filler }) => filler))
  if (worstFiller > 0.16) return 0
  // A second sentence may lean on the first; one that leans for another reason spoils the end.
  const later = standings.slice(1).reduce((sum, { leaning }) => sum + Math.max(0, leaning - 1), 0)
  const content = new Set(sentences.flatMap((sentence) => analysis.terms.contentOf(sentence)))
  const topical = [...content].reduce((sum, lemma) => sum + analysis.terms.weightOfLemma(lemma), 0) / (content.size + 4)
  const force =
    1 +
    0.55 * hits(text, contrast, 2) +
    0.3 * hits(text, strong, 4) +
    0.35 * hits(text, image, 2) +
    0.25 * hits(text, advice, 2) +
    0.5 * topical -
    0.3 * hits(text, vague, 3) -
    0.6 * hits(text, dull, 2)
  const length = words < 10 ? 0.75 : words <= 38 ? 1 : 1 - (words - 38) * 0.012
  const opening = standing.opening > 0 && withoutOpening(passage, false) === text ? 0.72 : 1
  const perSentence = sentences.length === 1 ? 1 : sentences.length === 2 ? 0.95 : 0.85
  return (
    Math.max(0, force) *
    length *
    opening *
    perSentence *
    Math.exp(-9 * worstFiller) *
    (1 - 0.45 * standing.leaning) *
    Math.max(0.3, 1 - 0.3 * later)
  )
}

function pick(analysis: Analysis, candidates: readonly Candidate[], wanted: number): Candidate[] {
  const sorted = candidates.filter(({ score }) => score > 0.8).sort((left, right) => right.score - left.score)
  const parts = Math.max(1, Math.ceil(wanted / 3))
  const partOf = ({ passage }: Candidate): number =>
    Math.floor((passage.sentences[0]!.index * parts) / Math.max(1, analysis.sentences.length))
  const filled = new Map<number, number>()
  const taken = new Set<number>()
  const said = new Set<string>()
  const picked: Candidate[] = []
  for (const candidate of sorted) {
    if (picked.length >= wanted) break
    const words = candidate.passage.text.toLowerCase()
    if ((filled.get(partOf(candidate)) ?? 0) >= 4 || said.has(words)) continue
    if (candidate.passage.sentences.some(({ index }) => taken.has(index))) continue
    picked.push(candidate)
    said.add(words)
    filled.set(partOf(candidate), (filled.get(partOf(candidate)) ?? 0) + 1)
    for (const { index } of candidate.passage.sentences)
      taken
        .add(index)
        .add(index - 1)
        .add(index + 1)
  }
  return picked.sort((left, right) => left.passage.sentences[0]!.index - right.passage.sentences[0]!.index)
}
