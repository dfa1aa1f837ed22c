import type { Sentence } from './analysis.ts'
import { balanced, endsWhole } from './sentences.ts'
import type { Token } from './tagger.ts'

/** How well a sentence reads away from its place. */
export interface Standing {
  /** Whole, and not a false start. */
  readonly whole: boolean
  /** 0 reads well by itself … 3 leans wholly on what was said before. */
  readonly leaning: number
  /** Fillers, hedges and repetitions for each word. */
  readonly filler: number
  /** Where it begins after words such as "Yeah, so,"; 0 when it has none. */
  readonly opening: number
  readonly isQuestion: boolean
}

const openers =
  /^(?:(?:(?:yes|yeah|yep|yup|no|nope|right|okay|ok|now|oh|ah|ha|hm+|mm+|um+|uh+|well|like|look|listen|see|sure|exactly|absolutely|definitely|totally|correct|again|actually|basically|honestly|anyway|anyways|alright|all right|of course|you know|i mean|i think|i guess|i would say|i'd say|to be honest|for sure|yes and no|in fact|obviously|clearly|frankly|interesting|cool|great|wow|so yeah|also|plus|then|or|because|therefore|thus|though|because of (?:that|this)|in (?:that|this) case|that said|having said that|with that (?:said|in mind)|to (?:your|that|this) point(?: though)?|at (?:that|this) point|for example|for instance|in other words|as a result|i'll say|i will say|let's say|to be fair|at the end of the day|more importantly|first of all|in some ways|in a way|again though|as (?:i|you|we) said|like (?:i|you) said|i (?:totally |completely |would |do )?agree|you're (?:absolutely |totally )?right|good point|fair enough)(?:,|\.\.\.|…| --| –| —| -)|(?:and|but|so)(?:,|\.\.\.)?(?! (?:much|many|far|long|that\b|are|is|do|did|am)))\s+)+/i

