import type { Finding, HealthReport } from '#shared/contract/health.ts'
import { formatCount, formatDate, formatTime, plural } from '../../lib/format.ts'

type Check = HealthReport['checks'][number]

/** "just now", "12 min ago", "3 h ago", "yesterday", "on 16 Nov" */
export function agoWords(atMs: number, nowMs = Date.now()): string {
  const minutes = Math.floor((nowMs - atMs) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`
  const date = formatDate(atMs, nowMs)
  return date === 'Yesterday' ? 'yesterday' : `on ${date}`
}

/** "Today, 06:00", "Yesterday, 06:00", "16 Nov, 06:00": two of one day are told apart. */
export function dateAndTime(atMs: number, nowMs = Date.now()): string {
  const date = formatDate(atMs, nowMs)
  return date.includes(':') ? date : `${date}, ${formatTime(atMs)}`
}

/** "today, 06:00", "yesterday", "on 16 Nov": a date inside a sentence. */
export function onDate(atMs: number, nowMs = Date.now()): string {
  const date = formatDate(atMs, nowMs)
  return /^[TY]/.test(date) ? date.charAt(0).toLowerCase() + date.slice(1) : `on ${date}`
}

/** What a report found, in one sentence and its colour. */
export function verdictOf(report: HealthReport): { words: string; tone: 'ok' | 'warn' | 'bad' } {
  const { findingCount, errorCount } = report
  if (errorCount > 0)
    return { words: `${plural(findingCount, 'finding')}, ${formatCount(errorCount)} damaged or lost.`, tone: 'bad' }
  if (findingCount === 0) return { words: 'No findings.', tone: 'ok' }
  return { words: `${plural(findingCount, 'finding')}, nothing lost.`, tone: needsYou(report) > 0 ? 'warn' : 'ok' }
}

/** Findings that wait for the user: what is only worth knowing does not. */
export const needsYou = (report: HealthReport): number =>
  report.checks.flatMap((check) => check.findings).filter((finding) => finding.severity !== 'info').length

export type CheckLine =
  | { readonly kind: 'check'; readonly check: Check }
  | { readonly kind: 'finding'; readonly finding: Finding }

/** One line for each check that passed and each finding; damage first, else as in the report. */
export function checkLines(report: HealthReport): CheckLine[] {
  const lines = report.checks.flatMap((check): CheckLine[] =>
    check.findings.length === 0
      ? [{ kind: 'check', check }]
      : check.findings.map((finding) => ({ kind: 'finding', finding })),
  )
  const isDamage = (line: CheckLine): boolean => line.kind === 'finding' && line.finding.severity === 'error'
  return [...lines.filter(isDamage), ...lines.filter((line) => !isDamage(line))]
}

/** "Left as it is (1)", "Left as they are (3)" */
export const leftWords = (count: number): string =>
  `Left as ${count === 1 ? 'it is' : 'they are'} (${formatCount(count)})`
