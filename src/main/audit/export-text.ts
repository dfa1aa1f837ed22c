import type { AuditEntry } from '#shared/contract/audit.ts'

export type ExportFormat = 'json' | 'csv'

const csvColumns = [
  'id',
  'time',
  'action',
  'title',
  'subject',
  'origin',
  'summary',
  'before',
  'after',
  'intact',
] as const

/**
 * One cell, quoted. A spreadsheet runs a cell that begins like a formula, quoted or not: those get an apostrophe in
 * front. Tab and return too, which some programs leave out before they look.
 */
export const csvCell = (value: string): string =>
  `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

const time = (atMs: number): string => (Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : String(atMs))

const csvOf = (entry: AuditEntry): string =>
  csvLine([
    String(entry.id),
    time(entry.atMs),
    entry.action,
    entry.title,
    entry.subject,
    entry.origin,
    entry.summary,
    entry.beforeJson ?? '',
    entry.afterJson ?? '',
    entry.intact ? 'yes' : 'no',
  ])

const jsonOf = ({ beforeJson, afterJson, atMs, ...entry }: AuditEntry): string =>
  JSON.stringify({ ...entry, at: time(atMs), before: json(beforeJson), after: json(afterJson) })

/** Parsed for whoever reads the export; a damaged one stays the text it is. */
const json = (text: string | null): unknown => {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** For standard output. */
export const csvLines = (entries: readonly AuditEntry[]): string[] =>
  [csvLine(csvColumns), ...entries.map(csvOf)].map((line) => line.trimEnd())

/** The export in pieces, so that a long trail is never in memory as a whole. */
export async function* exportText(
  format: ExportFormat,
  pages: AsyncIterable<readonly AuditEntry[]>,
): AsyncGenerator<string> {
  if (format === 'csv') {
    // With a byte order mark: without it a spreadsheet takes UTF-8 for its own code page.
    yield `\uFEFF${csvLine(csvColumns)}`
    for await (const page of pages) yield page.map(csvOf).join('')
    return
  }
  yield '{"schema_version":1,"entries":['
  let first = true
  for await (const page of pages) {
    if (page.length === 0) continue
    yield `${first ? '' : ','}\n${page.map(jsonOf).join(',\n')}`
    first = false
  }
  yield '\n]}\n'
}
