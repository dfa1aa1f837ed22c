import { Parser } from 'htmlparser2'

/** HTML's named and numeric references to characters; markup stays as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  let decoded = ''
  const parser = new Parser({ ontext: (piece) => (decoded += piece) }, { decodeEntities: true })
  parser.end(text.replaceAll('<', '&lt;'))
  return decoded
}

const inlineTags =
  'a|abbr|article|audio|b|big|blockquote|body|br|center|cite|code|dd|del|details|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|noscript|object|ol|p|pre|q|s|samp|section|small|source|span|strike|strong|sub|summary|sup|svg|table|tbody|td|th|thead|time|title|tr|tt|u|ul|var|video|wbr'
const blockTag =
  /<\/?(?:article|blockquote|br|dd|div|dl|dt|figure|footer|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul)\b[^<>]*>/gi
const anyTag = new RegExp(`</?(?:${inlineTags})(?:[\\s/][^<>]*)?>`, 'gi')
const unseen = /<(script|style|template|svg)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi

/** Takes HTML's own elements out of text that should hold none; `Vector<T>` and `1 < 2` stay. */
export function stripMarkup(text: string): string {
  if (!text.includes('<')) return text
  return text
    .replace(unseen, ' ')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(blockTag, ' ')
    .replace(anyTag, '')
}

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Plain text as show notes: paragraphs and line breaks kept. */
export const textToHtml = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph.trim()).replaceAll('\n', '<br>')}</p>`)
    .join('\n')
