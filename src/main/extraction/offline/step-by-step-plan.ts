import { adviceScore, instructs, sequencesOf } from './advice.ts'
import type { Analysis, Sentence } from './analysis.ts'
import { noneFound, text, timed } from './markdown.ts'
import { createReader, type Reader } from './passages.ts'
import type { Recipe } from './recipe.ts'

/** Advice to the listener, in the order it was given. */
export const stepByStepPlan: Recipe = (analysis) => {
  const { steps: sequences } = analysis.once(sequencesOf)
  const wanted = Math.min(20, Math.max(5, sequences.size * 3, Math.round(analysis.hours * 8)))
  const scored = analysis.sentences.flatMap((sentence) => {
    const score = adviceScore(analysis, sentence)
    return score > (instructs(analysis, sentence) ? 0.85 : 1) ? [{ sentence, score }] : []
  })
  const kept = scored
    .sort((left, right) => right.score - left.score)
    .slice(0, wanted)
    .map(({ sentence }) => sentence)
    .sort((left, right) => left.index - right.index)
  const steps = stepsOf(analysis, kept, sequences)
  if (steps.length < 2) return { markdown: noneFound, itemCount: 0 }
  return { markdown: write(analysis, analysis.once(createReader), steps), itemCount: steps.length }
}

/** "Second, fix the times." takes in the instruction that follows it: "Write at the same three times every day." */
function stepsOf(analysis: Analysis, kept: readonly Sentence[], sequences: ReadonlySet<number>): Sentence[][] {
  const taken = new Set<number>()
  return kept.flatMap((sentence) => {
    if (taken.has(sentence.index)) return []
    const step = [sentence]
    const next = analysis.sentences[sentence.index + 1]
    const goesOn =
      sequences.has(sentence.index) &&
      next !== undefined &&
      next.turn === sentence.turn &&
      !sequences.has(next.index) &&
      sentence.words < 16 &&
      sentence.words + next.words <= 45 &&
      !/^then\b/i.test(next.text) &&
      instructs(analysis, next, true)
    if (goesOn) {
      step.push(next)
      taken.add(next.index)
    }
    return [step]
  })
}

function write(analysis: Analysis, reader: Reader, steps: readonly (readonly Sentence[])[]): string {
  const parts: string[] = []
  let lines: string[] = []
  let chapter: number | null = null
  steps.forEach((sentences, index) => {
    const first = sentences[0]!
    if (first.chapter !== chapter && first.chapter !== null) {
      if (lines.length > 0) parts.push(lines.join('\n'))
      lines = []
      parts.push(`### ${text(analysis.input.chapters[first.chapter]?.title ?? '') || 'Chapter'}`)
    }
    chapter = first.chapter
    const whole = sentences.map((sentence) => sentence.text).join(' ')
    const body = whole.slice(reader.standing(first).opening)
    lines.push(`${index + 1}. ${timed(text(body.charAt(0).toUpperCase() + body.slice(1)), first.startSeconds)}`)
  })
  return [...parts, lines.join('\n')].join('\n\n')
}
