import type { ExtractionInput } from '../../services.ts'
import { type Language, languageOf } from './language.ts'
import { markNoise } from './noise.ts'
import { createSentenceSplitter, isPunctuated, type Span } from './sentences.ts'
import { type Token, tagEnglish, tokenize } from './tagger.ts'
import { type TermWeights, termWeightsOf } from './terms.ts'
import { secondsAt, type Turn, turnsOf } from './turns.ts'

export interface Sentence {
  readonly index: number
  readonly text: string
  readonly speaker: string | null
  readonly startSeconds: number | null
  readonly endSeconds: number | null
  readonly turn: number
  /** Index of the chapter it belongs to; null without chapters or times. */
  readonly chapter: number | null
  readonly tokens: readonly Token[]
  readonly words: number
  /** Not whole, as the transcript has it. */
  readonly damaged: boolean
}
export interface Analysis {
  readonly input: ExtractionInput
  readonly language: Language
  readonly punctuated: boolean
  readonly turns: readonly Turn[]
  readonly sentences: readonly Sentence[]
  /** Sentences of adverts, greetings and housekeeping. */
  readonly noise: ReadonlySet<number>
  /** Of these, the adverts: nothing in them was named by those who talk. */
  readonly adverts: ReadonlySet<number>
  readonly terms: TermWeights
  readonly words: number
  /** Hours of talk, from the times or else from the number of words. */
  readonly hours: number
  readonly coveredFromSeconds: number | null
  readonly coveredToSeconds: number | null
  /** What several recipes need, made by the first that asks. */
  once<Value>(make: (analysis: Analysis) => Value): Value
}

const lowerWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}]+(?:['’][\p{L}]+)*/gu) ?? []

/** What all recipes read, made once. */
export function analyse(input: ExtractionInput): Analysis {
  const turns = turnsOf(input.segments)
  const words = turns.flatMap(({ text }) => lowerWords(text))
  const language = languageOf(words, input.language)
  const punctuated = isPunctuated(turns.map(({ text }) => text))
  const split = createSentenceSplitter(language.code === 'und' ? 'en' : language.code)
  const spans = turns.flatMap((turn, index) =>
    (punctuated ? split(turn.text) : cutAtMarks(turn))
      .flatMap((span) => notEndless(turn.text, span))
      .map((span) => ({ ...span, turn: index })),
  )
  const texts = spans.map((span) => turns[span.turn]!.text.slice(span.start, span.end))
  const tokens = language.isEnglish ? tagEnglish(texts) : texts.map(tokenize)
  const chapterAt = chapterFinder(input.chapters)
  const sentences = spans.map((span, index): Sentence => {
    const turn = turns[span.turn]!
    const startSeconds = secondsAt(turn, span.start)
    return {
      index,
      text: texts[index]!,
      speaker: turn.speaker,
      startSeconds,
      endSeconds: secondsAt(turn, span.end),
      turn: span.turn,
      chapter: startSeconds === null ? null : chapterAt(startSeconds),
      tokens: tokens[index]!,
      words: texts[index]!.split(' ').length,
      damaged: span.damaged,
    }
  })
  const { noise, adverts } = markNoise(sentences)
  const seconds = { from: sentences[0]?.startSeconds ?? null, to: sentences.at(-1)?.endSeconds ?? null }
  const byTime = seconds.from !== null && seconds.to !== null ? (seconds.to - seconds.from) / 3600 : 0
  const made = new Map<unknown, unknown>()
  const analysis: Analysis = {
    input,
    language,
    punctuated,
    turns,
    sentences,
    noise,
    adverts,
    terms: termWeightsOf(sentences, noise, language),
    words: words.length,
    hours: byTime > 0 ? byTime : words.length / 9_000,
    coveredFromSeconds: seconds.from,
    coveredToSeconds: seconds.to,
    once: <Value>(make: (from: Analysis) => Value): Value => {
      if (!made.has(make)) made.set(make, make(analysis))
      return made.get(make) as Value
    },
  }
  return analysis
}

/** Without full stops: passages of a dozen words or more, cut where the captions are. */
function cutAtMarks(turn: Turn): Span[] {
  const spans: Span[] = []
  let start = 0
  turn.marks.forEach((mark, index) => {
    const next = turn.marks[index + 1]
    const words = turn.text.slice(start, mark.end).split(' ').length
    const pause =
      next && next.startSeconds !== null && mark.endSeconds !== null ? next.startSeconds - mark.endSeconds : 0
    if (next && words < 30 && !(words >= 12 && pause > 0.4)) return
    spans.push({ start, end: mark.end, damaged: false })
    start = mark.end + 1
  })
  return spans
}

/** A "sentence" of hundreds of words is none: cut, so that no pattern is ever tried on a megabyte. */
function notEndless(text: string, span: Span): Span[] {
  if (span.end - span.start < 2_000) return [span]
  const spans: Span[] = []
  let { start } = span
  while (start < span.end) {
    const space = text.lastIndexOf(' ', start + 600)
    const end = Math.min(span.end, space > start ? space : start + 600)
    spans.push({ start, end, damaged: true })
    start = text[end] === ' ' ? end + 1 : end
  }
  return spans
}

function chapterFinder(chapters: ExtractionInput['chapters']): (seconds: number) => number | null {
  const starts = chapters.map(({ startSeconds }, index) => ({ startSeconds, index }))
  starts.sort((left, right) => left.startSeconds - right.startSeconds)
  return (seconds) => starts.findLast(({ startSeconds }) => startSeconds <= seconds + 0.5)?.index ?? null
}
