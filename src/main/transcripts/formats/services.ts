import type { Segment } from '#shared/contract/transcripts.ts'
import { readSeconds, toMillisecond } from '../clock-time.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { joinWords } from '../words.ts'
import { isObject, type JsonObject, nullableText, objects, speakerOf, textOf } from './json-values.ts'

/** Pieces in their order, words or whole phrases; null when the JSON is another service's. */
type Read = (root: JsonObject) => { pieces: Segment[]; arePhrases?: boolean } | null

const first = (row: JsonObject): JsonObject => objects(row.alternatives)[0] ?? {}
const ofMilliseconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? toMillisecond(value / 1000) : null
const piece = (start: unknown, end: unknown, speaker: unknown, text: unknown): Segment => ({
  startSeconds: readSeconds(start),
  endSeconds: readSeconds(end),
  speaker: speakerOf(speaker),
  text: textOf(text),
})

/** Signs have neither time nor voice of their own: they belong to the word before. */
const withSigns = (words: readonly (Segment & { isSign: boolean })[]): Segment[] => {
  const joined: Segment[] = []
  for (const { isSign, ...word } of words) {
    const last = joined.at(-1)
    if (isSign && last) joined[joined.length - 1] = { ...last, text: last.text + word.text }
    else if (word.text !== '') joined.push(word)
  }
  return joined
}

/** Amazon Transcribe: `results.items`; who speaks stands in the items or, in older answers, in a list of its own. */
const readAmazon: Read = ({ results }) => {
  const items = isObject(results) ? objects(results.items) : []
  if (!items.some((item) => 'content' in first(item))) return null
  const labels = isObject(results) && isObject(results.speaker_labels) ? objects(results.speaker_labels.segments) : []
  const voices = new Map(
    labels.flatMap((label) => objects(label.items)).map((item) => [item.start_time, item.speaker_label]),
  )
  return {
    pieces: withSigns(
      items.map((item) => ({
        ...piece(
          item.start_time,
          item.end_time,
          item.speaker_label ?? voices.get(item.start_time),
          first(item).content,
        ),
        isSign: item.type === 'punctuation',
      })),
    ),
  }
}

/** Speechmatics: a list of words and signs, each with alternatives. */
const readSpeechmatics: Read = ({ results }) => {
  const rows = objects(results)
  if (!rows.some((row) => 'start_time' in row && 'content' in first(row))) return null
  return {
    pieces: withSigns(
      rows.map((row) => ({
        ...piece(row.start_time, row.end_time, first(row).speaker, first(row).content),
        isSign: row.type === 'punctuation',
      })),
    ),
  }
}

/** Google Speech-to-Text: with voices, the last result repeats all words. */
const readGoogle: Read = ({ results }) => {
  const rows = objects(results)
  if (!rows.some((row) => typeof first(row).transcript === 'string')) return null
  const wordsOf = (row: JsonObject): Segment[] =>
    objects(first(row).words).map((word) =>
      piece(
        word.startTime ?? word.startOffset,
        word.endTime ?? word.endOffset,
        word.speakerLabel ?? word.speakerTag,
        word.word,
      ),
    )
  const last = wordsOf(rows.at(-1)!)
  if (last.some(({ speaker }) => speaker !== null)) return { pieces: last }
  const pieces = rows.flatMap((row) => {
    const words = wordsOf(row)
    return words.length > 0
      ? words
      : [piece(null, row.resultEndTime ?? row.resultEndOffset, null, first(row).transcript)]
  })
  return { pieces }
}

/** Rev AI: monologues of words and signs. */
const readRev: Read = (root) => {
  const monologues = objects(root.monologues)
  if (!monologues.some((monologue) => Array.isArray(monologue.elements))) return null
  const names = new Map(objects(root.speakers).map(({ id, name }) => [id, name]))
  return {
    pieces: monologues.flatMap(({ speaker, elements }) =>
      withSigns(
        objects(elements).map((element) => ({
          ...piece(element.ts, element.end_ts, nullableText(names.get(speaker)) ?? speaker, element.value),
          isSign: element.type === 'punct',
        })),
      ),
    ),
  }
}

/** YouTube's own captions (json3): lines of words; automatic ones scroll by a line of nothing but a break. */
const readYouTube: Read = (root) => {
  const events = objects(root.events).filter((event) => Array.isArray(event.segs) && 'tStartMs' in event)
  if (events.length === 0) return null
  return {
    arePhrases: true,
    pieces: events.map((event) => {
      const start = ofMilliseconds(event.tStartMs)
      const length = ofMilliseconds(event.dDurationMs)
      return {
        startSeconds: start,
        endSeconds: start === null || length === null ? null : toMillisecond(start + length),
        speaker: null,
        text: textOf(
          objects(event.segs)
            .map(({ utf8 }) => (typeof utf8 === 'string' ? utf8 : ''))
            .join(''),
        ),
      }
    }),
  }
}

const readers: readonly Read[] = [readAmazon, readSpeechmatics, readGoogle, readRev, readYouTube]
const readAny: Read = (root) => {
  for (const read of readers) {
    const found = read(root)
    if (found) return found
  }
  return null
}

export const isServiceJson = (json: unknown): boolean => isObject(json) && readAny(json) !== null

/** What further services and sites send: Amazon Transcribe, Speechmatics, Google, Rev AI, YouTube. */
export function parseServiceJson(json: unknown): Parsed {
  const found = (isObject(json) ? readAny(json) : null) ?? { pieces: [] }
  const pieces = found.pieces.filter(({ text }) => text !== '')
  return parsed(found.arePhrases ? pieces : joinWords(pieces))
}
