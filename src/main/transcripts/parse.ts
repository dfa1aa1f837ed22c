import type { Segment, TranscriptFormat } from '#shared/contract/transcripts.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { countWords } from './clean-text.ts'
import { parseHtmlTranscript } from './formats/html.ts'
import { parseJsonTranscript } from './formats/json.ts'
import { parseMarkdown } from './formats/markdown.ts'
import { parsePlainText } from './formats/plain-text.ts'
import { parseSrt } from './formats/srt.ts'
import { parseVtt } from './formats/vtt.ts'
import { languageOfFileName, plainLanguage } from './languages.ts'
import { maxLines, maxSegments, maxTranscriptBytes } from './limits.ts'
import { counted, type Parsed, type ParsedTranscript } from './parsed.ts'
import { type Sniffed, sniffTranscript, type TranscriptHints } from './sniff.ts'

type Read = Result<Parsed & { format: TranscriptFormat }, 'transcript-unreadable'>

const unreadable = (message: string) => fail('transcript-unreadable', message)

/** Words in a segment list, as people count them. */
export const transcriptWords = (segments: readonly Segment[]): number =>
  segments.reduce((sum, segment) => sum + countWords(segment.text), 0)

const hasTurns = (segments: readonly Segment[]): boolean =>
  segments.some((segment) => segment.speaker !== null || segment.startSeconds !== null)

/** A landing or login page sent in place of a transcript must not become one. */
function readHtmlFile(text: string, { fileName, declaredType }: TranscriptHints): Read {
  const { page, ...read } = parseHtmlTranscript(text)
  if (hasTurns(read.segments)) return ok({ ...read, format: 'html' })
  const name = page.title ? ` (“${page.title.slice(0, 80)}”)` : ''
  if (page.hasPasswordField) return unreadable(`This is a login page${name}, not a transcript.`)
  const expected = declaredType === null ? /\.html?$/i.test(fileName ?? '.html') : /html/i.test(declaredType)
  if (!expected || transcriptWords(read.segments) < 40)
    return unreadable(`This is a web page${name}, not a transcript.`)
  return ok({ ...read, format: 'html' })
}

/** Twenty megabytes of one-letter lines would take a minute and a gigabyte. */
function byLines(text: string, read: (text: string) => Parsed): Parsed {
  let at = -1
  for (let lines = 0; lines < maxLines; lines++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0) return read(text)
  }
  const found = read(text.slice(0, at))
  const warning = `Only the first ${counted(maxLines, 'line', 'lines')} were read.`
  return text.slice(at).trim() === '' ? found : { ...found, warnings: [...found.warnings, warning] }
}

function readText(sniffed: Extract<Sniffed, { text: string }>, hints: TranscriptHints): Read {
  switch (sniffed.kind) {
    case 'vtt':
      return ok({ ...parseVtt(sniffed.text), format: 'vtt' })
    case 'srt':
      return ok({ ...parseSrt(sniffed.text), format: 'srt' })
    case 'json':
      return parseJsonTranscript(sniffed.text)
    case 'html':
      return readHtmlFile(sniffed.text, hints)
    case 'markdown':
      return ok({ ...byLines(sniffed.text, parseMarkdown), format: 'markdown' })
    case 'text':
      return ok({ ...byLines(sniffed.text, parsePlainText), format: 'text' })
  }
}

/**
 * A transcript of any known format as segments. The content decides what it is; hints only where it leaves it open. Reads at
 * most 20 MB and 200,000 segments. Never throws.
 */
export function parseTranscript(
  bytes: Uint8Array,
  hints: TranscriptHints,
): Result<ParsedTranscript, 'transcript-unreadable'> {
  if (bytes.length > maxTranscriptBytes)
    return unreadable(
      `This is ${(bytes.length / 1e6).toFixed(0)} MB; a transcript of more than ${maxTranscriptBytes / 1e6} MB is not read. Cut it into parts.`,
    )
  const sniffed = sniffTranscript(bytes, hints)
  if (sniffed.kind === 'empty') return unreadable('This file is empty.')
  if (sniffed.kind === 'binary')
    return unreadable(
      sniffed.signature
        ? `This is ${sniffed.signature.name}, not a transcript. Save its words as text, SRT or VTT.`
        : 'This is not text, so it cannot be a transcript.',
    )
  if (sniffed.kind === 'other')
    return unreadable(
      `This is ${sniffed.name}, not a transcript that Inkwell reads. SRT, VTT, JSON, HTML, Markdown and text are.`,
    )
  const read = readText(sniffed, hints)
  if (!read.ok) return read
  const all = read.value.segments
  const segments = all.length > maxSegments ? all.slice(0, maxSegments) : all
  const wordCount = transcriptWords(segments)
  if (wordCount === 0) return unreadable('There are no words in it.')
  const warnings = [...sniffed.decoded.warnings, ...read.value.warnings]
  if (segments !== all) warnings.push(`Only the first ${counted(maxSegments, 'passage', 'passages')} were read.`)
  return ok({
    ...read.value,
    segments,
    wordCount,
    warnings,
    title: read.value.title?.slice(0, 300) ?? null,
    language: plainLanguage(read.value.language) ?? languageOfFileName(hints.fileName),
    hasTimes: segments.some((segment) => segment.startSeconds !== null),
    hasSpeakers: segments.some((segment) => segment.speaker !== null),
  })
}
