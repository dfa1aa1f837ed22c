import type { Segment } from '#shared/contract/transcripts.ts'
import { cleanCharacters } from '../clean-text.ts'
import { readSeconds, toMillisecond } from '../clock-time.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { areSingleWords, joinWords } from '../words.ts'
import { isObject, type JsonObject, nullableText, objects, speakerOf, textOf } from './json-values.ts'
import { parsePlainText } from './plain-text.ts'

const rowsOf = (json: unknown, depth = 0): JsonObject[] => {
  if (Array.isArray(json)) return objects(json)
  if (!isObject(json)) return []
  for (const name of ['speakers', 'segments', 'transcription', 'chunks', 'utterances'])
    if (objects(json[name]).some(hasText)) return objects(json[name])
  // Gladia and others put it all into `transcription` or `result`.
  for (const name of ['transcription', 'result']) {
    const rows = isObject(json[name]) && depth < 3 ? rowsOf(json[name], depth + 1) : []
    if (rows.length > 0) return rows
  }
  return objects(json.words)
}

const hasText = (row: JsonObject): boolean => typeof row.text === 'string' || typeof row.word === 'string'
const hasWhisperTimes = (row: JsonObject): boolean =>
  'start' in row || Array.isArray(row.timestamp) || isObject(row.offsets) || isObject(row.timestamps)

export const isWhisperJson = (json: unknown): boolean =>
  rowsOf(json).some((row) => hasText(row) && hasWhisperTimes(row))

const milliseconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? toMillisecond(value / 1000) : null

function timesOf(row: JsonObject): [number | null, number | null] {
  if (Array.isArray(row.timestamp)) return [readSeconds(row.timestamp[0]), readSeconds(row.timestamp[1])]
  if (isObject(row.offsets)) return [milliseconds(row.offsets.from), milliseconds(row.offsets.to)]
  if (isObject(row.timestamps)) return [readSeconds(row.timestamps.from), readSeconds(row.timestamps.to)]
  return [readSeconds(row.start), readSeconds(row.end)]
}

/** Words of WhisperX carry the speaker; numbers and signs have no times of their own. */
function bySpeaker(row: JsonObject): Segment[] | null {
  const words = objects(row.words)
  const speakers = new Set(words.map((word) => speakerOf(word.speaker)).filter((speaker) => speaker !== null))
  if (speakers.size === 0) return null
  if (speakers.size === 1) return [{ ...segmentOf(row), speaker: speakerOf(row.speaker) ?? [...speakers][0]! }]
  let speaker = speakerOf(words.find((word) => speakerOf(word.speaker) !== null)?.speaker)
  const runs: Segment[] = []
  for (const word of words) {
    speaker = speakerOf(word.speaker) ?? speaker
    const [startSeconds, endSeconds] = timesOf(word)
    const text = textOf(word.word ?? word.text)
    const last = runs.at(-1)
    if (last && last.speaker === speaker)
      runs[runs.length - 1] = {
        ...last,
        startSeconds: last.startSeconds ?? startSeconds,
        endSeconds: endSeconds ?? last.endSeconds,
        text: `${last.text} ${text}`.trim(),
      }
    else runs.push({ startSeconds: startSeconds ?? last?.endSeconds ?? null, endSeconds, speaker, text })
  }
  // A number at the edge has no time of its own: there the segment's counts.
  const [start, end] = timesOf(row)
  const edge = [timesOf(words[0]!)[0] ?? start, timesOf(words.at(-1)!)[1] ?? end] as const
  runs[0] = { ...runs[0]!, startSeconds: edge[0] }
  runs[runs.length - 1] = { ...runs.at(-1)!, endSeconds: edge[1] }
  return runs
}

function segmentOf(row: JsonObject): Segment {
  const [startSeconds, endSeconds] = timesOf(row)
  const speaker = speakerOf(row.voice) ?? speakerOf(row.speaker) ?? speakerOf(row.speaker_id)
  return { startSeconds, endSeconds, speaker, text: textOf(row.text ?? row.word) }
}

/** Whole numbers too large to be seconds: nobody needs minutes for a line. */
function areMilliseconds(segments: readonly Segment[]): boolean {
  const lengths = segments.map(({ startSeconds, endSeconds }) => (endSeconds ?? 0) - (startSeconds ?? 0))
  const whole = segments.every(
    ({ startSeconds, endSeconds }) => Number.isInteger(startSeconds) && Number.isInteger(endSeconds),
  )
  if (!whole || segments.length === 0) return false
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const characters = segments.reduce((sum, { text }) => sum + text.length, 0)
  return lengths.toSorted((a, b) => a - b)[lengths.length >> 2]! >= 200 && characters < total / 2
}
const inSeconds = (segments: readonly Segment[]): Segment[] =>
  segments.map((segment) => ({
    ...segment,
    startSeconds: milliseconds(segment.startSeconds),
    endSeconds: milliseconds(segment.endSeconds),
  }))

/** `{"text": "…"}`, the plain answer of Whisper's kin. */
export const isTextOnlyJson = (json: unknown): boolean => isObject(json) && textOf(json.text) !== ''
export const parseTextOnlyJson = (json: unknown): Parsed =>
  isObject(json) && typeof json.text === 'string'
    ? { ...parsePlainText(cleanCharacters(json.text)), language: nullableText(json.language) }
    : parsed([])

/** Whisper, faster-whisper, OpenAI `verbose_json`, WhisperX, whisper.cpp, Transformers: `[{start, end, text}]` and its kin. */
export function parseWhisperJson(json: unknown): Parsed {
  const root = isObject(json) ? json : {}
  const rows = rowsOf(json)
    .flatMap((row) => bySpeaker(row) ?? [segmentOf(row)])
    .filter((segment) => segment.text !== '')
  const segments = areMilliseconds(rows) ? inSeconds(rows) : rows
  const result = isObject(root.result) ? root.result : {}
  return parsed(areSingleWords(segments) ? joinWords(segments) : segments, {
    language: nullableText(root.language) ?? nullableText(result.language),
    title: nullableText(root.title),
  })
}
