import { clockPattern, parseClock } from './clock-time.ts'
import { isGenericLabel, looksLikeName } from './speaker-label.ts'

/** What stands before the words of a line: who speaks and when. */
export interface Head {
  readonly speaker: string | null
  /** The layout itself says that it is a speaker (bold, or beside a time), not only a colon. */
  readonly speakerIsSure: boolean
  readonly start: number | null
  readonly end: number | null
  /** Only its being said again tells it from a heading. */
  readonly onlyIfRepeated?: boolean
  /** The time stands in brackets, or alone on its line. */
  readonly timeIsSure: boolean
  readonly rest: string
}

const time = String.raw`([\[(<]?)\s*(${clockPattern})(?:\s*(?:-{1,2}>|[-–—]|to)\s*(${clockPattern}))?\s*[\])>]?`
const timeFirst = new RegExp(String.raw`^${time}(?:(?<=[\])>])|(?=\s|[:：,–—-]|$))\s*[:：,–—-]?\s*`)
const timeAfterName = new RegExp(
  String.raw`^([^:：\[\](){}<>\n]{1,60}?)\s*[,|–—-]?\s*(?:@\s*)?${time}\s*[:：]?\s*(?:$|\s(?=\S))`,
)
// The full-width colon of East Asian texts needs no space after it.
const nameThenColon = /^([^:：\n]{1,60}?)\s*(?::(?=\s|$)|：)\s*/
const bracketedName = /^[[(]([^[\]()\n]{1,60})[\])]\s*[:：]\s*/

/** Zoom's captions: the time is that of the day, not of the recording. */
const nameAndTimeOfDay = /^\[([^[\]\n]{1,60})\]\s+\d{1,2}:\d{2}:\d{2}$/
const numberedVoice = /^(?:speaker|spk)[ _-]?\d{1,3}$/i

interface Clocked {
  readonly start: number | null
  readonly end: number | null
}
const clocked = (start: string | undefined, end: string | undefined): Clocked => ({
  start: start === undefined ? null : parseClock(start),
  end: end === undefined ? null : parseClock(end),
})

function nameAhead(text: string): { name: string; rest: string } | null {
  const match = bracketedName.exec(text) ?? nameThenColon.exec(text)
  if (!match || !looksLikeName(match[1]!)) return null
  return { name: match[1]!.trim(), rest: text.slice(match[0].length) }
}

/** `[00:04] Maren: …`, `[00:04] - Maren`, `00:04 Maren`, `0:04` */
function startingWithTime(line: string): Head | null {
  const match = timeFirst.exec(line)
  if (!match) return null
  const { start, end } = clocked(match[2], match[3])
  if (start === null) return null
  const rest = line.slice(match[0].length)
  const bracketed = match[1] !== ''
  const named = nameAhead(rest)
  const head = { start, end, timeIsSure: bracketed || rest === '' || end !== null }
  if (named) return { ...head, speaker: named.name, speakerIsSure: bracketed, rest: named.rest }
  // A name alone after the time: the words follow on the next lines.
  if (rest !== '' && looksLikeName(rest) && rest.length <= 40 && rest.split(/\s+/).length <= 4)
    return { ...head, speaker: rest, speakerIsSure: isGenericLabel(rest), rest: '' }
  return { ...head, speaker: null, speakerIsSure: false, rest }
}

/** `Maren  0:04`, `Maren (00:04):`, `Speaker 1 [00:00:04] words` */
function nameWithTime(line: string): Head | null {
  const match = timeAfterName.exec(line)
  if (!match || !looksLikeName(match[1]!)) return null
  const { start, end } = clocked(match[3], match[4])
  const rest = line.slice(match[0].length)
  // Without brackets the time must end the line: "Apollo 11 at 4:17 landed" is a sentence.
  if (start === null || (match[2] === '' && rest !== '')) return null
  return { speaker: match[1]!.trim(), speakerIsSure: true, start, end, timeIsSure: true, rest }
}

/** `[Maren] 10:03:02`, `Speaker 1`, above the words. */
function nameAlone(line: string): Head | null {
  const zoom = nameAndTimeOfDay.exec(line)?.[1]?.trim()
  const name = zoom ?? (numberedVoice.test(line) ? line : null)
  if (name === null || !looksLikeName(name)) return null
  return { speaker: name, speakerIsSure: zoom !== undefined, start: null, end: null, timeIsSure: false, rest: '' }
}

/** `Maren: words`, `Maren: [00:04] words` */
function nameWithColon(line: string): Head | null {
  const named = nameAhead(line)
  if (!named) return null
  const match = timeFirst.exec(named.rest)
  const times = match && match[1] !== '' ? clocked(match[2], match[3]) : null
  if (match && times?.start != null)
    return {
      speaker: named.name,
      speakerIsSure: true,
      ...times,
      timeIsSure: true,
      rest: named.rest.slice(match[0].length),
    }
  return { speaker: named.name, speakerIsSure: false, start: null, end: null, timeIsSure: false, rest: named.rest }
}

/** @param strong the bold words the line begins with, which may hold the time too; null when it begins otherwise */
export function readHead(line: string, strong: string | null): Head | null {
  // Names and times both need a colon: most lines are done here.
  if (strong === null && !line.includes(':') && !line.includes('：')) return nameAlone(line)
  const bold = strong?.trim() ?? ''
  if (bold !== '' && bold.length <= 80 && line.startsWith(bold)) {
    const after = line.slice(bold.length)
    const label = bold.replace(/[\s:：]+$/, '')
    if (/[:：]$/.test(bold) || /^\s*[:：]/.test(after) || /^\s*[([]?\d{1,3}:\d{2}/.test(after) || after.trim() === '') {
      const inner = startingWithTime(label) ?? nameWithTime(label)
      const name = inner ? (inner.speaker ?? (inner.rest.trim() || null)) : label
      const rest = after.replace(/^\s*[:：]?\s*/, '')
      const match = timeFirst.exec(rest)
      const times = match ? clocked(match[2], match[3]) : null
      const start = inner?.start ?? times?.start ?? null
      const hasColon = /[:：]$/.test(bold) || /^\s*[:：]/.test(after)
      if (after.trim() === '' && !hasColon && start === null && looksLikeName(label))
        return {
          speaker: label,
          speakerIsSure: false,
          onlyIfRepeated: true,
          start,
          end: null,
          timeIsSure: false,
          rest: '',
        }
      if (name !== null && name.split(/\s+/).length <= 8 && (hasColon || start !== null))
        return {
          speaker: name,
          speakerIsSure: true,
          start,
          end: inner?.end ?? times?.end ?? null,
          timeIsSure: start !== null,
          rest: match && times?.start != null ? rest.slice(match[0].length).replace(/^[:：]\s*/, '') : rest,
        }
    }
  }
  return startingWithTime(line) ?? nameWithTime(line) ?? nameWithColon(line) ?? nameAlone(line)
}
