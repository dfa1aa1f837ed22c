import type { Analysis, Sentence } from './analysis.ts'
import { noneFound, text, timed } from './markdown.ts'
import { createReader, type Reader } from './passages.ts'
import type { Recipe } from './recipe.ts'
import { speakerWeights } from './speakers.ts'

/** Said of the listener: what to do. */
const strongAdvice =
  /(?<!\b(?:how|what|why|where|when|whether|which|who|than|as|things|way|that|if) )\byou (?:should|ought to)\b(?! have)|(?<!\b(?:how|trying|tried|want|wants|wanted|going|able|is|was|are|try|job|goal|order) to )\bmake sure (?:that |to |you|it|your|the|they)|\b(?:(?:my|the best|one piece of|some) (?:advice|recommendation|tip|suggestion)|i(?:'d| would)? (?:highly |strongly |always |definitely )?(?:recommend|suggest|encourage you|advise|urge)|the (?:first|next|second|third|last|final) (?:step|thing (?:you|to|i'd))|step (?:one|two|three|four|five|\d)|the best (?:way|thing) (?:to|you can)|the (?:trick|key) is to|it'?s (?:important|essential|crucial|a good idea|best|better|worth) (?:to|that you)|don't be afraid to|you (?:can|could) start (?:by|with))\b/i
