export const small =
  'of|the|and|a|an|to|in|for|on|with|is|at|or|as|vs|not|how|that|your|it|be|are|we|you|from|by the|without|about'
const word = `[\\p{Lu}\\d][\\p{L}\\p{M}\\p{N}'’&-]*`
const title = `${word}(?:(?:,? (?:${small}))* ${word}|(?:: )${word})*`
const longTitle = `${word}(?:(?: (?:${small}))* ${word}|: ${word})+`
const family = "\\p{Lu}[\\p{L}\\p{M}'’-]+"
const person = `(?:Dr\\.? )?${family}(?: \\p{Lu}\\.?)*(?: (?:de|van|von|der|la|le))* ${family}(?: ${family})?`
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
  by: /\bby \p{Lu}/u,
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
      'gu',
    ),
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `\\b(?:[Tt]he|his|her|their|my|your|an?|that|this|favorite|favourite) ${adjectives}${kind},? ["“‘](?<title>\\p{Lu}[^"”’]{2,80}?)[,.]?["”’](?:,? by (?<author>${person}))?`,
      'gu',
    ),
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `\\b(?:[Tt]he|his|her|their|my|your|an?|that|this|favorite|favourite) ${adjectives}${kind},? (?<title>${longTitle})(?:,? by (?<author>${person}))?`,
      'gu',
    ),
    needs: 'two words',
  },
  {
    gate: 'kind',
    pattern: new RegExp(`\\b${kind},? (?<title>${title}),? by (?<author>${person})`, 'gu'),
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `(?<author>${person})['’]s? ${adjectives}${kind}(?: (?:on|about) [^,.;]{2,50})?, ["“]?(?<title>${title})(?=["”]?[,.;])`,
      'gu',
    ),
  },
  {
    gate: 'quote',
    pattern: new RegExp(
      `["“](?<title>${title})["”],?(?: (?:is|was) (?:a|the) (?:\\w+ )?${kind}|,? by (?<author>${person}))`,
      'gu',
    ),
  },
  {
    gate: 'by',
    pattern: new RegExp(
      `\\b(?:[Rr]ead|[Rr]eading|reread|wrote|author of|finished|[Rr]ecommend|copy of|pick up) ["“‘]?(?<title>${title})["”’]?,? by (?<author>${person})`,
      'gu',
    ),
  },
  {
    gate: 'by',
    pattern: new RegExp(`(?<title>${word}(?:(?: (?:${small}))* ${word})+),? by (?<author>${person})`, 'gu'),
    needs: 'a book nearby',
  },
  {
    gate: 'kind',
    pattern: new RegExp(
      `\\b(?:read|reading|reread|digging (?:deep |deeper )?into|finished|recommend|recommended|loved?|going through) [“‘]?(?<title>${word}(?:(?: (?:${small}))* ${word})+)(?=.*\\b(?:that|this|the|his|her|their) ${kind}\\b)`,
      'gu',
    ),
    needs: 'two words',
  },
  {
    gate: 'quote',
    pattern: new RegExp(
      `\\b(?:read|reading|reread|${kind}s?|called|titled|author of|wrote)(?: \\w+){0,3},? ["“](?<title>\\p{Lu}[^"”]{3,90}?)[,.]?["”](?=.*\\b${kind}\\b)`,
      'gu',
    ),
    needs: 'two words',
  },
  {
    gate: 'quote',
    pattern: /(?<=[\w,] ?)(?:'s|’s|is|was) (?:called|titled|entitled) ["“](?<title>\p{Lu}[^"”]{6,90}?)[,.]?["”]/gu,
    needs: 'a book nearby',
  },
  {
    gate: 'of',
    pattern: new RegExp(`\\b(?:author of|edition of|chapters? (?:of|in)|copy of) ["“‘]?(?<title>${longTitle})`, 'gu'),
    needs: 'two words',
  },
  {
    gate: 'wrote',
    pattern: new RegExp(
      `\\bwrote (?<title>(?:The )?${family}(?:(?: (?:of|the|and|in))* ${family})+)(?=[,.;]| (?:in|and|instead|when|while|because|for)\\b)`,
      'gu',
    ),
    needs: 'two words',
  },
]
/** Somebody speaks of books. */
export const bookWord = new RegExp(
  `\\b(?:${kind}s?|author|chapters?|wrote|reading|reread|read (?:it|that|this)|literature|reading list)\\b`,
  'iu',
)
