import { secretsOfQuery } from '../feeds/url-secrets.ts'
import type { ParsedTranscript } from '../transcripts/parsed.ts'
import { durationInWords, type Recognised, type Words, wordsInWords } from './recognised.ts'

const formatNames: Record<ParsedTranscript['format'], string> = {
  vtt: 'WebVTT',
  srt: 'SRT',
  'podcast-json': 'Podcasting 2.0 JSON',
  'whisper-json': 'Whisper JSON',
  'deepgram-json': 'Deepgram JSON',
  'assemblyai-json': 'AssemblyAI JSON',
  'service-json': 'JSON of a speech service',
  html: 'HTML',
  markdown: 'Markdown',
  text: 'text',
  speech: 'speech',
}

/** Last time that is known; null without times. */
export const lastSecond = ({ segments }: ParsedTranscript): number | null => {
  let last: number | null = null
  for (const { startSeconds, endSeconds } of segments) {
    const end = endSeconds ?? startSeconds
    if (end !== null && end > (last ?? 0)) last = end
  }
  return last
}

/** Whether it is a conversation or captions rather than prose. */
export const isTranscript = (read: ParsedTranscript): boolean => read.hasTimes || read.hasSpeakers

const lengthOf = (read: ParsedTranscript): string => {
  const seconds = lastSecond(read)
  return seconds === null
    ? wordsInWords(read.wordCount)
    : `${durationInWords(seconds)}, ${wordsInWords(read.wordCount)}`
}
export const describeTranscript = (read: ParsedTranscript): string => {
  const speakers = new Set(read.segments.flatMap(({ speaker }) => (speaker === null ? [] : [speaker]))).size
  const voices = speakers === 0 ? '' : `, ${speakers} ${speakers === 1 ? 'speaker' : 'speakers'}`
  return `${formatNames[read.format]}, ${lengthOf(read)}${voices}`
}

const makes = 'Notes are made from it on this computer.'

export function takeWords(
  read: ParsedTranscript,
  words: Words,
  about: {
    title: string
    kind: 'transcript' | 'article' | 'text' | 'web-page'
    publishedAtMs: number | null
    link: string | null
  },
): Recognised {
  const what =
    about.kind === 'transcript'
      ? `A transcript (${describeTranscript(read)})`
      : about.kind === 'web-page'
        ? `An article of ${wordsInWords(read.wordCount)} from ${new URL(about.link!).hostname}`
        : about.kind === 'article'
          ? `An article of ${wordsInWords(read.wordCount)}`
          : `A text of ${wordsInWords(read.wordCount)}`
  return {
    item: {
      kind: about.kind,
      title: about.title,
      sentence: `${what}: ${makes[0]!.toLowerCase()}${makes.slice(1)}`,
      action: 'make-notes',
      costMicroUsd: 0,
    },
    words,
    media: null,
    publishedAtMs: about.publishedAtMs,
    durationSeconds: lastSecond(read),
    language: read.language,
    // It will stand in the database and in notes, where no secret may.
    link: about.link !== null && secretsOfQuery(about.link).length > 0 ? null : about.link,
  }
}