const weakAdvice =
  /^(?:(?:if|when|once|before) [^,]{3,60}, )?you (?:need to|have to|must|want to|don't want to|'ll want to)\b|\byou(?:'ve| have) got to\b/i
/** Told, not advised: stories, reported speech, questions to each other, asides to the listener. */
const notAdvice =
  /\b(?:should(?:n't)? have|you (?:should|have to|need to|must|want to) (?:know|understand|be (?:kidding|joking|proud)|see|tell|say|come|check out|go|listen|talk|share|add|read|watch|wonder|admit|get to)|i (?:was|used to|had|did|went|started|thought|said|told)|(?:said|says|saying|writes|wrote|told|tells|thinks?|thought|like) (?:me |us |them |him |her )?(?:that |to me |"|“)|not (?:like |that )?i would|i would(?:n't| not)|let(?:'s| me| us)|imagine|hold on|bear with|correct me|don't get me wrong|for us\b|our (?:team|company|product|users|customers)|had to|check (?:it|that|this|them|him|her|us)? ?out|step for us|as (?:i|you) said|you (?:have|need) to (?:support|get to|have)|if you will)\b|["“”]/i
/** Verbs that begin an instruction. Others at the start of a sentence are mostly something else. */
const instructive = new Set(
  'accept adapt add adjust admit aim allow apply approach arrange ask assign assume attach avoid bake be begin block boil book borrow bring budget build buy calculate call cancel capture carry celebrate change check choose clean clear close collect combine commit compare complete connect consider contact continue cook copy count create cultivate cut decide define delegate delete describe design develop discuss divide document double-check draft draw drink drop eat eliminate embrace empty encourage end engage ensure establish estimate examine exercise experiment explain explore expose fill find finish fix focus follow forget gather get go hire hold identify ignore improve include increase install invest invite iterate jot keep label launch learn leave limit list listen log look lower maintain make map mark measure meet minimize mix monitor move name note observe offer open order organize paint pay pick plan plant play practice practise pray prepare present print prioritize produce protect prove publish pull push put raise reach read reboot recognize record reduce reflect refuse rehearse release remember remove repeat replace reply report research reserve respect rest return review reward rewrite run save scale schedule search seek sell send separate set share ship show sign simplify skip sleep slow solve sort specify speak spend split stand start state stay stick stop store strip structure study submit surround swap switch take talk teach test think throw track train translate treat trust try turn understand update upgrade use validate verify visit wait walk warm wash watch wear work write'.split(
    ' ',
  ),
)
/** Instructive, but as often said to the other speaker: only with an object. */
const spoken =
  /^(?:go|look|listen|think|talk|speak|wait|take|give|call|say|get|be|ask|bring|remember|forget|hold|show|keep|follow|stay|stop|name|play|work|put|let) (?:ahead|on|at (?:that|it|this)|about (?:it|that)|back to|a (?:look|second|moment|minute)|to (?:us|me)|me|us|it|that|this|in touch|up|you|him|her|them)\b/i

/** Advice to the listener, in the order it was given. */
export const stepByStepPlan: Recipe = (analysis) => {
  const reader = analysis.once(createReader)
  const wanted = Math.min(20, Math.max(5, Math.round(analysis.hours * 8)))
  const scored = analysis.sentences.flatMap((sentence) => {
    const score = scoreOf(analysis, reader, sentence)
    return score > 1 ? [{ sentence, score }] : []
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
  if (analysis.noise.has(sentence.index) || sentence.words < 5 || sentence.words > 42) return 0
  const { whole, leaning, filler, isQuestion, opening } = reader.standing(sentence)
  if ((!whole && analysis.punctuated) || isQuestion || leaning > 1.2 || filler > 0.13) return 0
  const body = sentence.text.slice(opening)
  if (notAdvice.test(body)) return 0
  const ordered = orderWord.exec(body)?.[0].length ?? 0
  const imperative = isImperative(sentence, opening + ordered)
  const strong = strongAdvice.test(body)
  const weak = weakAdvice.test(body)
  if (!imperative && !strong && !weak) return 0
  // Who asks the questions says "Describe …" to the other, not to the listener.
  if (imperative && analysis.once(speakerWeights)(sentence.speaker) < 0.8) return 0
  const content = analysis.terms.contentOf(sentence)
  const topical = content.reduce((sum, lemma) => sum + analysis.terms.weightOfLemma(lemma), 0) / (content.length + 4)
  const reason = /\b(?:because|so that|otherwise|in order to|if you|when you|before you|until you)\b/i.test(body)
    ? 0.2
    : 0
  const base = (imperative ? 1 : 0) + (strong ? 0.9 : 0) + (weak ? 0.6 : 0) + (ordered > 0 && imperative ? 0.4 : 0)
  return base + reason + Math.min(0.6, topical * 0.7) - leaning * 0.5 - filler * 5
}

const orderWord =
  /^(?:first(?:ly)?(?: of all)?|second(?:ly)?|third(?:ly)?|then|next|after that|finally|lastly|and then|start|instead|now|please|just)(?:,? (?=[a-z])|, )/i

/** A verb in its base form, to the listener: "Write it down before you …", "Don't ship on a Friday." */
function isImperative({ tokens, text: said }: Sentence, from: number): boolean {
  const at = tokens.findIndex(({ start, pos }) => start >= from && pos !== 'PUNCT')
  const first = tokens[at]
  if (!first) return false
  const negated = /^(?:do|don't|dont|never|always)$/.test(first.lower)
  const rest = tokens.slice(at + (negated ? 1 : 0)).filter(({ lower }) => !/^(?:n't|not|just|ever|even)$/.test(lower))
  const [verb, next] = rest
  if (verb === undefined || next === undefined || verb.lower !== verb.lemma) return false
  if (negated && first.lower === 'do' && !/^(?:n't|not)$/.test(tokens[at + 1]?.lower ?? '')) return false
  if (
    !instructive.has(verb.lower) ||
    (negated ? /^(?:be|get|know)$/.test(verb.lower) : spoken.test(said.slice(verb.start)))
  )
    return false
  if (
    !negated &&
    /^(?:be|go|get|look|think|talk|speak|forget|call|state|order|name|end|work|book|label|rest|plan|design|research|budget|practice|test|report|record|mark|note|experiment|exercise|play|sort|show|ship|stand|store|structure|study|track|train|trust|watch|plant|approach)$/.test(
      verb.lower,
    )
  )
    return (
      /^(?:the|a|an|your|yourself|every|each|all|one|two|what|how|why|who|whether|if|with|to|for|on|by|at|in)$/.test(
        next.lower,
      ) && !/^(?:of|and)$/.test(next.lower)
    )
  return (
    /^(?:DET|PRON|NOUN|PROPN|ADJ|ADP|ADV|NUM|PART|VERB|SCONJ)$/.test(next.pos) &&
    !/^(?:i|he|she|they|we|it's|is|are|of)$/.test(next.lower)
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
