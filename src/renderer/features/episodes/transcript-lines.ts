import type { Chapter } from '#shared/contract/episodes.ts'
import type { Segment } from '#shared/contract/transcripts.ts'

/** A paragraph of the transcript as it is read: neighbouring segments of one speaker. */
export interface TranscriptLine {
  readonly startSeconds: number | null
  readonly endSeconds: number | null
  readonly speaker: string | null
  /** Whether the speaker's name stands above it. */
  readonly showSpeaker: boolean
  /** Chapter that begins with it. */
  readonly chapter: Chapter | null
  readonly text: string
}

/** Caption cues are a few words long: they are joined up to a sentence end after this many characters … */
const comfortableLength = 140
/** … or anyway at this many. */
const longestLine = 420
/** A pause in seconds that starts a new paragraph. */
const longPause = 4

const endsSentence = /[.!?…。！？]["'”’»)]*$/u

/** Joins segments into lines without losing a word: speakers, chapters, pauses and sentence ends start new ones. */
export function linesOf(segments: readonly Segment[], chapters: readonly Chapter[]): TranscriptLine[] {
  const ordered = [...chapters].sort((a, b) => a.startSeconds - b.startSeconds)
  const lines: { -readonly [K in keyof TranscriptLine]: TranscriptLine[K] }[] = []
  let nextChapter = 0
  for (const segment of segments) {
    const text = segment.text.trim()
    if (text === '') continue
    let chapter: Chapter | null = null
    while (segment.startSeconds !== null) {
      const candidate = ordered[nextChapter]
      // Half a second of grace: chapter marks are rounded, cues are not.
      if (!candidate || candidate.startSeconds > segment.startSeconds + 0.5) break
      chapter = candidate
      nextChapter++
    }
    const last = lines.at(-1)
    const pause =
      last?.endSeconds != null && segment.startSeconds !== null && segment.startSeconds - last.endSeconds >= longPause
    const full =
      last !== undefined &&
      (last.text.length + text.length > longestLine ||
        (last.text.length >= comfortableLength && endsSentence.test(last.text)))
    if (!last || chapter || pause || full || last.speaker !== segment.speaker) {
      lines.push({
        startSeconds: segment.startSeconds,
        endSeconds: segment.endSeconds,
        speaker: segment.speaker,
        showSpeaker: segment.speaker !== null && (chapter !== null || last?.speaker !== segment.speaker),
        chapter,
        text,
      })
    } else {
      last.text = `${last.text} ${text}`
      last.endSeconds = segment.endSeconds ?? last.endSeconds
    }
  }
  return lines
}

/**
 * The line that is being said at `seconds`, which may be cut to whole ones: the last that starts before the next second.
 * -1 without times.
 */
export function lineAt(lines: readonly TranscriptLine[], seconds: number): number {
  let found = -1
  for (const [index, line] of lines.entries()) {
    if (line.startSeconds === null) continue
    if (line.startSeconds >= seconds + 1) break
    found = index
  }
  return found < 0 ? lines.findIndex((line) => line.startSeconds !== null) : found
}

/** As copied: one paragraph per line, times and speakers before it when asked for. */
export function transcriptAsText(
  lines: readonly TranscriptLine[],
  withTimes: boolean,
  timeOf: (seconds: number) => string,
): string {
  return lines
    .map((line) => {
      const time = withTimes && line.startSeconds !== null ? `[${timeOf(line.startSeconds)}] ` : ''
      const speaker = line.speaker !== null && (withTimes || line.showSpeaker) ? `${line.speaker}: ` : ''
      const heading = line.chapter ? `${line.chapter.title}\n\n` : ''
      return `${heading}${time}${speaker}${line.text}`
    })
    .join('\n\n')
}
