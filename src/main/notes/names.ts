import { createHash } from 'node:crypto'
import type { EpisodeRecord } from '../services.ts'

const maxBytes = 120
/** Bidi controls, zero-width characters, variation selectors, private and unassigned ones. */
const unseen = /[\p{Cf}\p{Co}\p{Cn}\p{Variation_Selector}]/gu
const forbidden = /[/\\:*?"<>|#^[\]]/g
/** Windows devices, whatever follows the first dot. */
const reserved = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i

/**
 * One path component that every platform and Obsidian accept: never empty, never hidden, at most 120 UTF-8 bytes, no
 * reserved name. Not unique: `uniqueKey` says which names a disk may join.
 */
export function safeName(text: string, fallback = 'Untitled', limitBytes = maxBytes): string {
  const cleaned = text
    .toWellFormed()
    .normalize('NFC')
    .slice(0, 4_000)
    .replace(unseen, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(forbidden, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.~-]+/u, '')
  const trimmed = cutToBytes(cleaned, limitBytes - 1).replace(/[\s.]+$/u, '')
  // A name of marks alone (zalgo, a lone joiner) shows as nothing.
  const name = /[\p{L}\p{N}\p{S}\p{P}]/u.test(trimmed) ? trimmed : fallback
  const [stem = ''] = name.split('.')
  return reserved.test(stem.trim()) ? `${stem.trim()}_${name.slice(stem.length)}` : name
}

/** Cuts on a grapheme boundary; a single grapheme larger than the limit (zalgo) is cut on a code point. */
function cutToBytes(text: string, limit: number): string {
  let bytes = 0
  let end = 0
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)) {
    const size = Buffer.byteLength(segment)
    if (bytes + size > limit) return end === 0 ? cutToCodePoints(segment, limit) : text.slice(0, end)
    bytes += size
    end += segment.length
  }
  return text
}

function cutToCodePoints(text: string, limit: number): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > limit) break
    kept += character
  }
  return kept
}

/** Equal for names that some disk takes for one: other case, other normalisation, compatibility forms. */
export const uniqueKey = (name: string): string =>
  // Upper case joins ß with SS and both sigmas, lower case the rest; then every I is an i, with or without its dot.
  name
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .replace(/i\u0307|ı/g, 'i')
    .normalize('NFKC')

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** Six base32 characters (30 bits) of the hash. */
export function shortId(text: string): string {
  const hash = createHash('sha256').update(text).digest()
  return Array.from({ length: 6 }, (_, index) => base32[hash[index]! & 31]).join('')
}

/** `YYYY-MM-DD` in UTC; null for times that no calendar of four digits holds. */
export function dayOf(timeMs: number | null): string | null {
  if (timeMs === null || !Number.isFinite(timeMs)) return null
  const year = new Date(timeMs).getUTCFullYear()
  return year >= 1 && year <= 9_999 ? new Date(timeMs).toISOString().slice(0, 10) : null
}

export const podcastFolderName = (feedTitle: string): string => safeName(feedTitle, 'Podcast')

/** `<date>-<title>-<id6>`. @param salt '' first; another when that name is taken by another episode */
export function episodeFolderName(
  episode: Pick<EpisodeRecord, 'id' | 'guid' | 'title' | 'publishedAtMs'>,
  salt = '',
): string {
  const id = shortId(salt === '' ? (episode.guid ?? episode.id) : `${episode.id}${salt}`)
  const date = dayOf(episode.publishedAtMs) ?? 'undated'
  return `${date}-${safeName(episode.title, 'Untitled', maxBytes - date.length - id.length - 2)}-${id}`
}

/** The file of a template: its name is its identity, so that a retitled template stays one file. */
export const noteFileName = (templateName: string): string => `${safeName(templateName, 'note', maxBytes - 3)}.md`

/** `summary (new 2026-11-23).md`, and with a number where that stands already. */
export function besideName(
  fileName: string,
  word: 'new' | 'edited' | 'restored',
  day: string,
  attempt: number,
): string {
  const dot = fileName.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [fileName.slice(0, dot), fileName.slice(dot)] : [fileName, '']
  return `${stem} (${word} ${day}${attempt > 1 ? ` ${attempt}` : ''})${ending}`
}
