import { extname } from 'node:path'
import { cleanCharacters } from './clean-text.ts'
import { type Decoded, decodeText, looksBinary } from './decode.ts'
import { hasTimingLine } from './formats/cue-lines.ts'
import { type Signature, sniffSignature } from './signatures.ts'

export interface TranscriptHints {
  readonly fileName: string | null
  /** MIME type as declared; it decides only where the content leaves it open. */
  readonly declaredType: string | null
}

export type TranscriptKind = 'vtt' | 'srt' | 'json' | 'html' | 'markdown' | 'text'
export type Sniffed =
  | { readonly kind: TranscriptKind; readonly text: string; readonly decoded: Decoded }
  | { readonly kind: 'empty' }
  | { readonly kind: 'binary'; readonly signature: Signature | null }
  /** Text of a known kind that is no transcript, e.g. a feed. */
  | { readonly kind: 'other'; readonly name: string }

const otherTexts: readonly [RegExp, string][] = [
  [/^<(?:rss|feed|rdf:RDF)[\s/>]/i, 'a feed'],
  [/^<opml[\s/>]/i, 'a list of feeds (OPML)'],
  [/^<tt[\s:/>]/i, 'TTML subtitles'],
  [/^\[Script Info\]/i, 'SubStation Alpha subtitles'],
  [/^\{\\rtf/, 'a rich text document'],
  [/^(?:#EXTM3U|\[playlist\]|ffconcat version)/i, 'a playlist'],
  [/^<svg[\s>]/i, 'an image'],
]

const htmlAhead =
  /^(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<(?:cite|time|p|div|article|section|main|h[1-6]|span|br|ul|ol|table|b|strong)\b[^>]*>)/i

/** Without XML declaration, processing instructions and comments ahead. Cut step by step: one pattern for it backtracks badly. */
function withoutProlog(head: string): string {
  let rest = head
  for (;;) {
    const end = rest.startsWith('<!--')
      ? rest.indexOf('-->', 4) + 3
      : rest.startsWith('<?')
        ? rest.indexOf('?>') + 2
        : 0
    if (end < 3) return rest
    rest = rest.slice(end).trimStart()
  }
}

function textKind(text: string, { fileName, declaredType }: TranscriptHints): TranscriptKind | { other: string } {
  const start = text.trimStart()
  if (/^WEBVTT(?:[ \t\n]|$)/.test(start)) return 'vtt'
  const head = withoutProlog(start.slice(0, 4_000))
  const other = otherTexts.find(([pattern]) => pattern.test(head))
  if (other) return { other: other[1] }
  if (/^\{\s*["}]/.test(start) || /^\[\s*(?:[{\]]|"[^"\n]{0,200}"\s*,)/.test(start)) return 'json'
  if (htmlAhead.test(head)) return 'html'
  if (hasTimingLine(start)) return /^WEBVTT/m.test(head) ? 'vtt' : 'srt'
  const extension = extname(fileName ?? '').toLowerCase()
  if (/^\.(?:md|markdown|mdown)$/.test(extension) || /markdown/i.test(declaredType ?? '')) return 'markdown'
  const marks = start.slice(0, 100_000).match(/^(?:#{1,6}\s+\S|\*\*[^*\n]{1,80}\*\*)/gm)?.length ?? 0
  return marks >= 2 ? 'markdown' : 'text'
}

/** What a file is, by its content; names and declared types lie. Never throws. */
export function sniffTranscript(bytes: Uint8Array, hints: TranscriptHints): Sniffed {
  if (bytes.length === 0) return { kind: 'empty' }
  const signature = sniffSignature(bytes.subarray(0, 65_536))
  // UTF-16 begins with FF FE, which a frame of sound may begin with too: the mark is followed by text.
  if (signature && !(bytes[0] === 0xff && bytes[1] === 0xfe)) return { kind: 'binary', signature }
  const decoded = decodeText(bytes)
  if (looksBinary(decoded.text)) return { kind: 'binary', signature: null }
  // Long runs of spaces say nothing, and many a pattern would walk them again and again.
  const text = cleanCharacters(decoded.text).replace(/[^\S\n]{3,}/g, '  ')
  if (text.trim() === '') return { kind: 'empty' }
  const kind = textKind(text, hints)
  return typeof kind === 'string' ? { kind, text: text.trimStart(), decoded } : { kind: 'other', name: kind.other }
}
