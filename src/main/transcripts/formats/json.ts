import type { TranscriptFormat } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Parsed } from '../parsed.ts'
import { isAssemblyAiJson, parseAssemblyAiJson } from './assemblyai.ts'
import { isDeepgramJson, parseDeepgramJson } from './deepgram.ts'
import { isObject } from './json-values.ts'
import { isPodcastJson, parsePodcastJson } from './podcast-json.ts'
import { isServiceJson, parseServiceJson } from './services.ts'
import { isTextOnlyJson, isWhisperJson, parseTextOnlyJson, parseWhisperJson } from './whisper.ts'

const kinds: readonly [TranscriptFormat, (json: unknown) => boolean, (json: unknown) => Parsed][] = [
  ['podcast-json', isPodcastJson, parsePodcastJson],
  ['deepgram-json', isDeepgramJson, parseDeepgramJson],
  ['assemblyai-json', isAssemblyAiJson, parseAssemblyAiJson],
  ['whisper-json', isWhisperJson, parseWhisperJson],
  ['service-json', isServiceJson, parseServiceJson],
  // Last: other answers have their whole text beside their parts.
  ['whisper-json', isTextOnlyJson, parseTextOnlyJson],
]

/** Which JSON it is, by its shape. */
export function parseJsonTranscript(
  text: string,
): Result<Parsed & { format: TranscriptFormat }, 'transcript-unreadable'> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    const cut = /end of JSON input|Unterminated/i.test((error as Error).message)
    return fail(
      'transcript-unreadable',
      cut
        ? 'This JSON ends in the middle: the file was probably not copied or downloaded whole. Fetch it again.'
        : 'This looks like JSON but is damaged, so no transcript can be read from it.',
    )
  }
  const kind = kinds.find(([, matches]) => matches(json))
  if (kind) return ok({ ...kind[2](json), format: kind[0] })
  const keys = isObject(json) ? Object.keys(json).slice(0, 6) : []
  const holds = keys.length > 0 ? ` It holds ${keys.map((key) => `“${key.slice(0, 30)}”`).join(', ')}.` : ''
  return fail(
    'transcript-unreadable',
    `This JSON is no transcript that Inkwell knows. It looked for “segments” (Podcasting 2.0, Whisper, WhisperX), “results.channels” (Deepgram), and “utterances” or “words” (AssemblyAI).${holds}`,
  )
}
