import type { Analysis, Sentence } from './analysis.ts'
import { noneFound, text, timed } from './markdown.ts'
import { createReader, type Reader } from './passages.ts'
import type { Recipe } from './recipe.ts'

const advice =
  /\b(?:you (?:should|need to|have to|must|ought to|want to|might want to|could start|can start)|you'(?:ll|d) (?:want|need) to|make sure|be sure to|(?:my|the|one|best) (?:advice|recommendation|tip|suggestion)|i(?:'d| would)? (?:recommend|suggest|encourage|advise|urge)|(?:the )?first (?:step|thing)|(?:the )?(?:next|second|third|last|final) step|step (?:one|two|three|four|five|\d)|start (?:by|with|small|out|from)|begin (?:by|with)|try to|the best (?:way|thing) (?:to|you)|the (?:trick|key) is to|it'?s (?:important|best|better|worth|essential|crucial|a good idea) (?:to|that you)|don't (?:be afraid|forget|try|worry about|wait)|remember to|always|never)\b/i
const strongAdvice =
  /\b(?:you should(?!n't have| have)|make sure (?:that )?(?:you|to|it|your|the)|(?:my|the best|one) (?:advice|recommendation|tip|suggestion)|i(?:'d| would)? (?:recommend|suggest|encourage|advise|urge)|(?:the )?first (?:step|thing (?:you|to|i'd))|(?:the )?next step|step (?:one|two|three|\d)|start (?:by|with|small)|begin (?:by|with)|the best (?:way to|thing you)|the (?:trick|key) is to|you (?:need|have) to|it'?s (?:important|essential|crucial|a good idea) to|don't (?:be afraid|forget|wait)|you (?:can|could) start)\b/i
/** Told, not advised: stories, reported speech, questions to each other, asides to the listener. */
const notAdvice =
  /\b(?:should(?:n't)? have|you (?:should|have to|need to|must) (?:know|understand|be (?:kidding|joking|proud)|see|tell|come|check out|go listen|listen)|you have to (?:say|admit|wonder|remember that)|i (?:was|used to|had|did|went|started|thought|said|told|never|always|remember)|(?:he|she|they|people|we|it|that|who|which|always|never) (?:was|were|always|never|said|told)|(?:i|we|they|he|she|it|people|who|that|has|have|had|is|was|are|were|'s|'ve|'m|'re|would|will|can|could|should|did|do) (?:always|never)|tell (?:us|me)|talk (?:to us|about)|let me|let us|say (?:that|it|hello)|imagine|wait|hold on|bear with|go ahead|excuse|pardon|forgive|thank|correct me|don't get me wrong|trust me|believe me|you know|what should|should (?:we|i)|had to|if you will|you want to (?:say|talk|share|add|know)|you (?:never|always)|always (?:been|had|like|wanted|thought)|never (?:been|had|heard|seen|thought|really|knew|mind))\b/i
const conversational = new Set(
  'let look see say tell wait imagine thank excuse think guess suppose mean know remember forget welcome check listen go come take give put call ask talk speak mind bear hold trust believe pardon correct sorry stop hear have be do get love like feel want need hope wish bring show keep join enjoy follow stay tune hit subscribe leave congratulate shout hang please anyway thanks fly fair agree sound look make'.split(
    ' ',
  ),
)

/** Advice to the listener, in the order it was given. */
export const stepByStepPlan: Recipe = (analysis) => {
  if (!analysis.language.isEnglish) return null
  const reader = createReader(analysis)
  const wanted = Math.min(20, Math.max(5, Math.round(analysis.hours * 8)))
  const scored = analysis.sentences.flatMap((sentence) => {
    const score = scoreOf(analysis, reader, sentence)
    return score > 0.9 ? [{ sentence, score }] : []
  })
  const kept = scored
    .sort((left, right) => right.score - left.score)
    .slice(0, wanted)
    .map(({ sentence }) => sentence)
    .sort((left, right) => left.index - right.index)
  if (kept.length < 2) return { markdown: noneFound, itemCount: 0 }
  return { markdown: write(analysis, reader, kept), itemCount: kept.length }
}

function scoreOf(analysis: Analysis, reader: Reader, sentence: Sentence): number {
  if (analysis.noise.has(sentence.index) || sentence.words < 6 || sentence.words > 45) return 0
  const { whole, leaning, filler, isQuestion, opening } = reader.standing(sentence)
  if ((!whole && analysis.punctuated) || isQuestion || leaning > 1.2 || filler > 0.13) return 0
  const body = sentence.text.slice(opening)
  if (notAdvice.test(body) || /["“”]/.test(body)) return 0
  const imperative = isImperative(sentence, opening)
  if (!imperative && !advice.test(body)) return 0
  const strong = strongAdvice.test(body)
  if (!imperative && !strong) return 0
  const content = analysis.terms.contentOf(sentence)
  const topical = content.reduce((sum, lemma) => sum + analysis.terms.weightOfLemma(lemma), 0) / (content.length + 4)
  const reason = /\b(?:because|so that|otherwise|in order to|if you|when you|before you)\b/i.test(body) ? 0.25 : 0
  return (imperative ? 0.8 : 0) + (strong ? 0.9 : 0) + reason + Math.min(0.8, topical) - leaning * 0.6 - filler * 5
}

/** A verb in its base form, to the listener: "Write it down before you …", "Don't ship on a Friday." */
function isImperative({ tokens }: Sentence, opening: number): boolean {
  const at = tokens.findIndex(({ start, pos }) => start >= opening && pos !== 'PUNCT')
  const first = tokens[at]
  if (!first) return false
  const negated = /^(?:do|don't|dont|never|always)$/.test(first.lower)
  const verb = negated ? tokens.slice(at + 1).find(({ lower }) => !/^(?:n't|not|just|ever|even)$/.test(lower)) : first
  if (verb?.pos !== 'VERB' || verb.lower !== verb.lemma) return false
  if (!negated && conversational.has(verb.lemma)) return false
  const next = tokens[tokens.indexOf(verb) + 1]
  return (
    next !== undefined &&
    /^(?:DET|PRON|NOUN|PROPN|ADJ|ADP|ADV|NUM|PART)$/.test(next.pos) &&
    !/^(?:i|he|she|they|we)$/.test(next.lower)
  )
}

function write(analysis: Analysis, reader: Reader, sentences: readonly Sentence[]): string {
  const parts: string[] = []
  let lines: string[] = []
  let chapter: number | null = null
  sentences.forEach((sentence, index) => {
    if (sentence.chapter !== chapter && sentence.chapter !== null) {
      if (lines.length > 0) parts.push(lines.join('\n'))
      lines = []
      parts.push(`### ${text(analysis.input.chapters[sentence.chapter]?.title ?? '') || 'Chapter'}`)
    }
    chapter = sentence.chapter
    const body = sentence.text.slice(reader.standing(sentence).opening)
    lines.push(`${index + 1}. ${timed(text(body.charAt(0).toUpperCase() + body.slice(1)), sentence.startSeconds)}`)
  })
  return [...parts, lines.join('\n')].join('\n\n')
}
