import type { Chapter } from '#shared/contract/episodes.ts'
import type { Segment, Transcript } from '#shared/contract/transcripts.ts'
import { escapeMarkdownText } from '#shared/markdown-escape.ts'
import type { EpisodeRecord } from '../services.ts'
import { list, plain, text, type YamlValue, yamlMapping } from './frontmatter.ts'
import { dayOf } from './names.ts'
import { neutralise } from './neutralise.ts'
import { type NoteText, noteHeading, textOf } from './note-text.ts'
import { episodeUrl, timedUrl } from './public-url.ts'
import { clockLabel, timesToFile } from './time-links.ts'

/** A speaker's turn is broken into paragraphs of about this many characters. */
const paragraphCharacters = 600

/** `_transcript.md`: chapters as headings, a time and the speaker at each turn, the words escaped. */
export function transcriptText(episode: EpisodeRecord, transcript: Transcript, chapters: readonly Chapter[]): NoteText {
  const url = episodeUrl(episode)
  const published = dayOf(episode.publishedAtMs)
  const entries: [string, YamlValue][] = [
    ['podcast', text(episode.feedTitle)],
    ['episode', text(episode.title)],
    ...(published === null ? [] : [['date', plain(published)] as [string, YamlValue]]),
    ['transcript_source', text(transcript.source)],
    ...(transcript.language === null ? [] : [['language', text(transcript.language)] as [string, YamlValue]]),
    ...(url === null ? [] : [['url', text(url)] as [string, YamlValue]]),
    ['tags', list(['podcast', 'inkwell', 'transcript'])],
  ]
  const recording = timedUrl(episode)
  const body = paragraphs(transcript.segments, chapters)
    .map((paragraph) => timesToFile(neutralise(paragraph), recording))
    .join('\n\n')
  const content = `---\n${yamlMapping(entries)}---\n\n${noteHeading('Transcript', episode.title)}\n\n${body}\n`
  return textOf(content)
}

function paragraphs(segments: readonly Segment[], chapters: readonly Chapter[]): string[] {
  const upcoming = chapters.toSorted((a, b) => a.startSeconds - b.startSeconds)
  const out: string[] = []
  let lead = ''
  let words: string[] = []
  let length = 0
  let speaker: string | null | undefined
  const flush = (): void => {
    // Joined before escaping: what is special at the start of a line is not in the middle of one.
    if (words.length > 0) out.push(`${lead}${escapeMarkdownText(words.join(' '))}`)
    words = []
    length = 0
  }
  for (const segment of segments) {
    const start = segment.startSeconds
    while (start !== null && upcoming[0] && upcoming[0].startSeconds <= start + 0.5) {
      flush()
      const { title, startSeconds } = upcoming.shift()!
      out.push(`## ${escapeMarkdownText(title)} ${timeLink(startSeconds)}`)
      speaker = undefined
    }
    if (segment.text.trim() === '') continue
    const changed = segment.speaker !== speaker
    if (changed || length > paragraphCharacters) flush()
    if (words.length === 0) {
      const name = changed && segment.speaker ? `**${escapeMarkdownText(segment.speaker)}** ` : ''
      lead = `${name}${start === null ? '' : `${timeLink(start)} `}`
    }
    speaker = segment.speaker
    words.push(segment.text.trim())
    length += segment.text.length
  }
  flush()
  return out
}

const timeLink = (seconds: number): string => `[${clockLabel(seconds)}](#t=${Math.floor(Math.max(0, seconds))})`
