import type { Segment } from '#shared/contract/transcripts.ts'
import { carriedOn } from '../captions.ts'
import { cleanCharacters } from '../clean-text.ts'
import { readSeconds } from '../clock-time.ts'
import { ownGenerator } from '../export/own-generator.ts'
import { type Parsed, parsed } from '../parsed.ts'
import { areSingleWords, joinWords } from '../words.ts'
import { isObject, type JsonObject, nullableText, objects, speakerOf, textOf } from './json-values.ts'

export const isPodcastJson = (json: unknown): boolean =>
  isObject(json) && objects(json.segments).some((segment) => 'body' in segment || 'startTime' in segment)

/** Podcasting 2.0 `{version, segments: [{speaker, startTime, endTime, body}]}`, with segments of a word or of a sentence. */
export function parsePodcastJson(json: unknown): Parsed {
  const root = isObject(json) ? json : {}
  if (root.generator === ownGenerator) return parseOwn(root)
  const segments = objects(root.segments)
    .map(
      (segment): Segment => ({
        startSeconds: readSeconds(segment.startTime),
        endSeconds: readSeconds(segment.endTime),
        speaker: speakerOf(segment.speaker),
        text: textOf(segment.body ?? segment.text),
      }),
    )
    .filter((segment) => segment.text !== '')
  const spoken = carriedOn(segments)
  return parsed(areSingleWords(spoken) ? joinWords(spoken) : spoken, {
    language: nullableText(root.language),
    title: nullableText(root.title),
  })
}

/** What Inkwell wrote comes back identical. */
const parseOwn = (root: JsonObject): Parsed =>
  parsed(
    objects(root.segments).flatMap((segment): Segment[] => {
      const text = cleanText(segment.body)
      if (text === '') return []
      return [
        {
          startSeconds: readSeconds(segment.startTime),
          endSeconds: readSeconds(segment.endTime),
          speaker: cleanText(segment.speaker).slice(0, 200) || null,
          text,
        },
      ]
    }),
    { language: nullableText(root.language), title: nullableText(root.title) },
  )
const cleanText = (value: unknown): string => (typeof value === 'string' ? cleanCharacters(value) : '')
