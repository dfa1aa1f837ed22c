import type { Analysis, Sentence } from './analysis.ts'
import { inDictionary, type Token } from './tagger.ts'
import { notNames, weekdaysAndMonths } from './words/names.ts'

/** A run of capitalised words: a name of somebody or something. */
export interface NameSpan {
  readonly text: string
  readonly sentence: Sentence
  /** Indices of its tokens, `to` excluded. */
  readonly from: number
  readonly to: number
  /** It begins the sentence, where everything has a capital. */
  readonly initial: boolean
}

const joining = new Set(['of', 'de', 'van', 'von', 'der', 'den', 'la', 'le', 'di', 'da', 'bin', 'al'])
const capital = /^[\p{Lu}]|^[a-z]{1,2}[A-Z]|^\d+[A-Z]/u
/** A capital after these begins a sentence or quoted speech. */
const startsSpeech = new Set(['"', '“', ':', '-', '--', '–', '—', '...', '…', '(', '.', '?', '!', "'", '‘'])

/** Whom these name takes part. */
const introduction =
  /\b(?:welcome|your host|(?:i(?:'m| am)|my name is|this is|meet) \p{Lu}|joining (?:me|us)|joined|(?:our|my|today's) guests?|co-?host|thanks?(?: you)?|for (?:joining|having|coming)|sponsor\w*|episode|subscribe)\b/iu

export function namesOf(analysis: Analysis): NameSpan[] {
  const small = lowerCounts(analysis.sentences)
  return analysis.sentences
    .filter(
      ({ index, text }) => !analysis.adverts.has(index) && !(analysis.noise.has(index) && introduction.test(text)),
    )
    .flatMap((sentence) => spansOf(sentence, small))
}

/** Those words of names that are in a dictionary too. */
export const dictionaryOfNames = (analysis: Analysis): ReadonlySet<string> =>
  inDictionary([
    ...new Set(
      analysis.once(namesOf).flatMap(({ text }) =>
        text
          .toLowerCase()
          .split(' ')
          .map((word) => word.replace(/['’]s?$/, ''))
          .filter((word) => /^\p{L}+$/u.test(word)),
      ),
    ),
  ])

interface Cases {
  lower: number
  upper: number
}
/** How often a word is written small, and with a capital where it need not have one. */
function lowerCounts(sentences: readonly Sentence[]): ReadonlyMap<string, Cases> {
  const counts = new Map<string, Cases>()
  for (const { tokens } of sentences)
    tokens.forEach((token, index) => {
      const entry = counts.get(token.lower) ?? { lower: 0, upper: 0 }
      if (token.text === token.lower) entry.lower += 1
      else if (index > 0 && !startsSpeech.has(tokens[index - 1]!.text)) entry.upper += 1
      counts.set(token.lower, entry)
    })
  return counts
}

function spansOf(sentence: Sentence, cases: ReadonlyMap<string, Cases>): NameSpan[] {
  const { tokens } = sentence
  const spans: NameSpan[] = []
  let from = -1
  const isName = (token: Token, index: number): boolean => {
    if (!capital.test(token.text) || token.pos === 'PUNCT' || notNames.has(token.lower)) return false
    if (weekdaysAndMonths.has(token.lower) || /^\p{Lu}['’]/u.test(token.text)) return false
    const known = cases.get(token.lower)
    const before = tokens[index - 1]
    const starts = !before || (startsSpeech.has(before.text) && !(before.text === '-' && before.end === token.start))
    if (!starts)
      return (
        token.pos === 'PROPN' ||
        /\p{Lu}.*\p{Lu}|\d/u.test(token.text) ||
        (known?.lower ?? 0) === 0 ||
        /^(?:NOUN|ADJ|VERB|X)$/.test(token.pos)
      )
    // At the start of a sentence a word counts that has a capital elsewhere too, or is never written small.
    return (
      (known?.upper ?? 0) > (known?.lower ?? 0) ||
      /\p{Ll}\p{Lu}/u.test(token.text) ||
      ((known?.lower ?? 0) === 0 && token.pos === 'PROPN')
    )
  }
  const close = (to: number): void => {
    if (from < 0) return
    let end = to
    while (end > from && (joining.has(tokens[end - 1]!.lower) || tokens[end - 1]!.text === '&')) end -= 1
    if (end > from) {
      const first = tokens[from]!
      spans.push({
        text: sentence.text.slice(first.start, tokens[end - 1]!.end),
        sentence,
        from,
        to: end,
        initial: from === 0 || startsSpeech.has(tokens[from - 1]!.text),
      })
    }
    from = -1
  }
  tokens.forEach((token, index) => {
    if (isName(token, index)) {
      if (from < 0) from = index
      return
    }
    const previous = tokens[index - 1]
    const next = tokens[index + 1]
    const hyphen =
      from >= 0 &&
      token.text === '-' &&
      previous?.end === token.start &&
      next?.start === token.end &&
      capital.test(next.text)
    if (hyphen) return
    const joins =
      from >= 0 &&
      next !== undefined &&
      isName(next, index + 1) &&
      (joining.has(token.lower) || token.text === '&' || /^(?:\d+(?:\.\d+)*|#|\+\+)$/.test(token.text))
    if (joins) return
    if (from >= 0 && previous && /^(?:#|\+\+|\d{1,2}(?:\.\d+)?)$/.test(token.text) && token.start === previous.end)
      return
    close(index)
  })
  close(tokens.length)
  return spans
}

export interface NameGroup {
  /** As most often written. */
  readonly name: string
  readonly spans: readonly NameSpan[]
}

export function groupNames(spans: readonly NameSpan[]): Map<string, NameGroup> {
  const groups = new Map<string, { name: string; spans: NameSpan[] }>()
  for (const span of spans) {
    const key = span.text.toLowerCase()
    const group = groups.get(key) ?? { name: span.text, spans: [] }
    group.spans.push(span)
    groups.set(key, group)
  }
  return groups
}
