import type { Segment } from '#shared/contract/transcripts.ts'
import { readSeconds } from '../clock-time.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { joinWords } from '../words.ts'
import { isObject, type JsonObject, nullableText, objects, speakerOf, textOf } from './json-values.ts'

const resultsOf = (json: unknown): JsonObject | null => (isObject(json) && isObject(json.results) ? json.results : null)

export const isDeepgramJson = (json: unknown): boolean => {
  const results = resultsOf(json)
  return (
    results !== null &&
    (objects(results.utterances).some((utterance) => 'transcript' in utterance) ||
      objects(results.channels).some((channel) => Array.isArray(channel.alternatives)))
  )
}

const segment = (row: JsonObject, text: string, speaker: string | null): Segment => ({
  startSeconds: readSeconds(row.start),
  endSeconds: readSeconds(row.end),
  speaker,
  text,
})

function ofAlternative(alternative: JsonObject, channelSpeaker: string | null): Segment[] {
  const paragraphs = isObject(alternative.paragraphs) ? alternative.paragraphs.paragraphs : alternative.paragraphs
  const sentences = objects(paragraphs).flatMap((paragraph) =>
    objects(paragraph.sentences).map((sentence) =>
      segment(sentence, textOf(sentence.text), speakerOf(paragraph.speaker) ?? channelSpeaker),
    ),
  )
  if (sentences.length > 0) return sentences
  const words = objects(alternative.words).map((word) =>
    segment(word, textOf(word.punctuated_word ?? word.word), speakerOf(word.speaker) ?? channelSpeaker),
  )
  if (words.length > 0) return joinWords(words)
  const text = textOf(alternative.transcript)
  return text === '' ? [] : [{ startSeconds: null, endSeconds: null, speaker: channelSpeaker, text }]
}

/** Deepgram: paragraphs, else utterances, else words; with several channels each channel is a voice. Seconds. */
export function parseDeepgramJson(json: unknown): Parsed {
  const results = resultsOf(json) ?? {}
  const channels = objects(results.channels)
  const first = channels[0]
  const several = channels.length > 1
  let segments = channels.flatMap((channel, index) =>
    ofAlternative(objects(channel.alternatives)[0] ?? {}, several ? `Speaker ${index}` : null),
  )
  const utterances = objects(results.utterances).map((row) =>
    segment(row, textOf(row.transcript), speakerOf(row.speaker) ?? (several ? speakerOf(row.channel) : null)),
  )
  const lacksSpeakers = segments.every((one) => one.speaker === null) && utterances.some((one) => one.speaker !== null)
  if (segments.length === 0 || lacksSpeakers) segments = utterances.length > 0 ? utterances : segments
  if (several) segments = segments.toSorted((left, right) => (left.startSeconds ?? 0) - (right.startSeconds ?? 0))
  return parsed(
    segments.filter((one) => one.text !== ''),
    { language: nullableText(first?.detected_language) },
  )
}
