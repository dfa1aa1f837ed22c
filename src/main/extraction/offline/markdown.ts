import { escapeMarkdownText } from '#shared/markdown-escape.ts'
import type { Sentence } from './analysis.ts'

export const noneFound = 'None found in this transcript.'
export const text = escapeMarkdownText

/** 41:12, 1:02:33 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** `[41:12](#t=2472)`, which the app sets into the margin; empty without times. */
export const timeLink = (seconds: number | null): string =>
  seconds === null ? '' : `[${clock(seconds)}](#t=${Math.max(0, Math.floor(seconds))})`

/** Text from outside, made safe, with its time at the end. */
export const timed = (escaped: string, seconds: number | null): string =>
  seconds === null ? escaped : `${escaped} ${timeLink(seconds)}`

export function quotation(
  words: string,
  { speaker, startSeconds }: Pick<Sentence, 'speaker' | 'startSeconds'>,
): string {
  const by = [speaker === null ? '' : `**${text(speaker)}**`, timeLink(startSeconds)].filter((part) => part !== '')
  const attribution = by.length === 0 ? [] : [`— ${by.join(', ')}`]
  return [`> ${text(words)}`, ...attribution].join('\n\n')
}

/** `- **Term**: sentence [41:12](#t=2472)` */
export const mention = (name: string, evidence: string, seconds: number | null): string =>
  `- **${text(name)}**: ${timed(text(evidence), seconds)}`

/** Only http and https, without a user name and password. */
export function webLink(address: string): string | null {
  try {
    const url = new URL(address)
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null
    const href = url.href.replace(/[()<>\\`*_[\]|^%]/g, (mark) =>
      mark === '%' ? mark : `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    )
    const shown = (url.host + url.pathname).replace(/\/$/, '').slice(0, 80)
    return `[${text(shown).replaceAll('`', '')}](${href.replaceAll('%%', '%25%25')})`
  } catch {
    return null
  }
}
