import { letter, upper } from './words/letters.ts'

export const small =
  'of|the|and|a|an|to|in|for|on|with|is|at|or|as|vs|not|how|that|your|it|be|are|we|you|from|by the|without|about'
const word = `[${upper}\\d][${letter}\\d'’&-]*`
const title = `${word}(?:(?:,? (?:${small}))* ${word}|(?:: )${word})*`
const longTitle = `${word}(?:(?: (?:${small}))* ${word}|: ${word})+`
const family = `[${upper}][${letter}'’-]+`
const person = `(?:Dr\\.? )?${family}(?: [${upper}]\\.?)*(?: (?:de|van|von|der|la|le))* ${family}(?: ${family})?`
const kind =
  '(?:book|novel|memoir|paperback|biography|autobiography|textbook|trilogy|audiobook|bestseller|manifesto|cookbook)'
const adjectives = '(?:[a-z-]+ ){0,3}'

type Gate = keyof typeof gates
export interface BookCue {
  /** What a sentence must have before the pattern is tried. */
  readonly gate: Gate
  readonly pattern: RegExp
  readonly needs?: 'two words' | 'a book nearby'
}
const gates = {
  kind: new RegExp(`\\b${kind}s?\\b`),
  by: new RegExp(`\\bby [${upper}]`),
  quote: /["“]/,
  of: /\b(?:author|edition|chapters?|copy) (?:of|in)\b/,
  wrote: /\bwrote\b/,
}
/** The cues that a sentence may answer; most sentences answer none. */
export function* cuesFor(text: string): Generator<BookCue> {
  const open = new Map<Gate, boolean>()
  for (const cue of cues) {
    const known = open.get(cue.gate) ?? gates[cue.gate].test(text)
    open.set(cue.gate, known)
    if (known) yield cue
  }
}
/** The cue, then the title; all but the title may be in any case. */
const cues: readonly BookCue[] = [
  {
    gate: 'kind',
    pattern: new RegExp(
      `\\b${kind}s?\\b(?: (?:of (?:his|hers|theirs|mine|yours)))?(?: (?:which is|that's|that is|was|is))?,? (?:called|titled|entitled|named|by the name of|is called|was called) ["“‘]?(?<title>${title})(?:["”’]?,? by (?<author>${person}))?`,
      'g',
    ),
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `\\b(?:[Tt]he|his|her|their|my|your|an?|that|this|favorite|favourite) ${adjectives}${kind},? ["“‘](?<title>[${upper}][^"”’]{2,80}?)[,.]?["”’](?:,? by (?<author>${person}))?`,
      'g',
    ),
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `\\b(?:[Tt]he|his|her|their|my|your|an?|that|this|favorite|favourite) ${adjectives}${kind},? (?<title>${longTitle})(?:,? by (?<author>${person}))?`,
      'g',
    ),
    needs: 'two words',
  },
  {
    gate: 'kind',
    pattern: new RegExp(`\\b${kind},? (?<title>${title}),? by (?<author>${person})`, 'g'),
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `(?<author>${person})['’]s? ${adjectives}${kind}(?: (?:on|about) [^,.;]{2,50})?, ["“]?(?<title>${title})(?=["”]?[,.;])`,
      'g',
    ),
  },
  {
    gate: 'quote',
    pattern: new RegExp(
      `["“](?<title>${title})["”],?(?: (?:is|was) (?:a|the) (?:\\w+ )?${kind}|,? by (?<author>${person}))`,
      'g',
    ),
  },
  {
    gate: 'by',
    pattern: new RegExp(
      `\\b(?:[Rr]ead|[Rr]eading|reread|wrote|author of|finished|[Rr]ecommend|copy of|pick up) ["“‘]?(?<title>${title})["”’]?,? by (?<author>${person})`,
      'g',
    ),
  },
  {
    gate: 'by',
    pattern: new RegExp(`(?<title>${word}(?:(?: (?:${small}))* ${word})+),? by (?<author>${person})`, 'g'),
    needs: 'a book nearby',
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `\\b(?:read|reading|reread|digging (?:deep |deeper )?into|finished|recommend|recommended|loved?|going through) [“‘]?(?<title>${word}(?:(?: (?:${small}))* ${word})+)(?=.*\\b(?:that|this|the|his|her|their) ${kind}\\b)`,
      'g',
    ),
    needs: 'two words',
  },
  {
    gate: 'quote',
    pattern: new RegExp(
      `\\b(?:read|reading|reread|${kind}s?|called|titled|author of|wrote)(?: \\w+){0,3},? ["“](?<title>[${upper}][^"”]{3,90}?)[,.]?["”](?=.*\\b${kind}\\b)`,
      'g',
    ),
    needs: 'two words',
  },
  {
    gate: 'quote',
    pattern: new RegExp(
      `(?<=[\\w,] ?)(?:'s|’s|is|was) (?:called|titled|entitled) ["“](?<title>[${upper}][^"”]{6,90}?)[,.]?["”]`,
      'g',
    ),
    needs: 'a book nearby',
  },
  {
    gate: 'of',
    pattern: new RegExp(`\\b(?:author of|edition of|chapters? (?:of|in)|copy of) ["“‘]?(?<title>${longTitle})`, 'g'),
    needs: 'two words',
  },
  {
    gate: 'wrote',
    pattern: new RegExp(
      `\\bwrote (?<title>(?:The )?${family}(?:(?: (?:of|the|and|in))* ${family})+)(?=[,.;]| (?:in|and|instead|when|while|because|for)\\b)`,
      'g',
    ),
    needs: 'two words',
  },
]
/** Somebody speaks of books. */
export const bookWord = new RegExp(
  `\\b(?:${kind}s?|author|chapters?|wrote|reading|reread|read (?:it|that|this)|literature|reading list)\\b`,
  'i',
)
