import { extname } from 'node:path'
import { cleanCharacters, oneLine } from '../transcripts/clean-text.ts'

const datePart = /(?:^|[^\d])((?:19|20)\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?=[^\d]|$)/

/** `2026-04-08 talk.mp3` → midnight UTC of that day; null when the name holds no date. */
export function dateOfFileName(name: string): number | null {
  const match = datePart.exec(name)
  if (!match) return null
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const ms = Date.UTC(year, month - 1, day)
  return new Date(ms).getUTCDate() === day ? ms : null
}

/** Without the last extension and a language before it: `talk.en.srt` → `talk`. */
export function stemOf(name: string): string {
  const stem = name.slice(0, name.length - extname(name).length)
  return /^\.(?:srt|vtt|json|txt|md|html?)$/i.test(extname(name))
    ? stem.replace(/\.(?:[a-z]{2}(?:-[A-Za-z0-9]{2,8})?|transcript)$/i, '')
    : stem
}

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length).replace(/\s+\S*$/, '')}…`

/** A title people can read, from a file's name: date and underscores taken out. */
export function titleOfFileName(name: string): string {
  const stem = oneLine(cleanCharacters(stemOf(name)))
  const withoutDate = stem.replace(datePart, ' ').replace(/^[\s._-]+|[\s._-]+$/g, '')
  const spaced = /\s/.test(withoutDate)
    ? withoutDate
    : withoutDate
        .replace(/[_]+/g, ' ')
        .replace(/-+/g, (dash, at: number, all: string) =>
          /\d$/.test(all.slice(0, at)) && /^\d/.test(all.slice(at + dash.length)) ? dash : ' ',
        )
  return cut(oneLine(spaced) || stem || 'Untitled', 200)
}

/** A title for pasted words: their first line when it is a heading, else their first words. */
export function titleOfText(text: string): string {
  const [first = '', second] = text.trim().split('\n', 2)
  const line = oneLine(cleanCharacters(first.replace(/^#+\s*/, '')))
  if (line.length >= 3 && line.length <= 100 && second?.trim() === '' && !/[.!?:,;]$/.test(line)) return line
  const words = oneLine(cleanCharacters(text.slice(0, 400))).split(' ')
  return words.length <= 9 ? words.join(' ') : `${cut(words.slice(0, 9).join(' '), 90).replace(/[.,;:…]+$/, '')}…`
}

export const transcriptExtensions = ['vtt', 'srt', 'json', 'html', 'md', 'txt'] as const

/** Which of the names in a folder can be the transcript of a recording: `talk.srt`, `talk.en.vtt`, `talk.mp3.json`. Best first. */
export function sidecarNames(mediaName: string, names: readonly string[]): string[] {
  const stem = mediaName.slice(0, mediaName.length - extname(mediaName).length)
  const rank = (name: string): number => {
    const extension = extname(name).slice(1).toLowerCase().replace('htm', 'html').replace('htmll', 'html')
    const at = transcriptExtensions.indexOf(extension as (typeof transcriptExtensions)[number])
    if (at < 0 || name === mediaName) return -1
    const rest = name.slice(0, name.length - extname(name).length)
    if (rest === stem || rest === mediaName) return at
    const suffix = rest.startsWith(`${stem}.`) ? rest.slice(stem.length + 1) : null
    return suffix !== null && /^(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?|transcript)$/i.test(suffix) ? at + 10 : -1
  }
  return names
    .map((name) => ({ name, rank: rank(name) }))
    .filter((found) => found.rank >= 0)
    .toSorted((left, right) => left.rank - right.rank || left.name.localeCompare(right.name))
    .map(({ name }) => name)
}
