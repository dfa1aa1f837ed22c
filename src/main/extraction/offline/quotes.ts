import type { Analysis } from './analysis.ts'
import { noneFound, quotation } from './markdown.ts'
import { participantsOf } from './participants.ts'
import { createReader, type Passage, type Reader, withoutOpening } from './passages.ts'
import type { Recipe } from './recipe.ts'
import { speakerWeights } from './speakers.ts'

const contrast =
  /\b(?:not (?:because|the|a|an|about|just|only|what|to)\b.{2,60}\b(?:but|it's|it is)|(?:isn't|wasn't|is not|was not|don't|doesn't|do not|did not|didn't) .{2,60}(?:\bit's|\bit is|, but|\bbut\b|\bthey\b)|rather than|instead of|as opposed to|the difference between|no longer|(?:more|less|better|worse|cheaper|easier|harder|faster|slower) (?:\w+ )?than|the opposite|until you|unless you|whether or not|even (?:if|though)|on the other hand|the (?:more|less|better|harder) .{3,40} the (?:more|less|better|harder))\b/gi
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
  /\b(?:i was (?:just )?(?:gonna|going|looking|talking|thinking|trying)|i(?:'m| am) (?:going|gonna|looking|curious)|let's|we(?:'re| are) (?:going|gonna|talking)|i was recently|i(?:'m| am) always|i don't even|shoot,|i (?:remember|know|saw|heard|mentioned|mention)|i've (?:heard|seen|got|been)|i do(?:n't)? (?:know|have to say|remember)|i just|he said|she said|said to|talk(?:ed|ing)? (?:about|to)|tell (?:us|me)|ask(?:ed|ing)? (?:you|me|that)|you (?:mentioned|said|asked|guys|are right|were)|this conversation|the (?:following|above|next) |(?:january|february|march|april|june|july|august|september|october|november|december)|version \d|\d{4}|there(?:'s| is| are| were) (?:a|an|some|one|two|lots|many|definitely|probably)|for example|for instance|right now|at the moment|these days|at some point|the (?:first|second|third|last|next|other) (?:one|thing|time)|check (?:it|that|them|us|out)|learned that from|from this|i would recommend|my co-?host|this (?:website|site|article|book|tool|thing|idea) called)\b/gi

interface Candidate {
  readonly passage: Passage
  readonly score: number
}

/** Verbatim, whole, able to stand alone, and strong. */
export const quotes: Recipe = (analysis) => {
  const wanted = Math.min(24, Math.max(analysis.words < 400 ? 1 : 3, Math.round(analysis.hours * 10)))
  const reader = analysis.once(createReader)
  const candidates = analysis.sentences.flatMap((sentence) => {
    const passages = reader.passagesFrom(sentence, { most: 3, words: 60, leaning: 0.9 })
    return passages
      .filter(({ words }) => words >= 8)
      .map((passage) => ({ passage, score: scoreOf(analysis, reader, passage) }))
  })
  const picked = pick(analysis, candidates, wanted)
  if (picked.length === 0) return { markdown: noneFound, itemCount: 0 }
  const parts = picked.map(({ passage }) => quotation(withoutOpening(passage, false), passage.sentences[0]!))
  return { markdown: parts.join('\n\n'), itemCount: parts.length }
}

const hits = (text: string, pattern: RegExp, most: number): number => Math.min(most, text.match(pattern)?.length ?? 0)

function scoreOf(analysis: Analysis, reader: Reader, passage: Passage): number {
  const { text, words, sentences, standing } = passage
  const standings = sentences.map((sentence) => reader.standing(sentence))
  const worstFiller = Math.max(...standings.map(({ filler }) => filler))
  if (worstFiller > 0.14) return 0
  // A second sentence may lean on the first; one that leans for another reason spoils the end.
  const later = standings.slice(1).reduce((sum, { leaning }) => sum + Math.max(0, leaning - 1), 0)
  const tokens = sentences.flatMap((sentence) => sentence.tokens)
  const content = new Set(sentences.flatMap((sentence) => analysis.terms.contentOf(sentence)))
  const topical = [...content].reduce((sum, lemma) => sum + analysis.terms.weightOfLemma(lemma), 0) / (content.size + 4)
  const names = tokens.filter(({ pos, start }) => pos === 'PROPN' && start > 0).length
  const { nameWords } = analysis.once(participantsOf)
  const addressed = tokens.some(({ lower, text: word }) => nameWords.has(lower) && word !== lower)
  const force =
    0.7 +
    0.55 * hits(text, contrast, 2) +
    0.3 * hits(text, strong, 4) +
    0.45 * hits(text, image, 2) +
    0.25 * hits(text, general, 2) +
    0.35 * hits(text, confession, 1) +
    0.2 * Math.min(1.5, topical) -
    0.22 * hits(text, vague, 4) -
    0.45 * hits(text, dull, 3) -
    0.2 * Math.max(0, names - 1) -
    0.25 * Math.max(0, text.split(/[,;:]| - /).length - 4) -
    (addressed ? 0.8 : 0) -
    (/^["“]/.test(text) ? 0.4 : 0)
  const length = words < 10 ? 0.8 : words <= 34 ? 1 : 1 - (words - 34) * 0.014
  const opening = standing.opening > 0 && withoutOpening(passage, false) === text ? 0.72 : 1
  // Each sentence more must add as much as the first gave.
  const perSentence = sentences.length === 1 ? 1 : sentences.length === 2 ? 0.82 : 0.66
  return (
    Math.max(0, force) *
    length *
    opening *
    perSentence *
    Math.exp(-9 * worstFiller) *
    (1 - 0.45 * standing.leaning) *
    Math.max(0.3, 1 - 0.3 * later) *
    analysis.once(speakerWeights)(sentences[0]!.speaker)
  )
}

function pick(analysis: Analysis, candidates: readonly Candidate[], wanted: number): Candidate[] {
  const sorted = candidates.filter(({ score }) => score > 0.85).sort((left, right) => right.score - left.score)
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