const fillerWords =
  /\b(?:you know|i mean|kind of|sort of|kinda|sorta|um+|uh+|er+m|hmm*|like,|,? like (?=i\b|you\b|we\b|it\b|a\b|the\b|that\b|just\b|really\b)|or something|or whatever|and (?:all )?that (?:kind|sort)|and stuff|stuff like that|things like that|that sort of thing|and so (?:on|forth)|blah|whatnot|right\?|you guys|basically|literally|honestly|actually|just|really|obviously|super|anyway|whatever)\b|\b(?:was|were|is|'s|'m|'re|it's|all|be)(?: \w+)? like,? (?=["“]|i\b|you\b|we\b|oh\b|okay\b|wow\b|if\b|what\b|no\b)|\bgoes like\b|\byou know\?|-- ?|\.\.\.|…/gi
const hedges =
  /\b(?:i think|i guess|i suppose|i don't know|i feel like|i believe|maybe|probably|perhaps|it seems|seems like|i would say|i'd say|if that makes sense|i'm not sure|in my opinion|to be honest|for me|personally)\b/gi

/** Asked, though the transcriber wrote a full stop. */
const asks =
  /^(?:(?:how(?: \w+)?|why|where|who|when|what|which \w+) (?:do|does|did|is|are|was|were|can|could|would|will|have|has|should|about|else|if)\b|(?:do|does|did|is|are|was|were|can|could|would|will|have|has|should) (?:you|we|they|it|he|she|i|there|that|this|these|those)\b|tell (?:us|me)\b|what if\b)/i

const danglingStart =
  /^(?:it|it's|it'll|it'd|that|that's|that'll|this|those|these|they|they're|they've|they'll|they'd|he|he's|he'd|she|she's|she'd|him|her|his|them|their|its|which|who|where|such|neither|both|one|ones|another|others|some|here|there's|there|same|either|none|most of (?:them|it|that|these|those))\b/i
/** Begins with "it" or "there" but points at nothing: "It's hard to …", "There is …", "It takes …". */
const emptySubject =
  /^(?:there(?:'s| is| are| was| were| has| have|'re) (?!it\b|that\b)|it(?:'s| is| was| takes| took)(?: (?:very|really|so|too|quite|always|often|never|not|pretty|incredibly|much))* (?:\w+ (?:to|that|for|when|if|how|what|whether)\b|(?:a|an|the) \w+ (?:to|that)\b|about (?:\w+ing|the)\b|like\b)|it takes\b|it'?s not (?:that|about|enough|just about)\b|those who\b|one of (?:the|my|our)\b|some (?:people|of the)\b|both (?:of )?(?:the|my|our)\b|most of the\b|(?:this|that) (?:year|week|month|century)\b|one \w+\b(?! of (?:them|those|these)))/i

/** Points at something said before. */
const placed =
  /\b(?:in (?:that|this|both|either) (?:case|cases|sense|situation|one|context|way|area|space|regard|respect)|with (?:that|this)(?: one)?,|that (?:blog post|episode|person|question|example|company|product|particular|specific|same|kind|sort|stuff)|at that (?:point|time)|because of (?:that|this|it)|(?:the|that) (?:same|other) (?:one|ones|person|way|thing|direction)|exactly (?:this|that|what)|like (?:that|these|those)\b(?! (?:\w+) (?:is|are|was))|there[,.;]|the \w+ ones?\b(?! (?:of|that|who|thing|way|day|place|person))|(?<!than |of |in |and |not )(?:ours|theirs|hers|mine)\b|^[^,]{0,40}\bthough,|in there\b|for (?:this|that) is|reasons? for (?:this|that)|like (?:that|this|those|these),|(?:this|that|those|these) (?:too|also|as well|instead|either|exactly|there))\b/gi
/** Begins in the middle of a list: "The second one is …", "Another is …", "Two, if …" */
const listed =
  /^(?:(?:and )?(?:the )?(?:first|second|third|other|next|last|former|latter) (?:one|ones|thing|part|point|piece|reason|question)?(?: is| was|,)|the (?:other|next|second|third|former|latter)\b|another (?:is|one|thing|big|reason)|one is\b|(?:one|two|three|number (?:one|two|three)),|[a-d1-4]\))/i
/** "Going from nothing to code - that was amazing": the sentence starts again in the middle. */
const restarts =
  /\s[-–—]\s(?:that|this|it|they|those|these|he|she|which|so|and|i (?:mean|feel|think|was|guess)|you|we|if you)(?:['’]\w+)?\s/i
/** "to it, and", "with them." */
const pointsBack =
  /\b(?:to|with|from|for|in|on|by|at|like|than|behind|into|around|of|about) (?:it|this|that|these|those|them|him|her)(?=[.,;!?]| (?:and|but|or|because|when|as|until|is|are)\b)/gi
const anybody = /^(?:everyone|everybody|someone|somebody|anyone|anybody|people|nobody|who|you|each|every)$/
const timely =
  /^(?:year|week|month|day|morning|evening|night|time|moment|century|decade|season|summer|winter|spring|point)s?$/

const subjectPronouns = new Set('it they them he she him his her its their this that those these'.split(' '))
/** A clause that waits for another: "Even if it is late." */
const fragment =
  /^(?:[^,]{3,25}, )?(?:even |like |especially |only |just |and |but |or )*(?:if|when|because|unless|until|although|though|since|while|whether|which|where|as long as|in case)\b[^,;:–—-]*[.!]["”’)]*$/i
const finite = new Set(['VERB', 'AUX'])

/** @param english the checks that need the words of English are left out otherwise */
export function standingOf({ text, tokens, damaged, words }: Sentence, english: boolean): Standing {
  const opening = english ? (openers.exec(text)?.[0].length ?? 0) : 0
  const body = text.slice(opening)
  const isQuestion = /\?["”’)]*$/.test(text) || (english && asks.test(body))
  const whole =
    !damaged &&
    endsWhole(text) &&
    balanced(text) &&
    /^["“'‘(¿¡«]?[\p{Lu}\p{Lo}\p{N}]/u.test(text) &&
    !/(?:--|[[\]*]|\.\.$)|\b(\w+) \1 \1\b/.test(text) &&
    !/^(?:[-–—]|\W*$)/.test(body) &&
    (!english || (hasPredicate(tokens) && !fragment.test(body) && !(words < 12 && onlyRelative(tokens))))
  if (!english) return { whole, leaning: 0, filler: 0, opening: 0, isQuestion }
  const fillers = text.match(fillerWords)?.length ?? 0
  const hedged = body.match(hedges)?.length ?? 0
  const repeated = body.match(/\b(\w+),? \1\b/gi)?.length ?? 0
  return {
    whole,
    leaning: leaningOf(
      body,
      tokens.filter(({ start }) => start >= opening),
    ),
    filler: (fillers + hedged * 0.7 + repeated) / Math.max(6, words),
    opening,
    isQuestion,
  }
}

/** "this store", "those" where the sentence has not named what is meant. */
const human =
  /^(?:man|woman|boy|girl|father|mother|brother|sister|son|daughter|wife|husband|king|queen|guy|lady|person|author|teacher|doctor|friend|uncle|aunt|colleague|kid|child|baby|boss|scientist|engineer|keeper|writer|artist|captain|somebody|someone|anybody|anyone|everybody|everyone|nobody|who|whoever|chef|patient|student|founder|developer|customer|user|professor|nurse|soldier|president|player|driver)s?$/
/** He or she where the sentence has named nobody. */
const unnamed = (tokens: readonly Token[]): boolean => {
  const at = tokens.findIndex(({ lower }) => /^(?:he|she|him|his|her|he's|she's|himself|herself)$/.test(lower))
  return at > 0 && !tokens.slice(0, at).some(({ pos, lower }) => pos === 'PROPN' || human.test(lower))
}

function demonstratives(tokens: readonly Token[]): number {
  let found = 0
  tokens.forEach(({ lower, pos }, at) => {
    if (at === 0 || !/^(?:this|that|these|those)$/.test(lower)) return
    const next = tokens[at + 1]
    if (next === undefined || (lower === 'that' && pos !== 'DET')) return
    const noun = tokens.slice(at + 1, at + 4).find((token) => token.pos === 'NOUN' || token.pos === 'PROPN')
    if (next.pos === 'PUNCT' || !noun) {
      if (lower !== 'that') found += 1
      return
    }
    if (next.lower === 'who' || timely.test(noun.lower) || anybody.test(next.lower)) return
    const said = tokens.slice(0, at).some((token) => token.lemma === noun.lemma)
    if (!said) found += 1
  })
  return found
}

/** A verb that is neither an -ing form nor after "to". */
export const hasPredicate = (tokens: readonly Token[]): boolean =>
  tokens.some(({ pos, lower }, index) => finite.has(pos) && !lower.endsWith('ing') && tokens[index - 1]?.lower !== 'to')

/** "Anywhere that you can imagine.": every verb stands in a clause that hangs on a noun. */
function onlyRelative(tokens: readonly Token[]): boolean {
  const at = tokens.findIndex(
    ({ lower, pos }, index) =>
      index > 0 && (/^(?:which|who|whom|whose|where)$/.test(lower) || (lower === 'that' && pos !== 'DET')),
  )
  if (at < 0 || tokens.slice(0, at).some(({ pos }) => finite.has(pos))) return false
  const verbs = tokens.filter(({ pos }, index) => finite.has(pos) && !finite.has(tokens[index - 1]?.pos ?? '')).length
  return verbs < 2
}

function leaningOf(body: string, tokens: readonly Token[]): number {
  let leaning = 0
  if (danglingStart.test(body) && !emptySubject.test(body))
    leaning += /^(?:that|this|it|which|they|he|she)\b/i.test(body) ? 2 : 1.5
  if (/^(?:or|because|which|then|also|plus)\b/i.test(body)) leaning += 1.15
  else if (/^(?:and|but|so)\b/i.test(body)) leaning += 0.6
  if (/^(?:the|one) (?:\w+ ){1,2}(?:there|here) (?:is|was|that)\b/i.test(body)) leaning += 0.8
  leaning += Math.min(1, (body.match(placed)?.length ?? 0) * 0.5)
  if (
    /\b(?:two|three|four|five|several|a few|a couple) (?:\w+ )?(?:things|reasons|ways|points|parts|steps|kinds)\b[^,]*[.:]$/i.test(
      body,
    )
  )
    leaning += 0.6
  if (/^(?:yes|yeah|no|right|exactly|okay|well|sure|absolutely)\b/i.test(body)) leaning += 1
  // A pronoun before the first noun has nothing in this sentence to point at.
  const noun = tokens.findIndex(({ pos }) => pos === 'NOUN' || pos === 'PROPN')
  const before = noun < 0 ? tokens : tokens.slice(0, noun)
  const unbound = before.filter(
    ({ lower, pos }, at) =>
      subjectPronouns.has(lower) &&
      pos !== 'SCONJ' &&
      !(/^th/.test(lower) && before.slice(0, at).some((token) => anybody.test(token.lower))),
  ).length
  leaning += Math.min(1.5, unbound * 0.4)
  leaning += Math.min(1, demonstratives(tokens) * 0.5)
  if (listed.test(body)) leaning += 0.8
  if (unnamed(tokens)) leaning += 0.7
  if (restarts.test(body)) leaning += 0.5
  // Somebody else's words, played: they say little without what led up to them.
  if (/^["“]/.test(body)) leaning += 0.9
  leaning += Math.min(0.8, (body.match(pointsBack)?.length ?? 0) * 0.35)
  if (
    /\b(?:like that|do that|did that|doing that|of that|about that|with that|for that|like this|do this|do it|did it|about it|of it|that one|this one|those things|these things|that stuff|that thing|this thing|that way|the same thing|as well|too|either|there|so|them|it|that)[.!?]["”’)]*$/i.test(
      body,
    )
  )
    leaning += 0.5
  if (
    /\b(?:(?:the|that) (?:other|former|latter|second) (?:one|thing|part)|as (?:i|you|we) (?:said|mentioned)|like (?:i|you) said|you (?:just )?(?:mentioned|said|asked|talked|were saying)|your (?:question|point|example)|what you'?re saying)\b/i.test(
      body,
    )
  )
    leaning += 1
  return leaning
}
