import type { Segment } from '#shared/contract/transcripts.ts'
import { toMillisecond } from '../clock-time.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { joinWords } from '../words.ts'
import { isObject, type JsonObject, nullableText, objects, speakerOf, textOf } from './json-values.ts'

/** Whole milliseconds: others give seconds. */
const hasTimedText = (rows: JsonObject[]): boolean =>
  rows.some((row) => typeof row.text === 'string' && typeof row.start === 'number') &&
  rows.every((row) => typeof row.end !== 'number' || Number.isInteger(row.end))

/** Utterances, or what its list of sentences or paragraphs holds. */
const rowsOf = (json: JsonObject): JsonObject[] =>
  [json.utterances, json.sentences, json.paragraphs].map(objects).find((rows) => rows.length > 0) ?? []

/** Its times are milliseconds, so it must be told from Whisper, whose times are seconds, by what only it says. */
export const isAssemblyAiJson = (json: unknown): boolean =>
  isObject(json) &&
  !Array.isArray(json.segments) &&
  (hasTimedText(rowsOf(json)) || hasTimedText(objects(json.words))) &&
  ([
    'audio_url',
    'audio_duration',
    'acoustic_model',
    'language_model',
    'speech_model',
    'language_code',
    'speaker_labels',
  ].some((name) => name in json) ||
    hasTimedText(rowsOf(json)))

const seconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? toMillisecond(value / 1000) : null

const segment = (row: JsonObject): Segment => ({
  startSeconds: seconds(row.start),
  endSeconds: seconds(row.end),
  speaker: speakerOf(row.speaker),
  text: textOf(row.text),
})

/** AssemblyAI: utterances (or sentences, paragraphs), else words. */
export function parseAssemblyAiJson(json: unknown): Parsed {
  const root = isObject(json) ? json : {}
  const segments = rowsOf(root).flatMap((utterance) => {
    const words = objects(utterance.words).map((word) => ({
      ...segment(word),
      speaker: speakerOf(utterance.speaker) ?? speakerOf(word.speaker),
    }))
    return words.length > 0 ? joinWords(words) : [segment(utterance)]
  })
  const found = segments.length > 0 ? segments : joinWords(objects(root.words).map(segment))
  return parsed(
    found.filter((one) => one.text !== ''),
    { language: nullableText(root.language_code)?.split(/[_-]/)[0] ?? null },
  )
}
