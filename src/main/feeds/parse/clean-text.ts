import { createHash } from 'node:crypto'
import { decodeEntities, stripMarkup } from './html-text.ts'
import { limits } from './types.ts'

/** C0 and C1 but tab, line feed and carriage return; non-characters. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g
/** Turn reading order around or hide letters; ZWJ and ZWNJ stay, which emoji and Persian need. */
const deceiving = /[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2065\ufeff\u00ad\u061c]/g
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export const withoutControls = (text: string): string => text.replace(controls, '').toWellFormed()

export function cutGraphemes(text: string, count: number): string {
  if (text.length <= count) return text
  let taken = 0
  for (const { index } of segmenter.segment(text)) {
    if (taken === count) return text.slice(0, index).trimEnd()
    taken += 1
  }
  return text
}

/** One line of plain text for a person to read; null when nothing can be seen of it. */
export function plainLine(text: string | null | undefined, graphemes: number = limits.titleGraphemes): string | null {
  if (!text) return null
  // No title is longer; a megabyte of it would only cost time.
  let line = text.slice(0, 40_000)
  // Feeds encode twice, and some three times.
  for (let round = 0; round < 3; round += 1) {
    const before = line
    line = decodeEntities(stripMarkup(line))
    if (line === before) break
  }
  line = withoutControls(line)
    .replace(deceiving, '')
    .replace(/(\p{M}{6})\p{M}+/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  if (!/[^\s\p{C}\p{M}]/u.test(line)) return null
  return cutGraphemes(line, graphemes)
}

/** Cuts between two elements or words, never inside a tag or a character. */
export function cutHtml(html: string, bytes: number = limits.descriptionBytes): string {
  if (html.length <= bytes / 3) return html
  const encoded = Buffer.from(html)
  if (encoded.length <= bytes) return html
  let end = bytes
  while (end > 0 && (encoded[end]! & 0xc0) === 0x80) end -= 1
  const cut = encoded.subarray(0, end).toString('utf8')
  const open = cut.lastIndexOf('<')
  if (open > cut.lastIndexOf('>')) return cut.slice(0, open)
  const boundary = Math.max(cut.lastIndexOf('>') + 1, cut.lastIndexOf(' '))
  return boundary > cut.length - 2_000 ? cut.slice(0, boundary) : cut
}

/** Show notes that hold nothing to read are passed over for the next element that does. */
function isEmptyHtml(html: string): boolean {
  const start = html.slice(0, 1_000).replace(/<[^<>]*>?|&[#\w]+;/g, ' ')
  if (/[\p{L}\p{N}]/u.test(start)) return false
  return !/<(?:img|audio|video|iframe)\b/i.test(html) && plainLine(html, 10) === null
}

/** The first that says something. Markup that was encoded twice is decoded once more. */
export function bestHtml(candidates: readonly (string | null | undefined)[]): string | null {
  for (const candidate of candidates) {
    if (!candidate) continue
    const clean = withoutControls(cutHtml(candidate)).trim()
    if (isEmptyHtml(clean)) continue
    const twice = !/<[a-z!/]/i.test(clean) && /&lt;\/?(?:p|br|a|div|ul|ol|li|strong|em|b|i|h[1-6]|span)\b/i.test(clean)
    return cutHtml(twice ? decodeEntities(clean) : clean)
  }
  return null
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
