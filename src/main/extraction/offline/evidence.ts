import type { Analysis, Sentence } from './analysis.ts'
import { createReader, type Reader } from './passages.ts'

/** The sentence among these that says most and reads best by itself; the first of equals. */
export function bestEvidence(
  analysis: Analysis,
  sentences: readonly Sentence[],
  bonus: (sentence: Sentence) => number = () => 0,
  reader: Reader = analysis.once(createReader),
): Sentence | null {
  let best: Sentence | null = null
  let bestScore = Number.NEGATIVE_INFINITY
  for (const sentence of sentences) {
    const { whole, leaning, filler, isQuestion } = reader.standing(sentence)
    const length = sentence.words < 6 ? 1.2 : sentence.words > 45 ? (sentence.words - 45) * 0.05 : 0
    const score =
      bonus(sentence) -
      leaning * 0.6 -
      filler * 6 -
      length -
      (whole ? 0 : 1.5) -
      (isQuestion ? 0.8 : 0) -
      (analysis.noise.has(sentence.index) ? 3 : 0)
    if (score > bestScore) [best, bestScore] = [sentence, score]
  }
  return best
}

/** As evidence is shown: without "Yeah, so,", not longer than it need be, and not so short that it says nothing. */
export function shown(analysis: Analysis, sentence: Sentence, name: string): string {
  const before = analysis.sentences[sentence.index - 1]
  const alone = sentence.words >= 7 || !before || before.turn !== sentence.turn || before.words > 40
  if (alone || analysis.noise.has(before.index)) return excerpt(withoutLead(analysis, sentence), name)
  return `${withoutLead(analysis, before)} ${sentence.text}`
}

function withoutLead(analysis: Analysis, sentence: Sentence): string {
  const { opening } = analysis.once(createReader).standing(sentence)
  const rest = sentence.text.slice(opening)
  return opening === 0 || rest.split(' ').length < 4 ? sentence.text : rest.charAt(0).toUpperCase() + rest.slice(1)
}

/** The word after the last comma or dash that stands well before a word; else a dozen words before it. */
function clauseStart(words: readonly string[], at: number): number {
  for (let index = at - 1; index > Math.max(0, at - 18); index--)
    if (/[,;:]$|^[-–—]$/.test(words[index]!)) return index + 1
  return Math.max(0, at - 12)
}

/** A long sentence is cut to the clauses around a name: as evidence it need only show what was said of it. */
function excerpt(text: string, name: string, most = 50): string {
  const words = text.split(' ')
  if (words.length <= most) return text
  const at = Math.max(0, text.toLowerCase().indexOf(name.toLowerCase()))
  const before = text.slice(0, at).split(' ').length - 1
  const from = before <= most / 2 ? 0 : Math.max(0, Math.min(clauseStart(words, before), words.length - 12))
  const cut = words.slice(from, from + most).join(' ')
  return `${from > 0 ? '… ' : ''}${cut}${from + most < words.length ? ' …' : ''}`
}
