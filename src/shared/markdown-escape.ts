/** Characters nobody sees: controls, zero-width joiners of nothing, byte-order marks, tag characters. */
const invisible =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060-\u2064\ufeff]|[\u{e0000}-\u{e007f}]/gu
/** Overrides and isolates of writing direction: they can make "Approve" read as something else. */
const bidiControls = /[\u202a-\u202e\u2066-\u2069]/g
/** Turned into links by GitHub's Markdown and by Obsidian even when they stand bare. */
const autolinks =
  /(?:https?|ftp):\/\/[^\s`<>]+|(?<![A-Za-z0-9])www\.[^\s`<>]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/gi

/**
 * Text from outside as one line of Markdown that reads as it was and does nothing: no link, image, HTML, wikilink, tag,
 * comment, code, formula, block id, list, heading or rule, and nothing that Obsidian's plugins run (Templater `<%`,
 * Dataview `=` and `key::`, fenced blocks). Bare web and mail addresses are shown as code, because no backslash keeps
 * every reader from linking them. May stand at the start of a line, after a list mark or in a quotation, and beside
 * other text.
 */
export function escapeMarkdownText(text: string): string {
  const line = text
    .toWellFormed()
    .replace(invisible, '')
    .replace(/\s+/gu, ' ')
    .replace(bidiControls, (mark) => `⟨U+${mark.codePointAt(0)?.toString(16).toUpperCase()}⟩`)
    .trim()
  let escaped = ''
  let end = 0
  for (const match of line.matchAll(autolinks)) {
    const address = match[0].replace(/[.,;:!?)\]'"*_~|]+$/, '')
    // Two code spans side by side would share their backticks: they become one.
    const joined = match.index === end && escaped.endsWith('`') && end > 0
    escaped = joined ? escaped.slice(0, -1) : `${escaped}${escapeInline(line.slice(end, match.index))}\``
    escaped += `${address}\``
    end = match.index + address.length
  }
  return escapeStart(escaped + escapeInline(line.slice(end)))
}

function escapeInline(text: string): string {
  return (
    text
      .replace(/\\/g, '\\\\')
      // As entities: Templater and Inkwell's own markers are found in the raw text, where a backslash hides nothing.
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replace(/<(?=[A-Za-z/!?%<]|$)/g, '&lt;')
      .replace(/%{2,}/g, (run) => '&#37;'.repeat(run.length))
      .replace(/[`*[\]~]/g, '\\$&')
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replace(/={2,}/g, (run) => '\\='.repeat(run.length))
      // A price stays a price: only a dollar sign that no digit follows can close a formula.
      .replace(/\$(?!\d)|(?<=\$)\$/g, '\\$')
      .replace(/(?<![\p{L}\p{N}_&])#(?!\d+(?![\p{L}\p{N}_/-]))/gu, '\\#')
      .replace(/(?<=^|[\s\\])\^/g, '\\^')
      .replace(/:(?=:)/g, ':\\')
      // `obsidian://…` bare is text to the Markdown standard, yet a link to some editors.
      .replace(/(?<=[A-Za-z]):\/\//g, ':\\//')
  )
}

/** What makes a heading, a list, a quotation or a rule stands at the start of a line. */
const escapeStart = (line: string): string =>
  line
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^(?=#{1,6}(?:\s|$))/, '\\')
    .replace(/^(?=>)/, '\\')
    .replace(/^(?=\|)/, '\\')
    .replace(/^(?=[-+=](?:\s|$|[-+=]))/, '\\')
