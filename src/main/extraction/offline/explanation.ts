import type { Analysis, Sentence } from './analysis.ts'
import { createReader } from './passages.ts'
import { hasPredicate } from './standing.ts'
import type { Token } from './tagger.ts'

const adverbs =
  '(?:(?:really|simply|basically|just|essentially|actually|also|usually|often|always|kind of|sort of|only) )*'
const predicate = new RegExp(
  `^['"”’]?,? ${adverbs}(?:(?:is|are) not (?:an?|the) [\\w -]{2,30}, it is\\b|(?:is|are|was) ${adverbs}(?:(?:a|an|the|one of the|this)\\b(?! (?:very |really |pretty |so |most |whole |more )*(?:big|huge|good|great|bad|hard|difficult|interesting|important|only|same|best|worst|problem|thing|reason|way|lot|bit|deal|question|point|part|day|time|case|fun|challenge|key|guy|mess)\\b)|when|where|how|what|about|basically|anything|any|to \\w+|like (?:a|an|the))\\b|means?\\b|refers? to\\b|stands? for\\b|is short for\\b)`,
  'i',
)
const apposition =
  /^['"”’]?,? (?:\()?(?:which (?:(?:is|are) (?:(?:an?|the)\b(?! (?:very |really |pretty |so |most )*(?:big|huge|large|good|great|bad|hard|different|whole|newest|best|worst|first|last|only|same|day|reason|lot|bit|one))|basically|essentially|when|how|what|like)|stands for|basically|essentially)|in other words|i\.e\.|- the (?:idea|practice|process|notion))\b/i
/** "AGI, which is Artificial General Intelligence" */
const spelledOut = /^,? (?:which (?:is|stands for)|stands for|or) \p{Lu}\p{Ll}+ \p{Lu}/u
const naming =
  /\b(?:called|known as|referred to as|we call|they call|i call|the term(?= ["“])|the term for (?:it|this|that) is|concept of|idea of|notion of|definition of|practice of|defined as)(?: an?| the)? ["“]?$/i
const subject =
  /^(?:(?:so|and|but|well|now|yeah|right|okay|like|because|basically|again),? )*(?:(?:the|a|an|our|your|this|these|what) )?["“]?$/i

/** "A staff gauge is a …", "the lead time, which is …", "a thing called …", "by churn we mean …". */
export function defines({ text }: Sentence, phrase: readonly Token[]): boolean {
  const start = phrase[0]!.start
  const before = text.slice(Math.max(0, start - 60), start)
  const after = text.slice(phrase.at(-1)!.end, phrase.at(-1)!.end + 80)
  return (
    (start < 60 && subject.test(before) && predicate.test(after)) ||
    (!/\b(?:this|that)(?: \w+)? $/i.test(before) && apposition.test(after)) ||
    spelledOut.test(after) ||
    naming.test(before) ||
    (/\b[Bb]y (?:an? |the )?$/.test(before) && /^,? (?:we|i) mean\b/i.test(after))
  )
}

export interface Explanation {
  readonly sentence: Sentence
  readonly quality: number
}

/** The sentence that says best what a term is; null when none stands by itself. */
export function explanationOf(
  analysis: Analysis,
  term: {
    readonly forms: Iterable<string>
    readonly sentences: readonly Sentence[]
    readonly definitions: ReadonlySet<number>
  },
  used: ReadonlySet<number>,
): Explanation | null {
  const reader = analysis.once(createReader)
  const forms = [...term.forms].map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const starts = new RegExp(
    `^(?:(?:so|and|but|well|now|yeah|the|a|an|this|our|your|these|because|with|for|if|when),? )*(?:${forms})\\b`,
    'i',
  )
  const asked = new RegExp(
    `^(?:(?:so|and|but|okay|well),? )*what(?:['’]s| is| are| do you mean by| does) (?:an? |the )?["“]?(?:${forms})["”]?(?: mean)?\\?$`,
    'i',
  )
  let best: Explanation | null = null
  for (const sentence of term.sentences) {
    const answer = sentence.words < 12 && asked.test(sentence.text) ? answerTo(analysis, sentence) : null
    if (answer && !used.has(answer.index) && (best?.quality ?? 0) < 0.9) best = { sentence: answer, quality: 0.9 }
    if (used.has(sentence.index) || sentence.words < 7 || sentence.words > 80) continue
    const { whole, leaning, filler, isQuestion } = reader.standing(sentence)
    if (isQuestion || filler > 0.2 || sentence.damaged || /^\P{L}*\p{Ll}/u.test(sentence.text)) continue
    if (!whole && analysis.punctuated && !(/(?:\.\.\.|…|--)/.test(sentence.text) && hasPredicate(sentence.tokens)))
      continue
    const content = analysis.terms.contentOf(sentence)
    const topical = content.reduce((sum, lemma) => sum + analysis.terms.weightOfLemma(lemma), 0) / (content.length + 5)
    const quality =
      (term.definitions.has(sentence.index) ? 1.4 : 0) +
      (starts.test(sentence.text) ? 0.5 : 0) +
      (/\b(?:because|so that|in order to|means|instead of|rather than|which is why|allows?|lets you|helps?|depends on|designed|caused? by|leads? to)\b/i.test(
        sentence.text,
      )
        ? 0.35
        : 0) +
      0.3 * Math.min(1.2, topical) -
      (/\bsponsor/i.test(sentence.text) ? 0.8 : 0) -
      (whole || !analysis.punctuated ? 0 : 0.3) -
      0.4 * leaning -
      5 * filler -
      (sentence.words < 10 ? 0.25 : 0) -
      (sentence.words > 36 ? 0.2 : 0) -
      (sentence.words > 55 ? 0.3 : 0) -
      0.12 * (sentence.text.match(/\b(?:i|i'm|i've|my|me|you guys)\b/gi)?.length ?? 0)
    if (quality > (best?.quality ?? (analysis.language.isEnglish ? -0.6 : -1))) best = { sentence, quality }
  }
  return best
}

/** "What's a terminal multiplexer?" is answered by another person's next sentence. */
function answerTo({ sentences }: Analysis, { index, turn }: Sentence): Sentence | null {
  const answer = sentences.slice(index + 1, index + 4).find((next) => next.turn !== turn && next.words >= 8)
  return answer && !answer.damaged ? answer : null
}
