import type { Analysis, Sentence } from './analysis.ts'
import { createReader } from './passages.ts'
import { speakerWeights } from './speakers.ts'
import { instructiveVerbs, verbsLikeNouns } from './words/advice.ts'

/** Said of the listener: what to do. */
const strongAdvice =
  /(?<!\b(?:how|what|why|where|when|whether|which|who|than|as|things|way|that|if) )\byou (?:should|ought to)\b(?! have)|(?<!\b(?:how|trying|tried|want|wants|wanted|going|able|is|was|are|try|job|goal|order) to )\bmake sure (?:that |to |you|it|your|the|they)|\b(?:(?:my|the best|one piece of|some) (?:advice|recommendation|tip|suggestion)|i(?:'d| would)? (?:highly |strongly |always |definitely )?(?:recommend|suggest|encourage (?:you|people|everyone|everybody|anyone)|advise|urge)|the (?:first|next|second|third|last|final) (?:step|thing (?:you (?:should|need|have|must|want|can|do)|to do|i'd))|step (?:one|two|three|four|five|\d)|the best (?:way|thing) (?:to|you can)|the (?:trick|key) is to|it'?s (?:important|essential|crucial|a good idea|best|better|worth) (?:to|that you)|don't be afraid to|you (?:can|could) start (?:by|with))\b/i
