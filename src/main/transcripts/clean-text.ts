import { Parser } from 'htmlparser2'

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
// Joiners (U+200C, U+200D) stay: Persian, Indic scripts and emoji are written with them.
const invisible = /[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

/** Without control and direction-override characters, and well-formed; line breaks and tabs stay. */
export const cleanCharacters = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(controls, '')
    .replace(invisible, '')

/** One line: runs of white space become one space. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** `&amp;` → `&`. Markup is left as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  let decoded = ''
  const parser = new Parser({
    ontext(part) {
      decoded += part
    },
  })
  parser.end(text.replaceAll('<', '&lt;'))
  return decoded
}

export const countWords = (text: string): number => {
  let count = 0
  for (const _ of text.matchAll(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu)) count += 1
  return count
}

const cjkEnd = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}、。！？]$/u
const cjkStart = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}、。！？]/u

/** Pieces of running speech as one text: with a space between, but not in scripts that write without. */
export function joinTexts(pieces: readonly string[]): string {
  const filled = pieces.filter((piece) => piece !== '')
  return filled
    .map((piece, index) => {
      if (index === 0) return piece
      const end = filled[index - 1]!.slice(-2)
      return /\s$/.test(end) || (cjkEnd.test(end) && cjkStart.test(piece)) ? piece : ` ${piece}`
    })
    .join('')
}

const abbreviation = /(?:^|\s|\()(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|e\.g|i\.e|U\.S|No|approx|[A-Z])\.$/

/** Whether a text ends a sentence. */
export const endsSentence = (text: string): boolean => {
  const end = text.slice(-24)
  return /[.!?…。！？؟।][)\]"'”’»」』]*$/u.test(end) && !abbreviation.test(end)
}
