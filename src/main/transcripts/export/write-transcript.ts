import type { Segment, Transcript, TranscriptFile } from '#shared/contract/transcripts.ts'
import { csvCell } from '../../audit/export-text.ts'
import { clockOf, toMillisecond } from '../clock-time.ts'
import { joinForReading } from '../reading.ts'
import { ownGenerator } from './own-generator.ts'

export interface About {
  readonly title: string
  readonly feedTitle: string
}

/** A transcript as a file of one of the usual formats. Times that are not known are left out, never made up, but for captions. */
export function writeTranscriptFile(transcript: Transcript, about: About, format: TranscriptFile): string {
  return writers[format](transcript, about)
}

const writers: Readonly<Record<TranscriptFile, (transcript: Transcript, about: About) => string>> = {
  txt: ({ segments }) => `${turnsOf(segments).map(plainTurn).join('\n\n')}\n`,
  md: ({ segments }, { title, feedTitle }) =>
    `# ${escapeMarkdown(title)}\n\n*${escapeMarkdown(feedTitle)}*\n\n${turnsOf(segments).map(markdownTurn).join('\n\n')}\n`,
  srt: ({ segments }) =>
    captionsOf(segments)
      .map(({ from, to, text, speaker }, index) =>
        [
          index + 1,
          `${stamp(from, ',')} --> ${stamp(to, ',')}`,
          speaker === null ? text : `${speaker}: ${text}`,
          '',
        ].join('\n'),
      )
      .join('\n'),
  vtt: ({ segments, language }) =>
    `WEBVTT${language === null ? '' : `\nLanguage: ${language}`}\n\n${captionsOf(segments)
      .map(({ from, to, text, speaker }) =>
        [
          `${stamp(from, '.')} --> ${stamp(to, '.')}`,
          speaker === null ? escapeVtt(text) : `<v ${escapeVtt(speaker)}>${escapeVtt(text)}</v>`,
          '',
        ].join('\n'),
      )
      .join('\n')}`,
  json: ({ segments, language }) =>
    `${JSON.stringify(
      {
        version: '1.0.0',
        generator: ownGenerator,
        ...(language === null ? {} : { language }),
        segments: segments.map(({ speaker, startSeconds, endSeconds, text }) => ({
          ...(speaker === null ? {} : { speaker }),
          ...(startSeconds === null ? {} : { startTime: startSeconds }),
          ...(endSeconds === null ? {} : { endTime: endSeconds }),
          body: text,
        })),
      },
      null,
      2,
    )}\n`,
  csv: ({ segments }) =>
    [
      ['start', 'end', 'speaker', 'text'],
      ...segments.map(({ startSeconds, endSeconds, speaker, text }) => [
        startSeconds === null ? '' : toMillisecond(startSeconds).toFixed(3),
        endSeconds === null ? '' : toMillisecond(endSeconds).toFixed(3),
        speaker ?? '',
        text,
      ]),
    ]
      .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
      .join(''),
}

/** Paragraphs, the speaker only where it changes. */
function turnsOf(segments: readonly Segment[]): Segment[] {
  let before: string | null = null
  return joinForReading(segments).map((segment) => {
    const speaker = segment.speaker === before ? null : segment.speaker
    before = segment.speaker
    return { ...segment, speaker }
  })
}
const plainTurn = ({ speaker, startSeconds, text }: Segment): string => {
  const time = startSeconds === null ? '' : `[${clockOf(startSeconds)}] `
  return `${time}${speaker === null ? '' : `${speaker}: `}${text}`
}
const markdownTurn = ({ speaker, startSeconds, text }: Segment): string => {
  const time = startSeconds === null ? '' : `[${clockOf(startSeconds)}] `
  return `${time}${speaker === null ? '' : `**${escapeMarkdown(speaker)}:** `}${escapeMarkdown(text)}`
}
const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_[\]<>#|~$]/g, '\\$&')
    .replace(/^(\s*)([-+])(?=\s)/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s)/, '$1\\$2')

interface Caption {
  readonly from: number
  readonly to: number
  readonly speaker: string | null
  readonly text: string
}
/** About 150 words a minute. */
const secondsPerWord = 0.4

/** Captions must have times: without any, they follow each other at the pace of speech. */
function captionsOf(segments: readonly Segment[]): Caption[] {
  let at = 0
  return segments.map(({ startSeconds, endSeconds, speaker, text }, index) => {
    const from = startSeconds ?? at
    const next = segments[index + 1]?.startSeconds ?? null
    const spoken = from + Math.max(1, text.split(/\s+/).length * secondsPerWord)
    const to = Math.max(from, endSeconds ?? (next === null || next < from ? spoken : Math.min(spoken, next)))
    at = to
    // A blank line would end the caption.
    return { from, to, speaker, text: text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('-->', '→') }
  })
}

function stamp(seconds: number, mark: string): string {
  const ms = Math.round(seconds * 1000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${mark}${String(ms % 1000).padStart(3, '0')}`
}
const escapeVtt = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