const weakAdvice =
  /^(?:(?:if|when|once|before) [^,]{3,60}, )?you (?:just |really |always |also )?(?:need to|have to|must|want to|don't want to|'ll want to)\b|\byou(?:'ve| have) got to\b/i
/** Told, not advised: stories, reported speech, questions to each other, asides to the listener. */
const notAdvice =
  /\b(?:should(?:n't)? have|you (?:should|have to|need to|must|want to) (?:know|understand|be (?:kidding|joking|proud)|see|tell|say|come|check out|go|listen|talk|share|add|read|watch|wonder|admit|get to)|i (?:was|used to|had|did|went|started|thought|said|told)|(?:said|says|saying|writes|wrote|told|tells|thinks?|thought|like) (?:me |us |them |him |her )?(?:that |to me |"|“)|not (?:like |that )?i would|i would(?:n't| not)|let(?:'s| me| us)|imagine|hold on|bear with|correct me|don't get me wrong|for us\b|our (?:team|company|product|users|customers)|had to|check (?:it|that|this|them|him|her|us)? ?out|step for us|as (?:i|you) said|you (?:have|need) to (?:support|get to|have)|if you will)\b|["“”]/i
/** Instructive, but as often said to the other speaker: only with an object. */
const spoken =
  /^(?:go|look|listen|think|talk|speak|wait|take|give|call|say|get|be|ask|bring|remember|forget|hold|show|keep|follow|stay|stop|name|play|work|put|let) (?:ahead|on|at (?:that|it|this)|about (?:it|that)|back to|a (?:look|second|moment|minute)|to (?:us|me)|me|us|it|that|this|in touch|up|you|him|her|them)\b/i

const orderWord =
  /^(?:first(?:ly)?(?: of all)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|fifth(?:ly)?|sixth|seventh|eighth|ninth|tenth|then|next|after that|finally|lastly|and then|start|instead|now|please|just|so|also)(?:,? (?=[a-z])|, )/i
/** "I would say always read …", "My advice is to …" */
const advised =
  /^(?:(?:i would|i'd) (?:just )?say(?: that)?,? |(?:my|the) (?:best |main |only )?(?:advice|tip|recommendation|suggestion)(?: \w+){0,4} (?:is|would be)(?: to| that you)?,? )/i
const emphasis = /^(?:(?:always|never),? )+(?=(?:always|never)\b)/i
/** "on the seventh day, read …" */
const circumstance =
  /^(?:on|at|in|for|after|before|when|if|once|every|each|whenever|as soon as)\b[^,;.]{2,60}, (?:then )?(?=[a-z])/i

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
const cardinals = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const numbered = new RegExp(
  `^(?:the )?(?:(${ordinals.join('|')})(?:ly)?(?: of all)?,|(${ordinals.join('|')}) (?:step|thing|rule|tip)\\b|(?:step|number|rule|tip) (${cardinals.join('|')}|\\d+)\\b)`,
  'i',
)

/** 1 for "First, …", 2 for "Step two: …"; null without a number. */
function numberOf(body: string): number | null {
  const match = numbered.exec(body)
  if (!match) return null
  const word = (match[1] ?? match[2] ?? match[3] ?? '').toLowerCase()
  if (/^\d+$/.test(word)) return Number(word)
  return Math.max(ordinals.indexOf(word), cardinals.indexOf(word)) + 1
}

export interface Sequences {
  /** Sentences that count on from "First" to "Third" at least, with no more than a few minutes between them. */
  readonly steps: ReadonlySet<number>
  /** What the same speaker says between them and shortly after. */
  readonly within: ReadonlySet<number>
}

export function sequencesOf(analysis: Analysis): Sequences {
  const { standing } = analysis.once(createReader)
  const found = { steps: new Set<number>(), within: new Set<number>() }
  let chain: Sentence[] = []
  const close = (): void => {
    if (chain.length >= 3) {
      const [first, last] = [chain[0]!, chain.at(-1)!]
      for (const { index } of chain) found.steps.add(index)
      for (const sentence of analysis.sentences.slice(first.index, last.index + 12))
        if (sentence.speaker === first.speaker) found.within.add(sentence.index)
    }
    chain = []
  }
  for (const sentence of analysis.sentences) {
    const number = numberOf(sentence.text.slice(standing(sentence).opening)) ?? numberOf(sentence.text)
    if (number === null) continue
    const last = chain.at(-1)
    if (number === chain.length + 1 && (last === undefined || sentence.index - last.index < 60)) chain.push(sentence)
    else {
      close()
      if (number === 1) chain.push(sentence)
    }
  }
  close()
  return found
}

/** Whether it tells somebody to do something, behind the words that lead up to that. */
export function instructs(analysis: Analysis, sentence: Sentence, inSequence = false): boolean {
  const { opening } = analysis.once(createReader).standing(sentence)
  const start = skip(sentence.text, skip(sentence.text, skip(sentence.text, opening, advised), orderWord), circumstance)
  return isImperative(sentence, skip(sentence.text, start, emphasis), inSequence)
}

const skip = (text: string, from: number, pattern: RegExp): number =>
  from + (pattern.exec(text.slice(from))?.[0].length ?? 0)

/** How much it is advice to the listener: over 1 it is one. */
export function adviceScore(analysis: Analysis, sentence: Sentence): number {
  const { steps, within } = analysis.once(sequencesOf)
  const inSequence = steps.has(sentence.index)
  const near = within.has(sentence.index)
  if (analysis.noise.has(sentence.index) || sentence.words < (inSequence ? 3 : 5) || sentence.words > 42) return 0
  const { whole, leaning, filler, isQuestion, opening } = analysis.once(createReader).standing(sentence)
  if ((!whole && analysis.punctuated && !inSequence) || isQuestion) return 0
  const body = sentence.text.slice(opening)
  if (leaning > (near ? 2.4 : 1.2) || filler > (near || advised.test(body) ? 0.35 : 0.13)) return 0
  if (notAdvice.test(body) && !(inSequence && advised.test(body))) return 0
  const ordered = orderWord.test(body)
  const imperative = instructs(analysis, sentence, near)
  const strong = strongAdvice.test(body) || (imperative && advised.test(body))
  const weak = weakAdvice.test(body)
  if (!imperative && !strong && !weak) return 0
  // Who asks the questions says "Describe …" to the other, not to the listener.
  if (imperative && !inSequence && analysis.once(speakerWeights)(sentence.speaker) < 0.8) return 0
  const content = analysis.terms.contentOf(sentence)
  const topical = content.reduce((sum, lemma) => sum + analysis.terms.weightOfLemma(lemma), 0) / (content.length + 4)
  const reason = /\b(?:because|so that|otherwise|in order to|if you|when you|before you|until you)\b/i.test(body)
    ? 0.2
    : 0
  const base =
    (imperative ? 1 : 0) +
    (strong ? 0.9 : 0) +
    (weak ? 0.6 : 0) +
    (ordered && imperative ? 0.4 : 0) +
    (inSequence ? 2 : near && imperative ? 1 : 0)
  return base + reason + Math.min(0.6, topical * 0.7) - leaning * 0.5 - Math.min(0.13, filler) * 5
}

/** A verb in its base form, to the listener: "Write it down before you …", "Don't ship on a Friday." */
function isImperative({ tokens, text: said }: Sentence, from: number, anyVerb: boolean): boolean {
  const at = tokens.findIndex(({ start, pos }) => start >= from && pos !== 'PUNCT')
  const first = tokens[at]
  if (!first) return false
  const negated = /^(?:do|don't|dont|never|always)$/.test(first.lower)
  const rest = tokens.slice(at + (negated ? 1 : 0)).filter(({ lower }) => !/^(?:n't|not|just|ever|even)$/.test(lower))
  const [verb, next] = rest
  if (verb === undefined || next === undefined || verb.lower !== verb.lemma) return false
  if (negated && first.lower === 'do' && !/^(?:n't|not)$/.test(tokens[at + 1]?.lower ?? '')) return false
  const known =
    instructiveVerbs.has(verb.lower) ||
    ((anyVerb || negated) && verb.pos === 'VERB') ||
    (anyVerb && verb.lower === 'do')
  if (!known || (negated ? /^(?:be|get|know)$/.test(verb.lower) : spoken.test(said.slice(verb.start)))) return false
  if (!negated && verbsLikeNouns.has(verb.lower))
    return (
      /^(?:the|a|an|your|yourself|every|each|all|one|two|what|how|why|who|whether|if|with|to|for|on|by|at|in|everything)$/.test(
        next.lower,
      ) && !/^(?:of|and)$/.test(next.lower)
    )
  return (
    /^(?:DET|PRON|NOUN|PROPN|ADJ|ADP|ADV|NUM|PART|VERB|SCONJ)$/.test(next.pos) &&
    !/^(?:i|he|she|they|we|it's|is|are|of)$/.test(next.lower)
  )
}
