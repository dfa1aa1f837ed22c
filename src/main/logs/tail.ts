import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogLine } from '#shared/contract/logs.ts'
import type { Redactor } from './redact.ts'
import { logFiles } from './rotating-file.ts'

type Level = LogLine['level']
const rankOf: Readonly<Record<Level, number>> = { info: 0, warn: 1, error: 2 }
/** Lines of earlier versions have pino's numbers. */
const levelOf = (level: unknown): Level => {
  if (typeof level === 'number') return level >= 50 ? 'error' : level >= 40 ? 'warn' : 'info'
  return level === 'error' || level === 'fatal' ? 'error' : level === 'warn' ? 'warn' : 'info'
}
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** The newest lines, newest first, across the rotated files; lines that were cut off by the end of a process are left out. */
export async function tailLog(
  folder: string,
  { limit, minLevel }: { limit: number; minLevel: Level },
  redactor: Redactor,
): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for (const name of namesIn(folder).reverse()) {
    // Another process may take the oldest away meanwhile.
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    for (const line of text.split('\n').reverse()) {
      const read = line === '' ? null : readLine(line, redactor)
      if (read && rankOf[read.level] >= rankOf[minLevel]) lines.push(read)
      if (lines.length >= limit) return lines
    }
  }
  return lines
}

export async function logBytes(folder: string): Promise<number> {
  const sizes = namesIn(folder).map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

function namesIn(folder: string): string[] {
  try {
    return logFiles(folder)
  } catch {
    // There is no folder where nothing could ever be written.
    return []
  }
}

function readLine(line: string, redactor: Redactor): LogLine | null {
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(line) as Record<string, unknown>
  } catch {
    return null
  }
  if (typeof fields !== 'object' || fields === null) return null
  const { level, time, pid: _, operation, msg, subject, durationMs, outcome, ...rest } = fields
  const atMs = typeof time === 'string' ? Date.parse(time) : typeof time === 'number' ? time : Number.NaN
  const name = textOf(operation) ?? textOf(msg)
  if (!Number.isInteger(atMs) || name === null) return null
  const masked = (value: unknown): string | null => {
    const text = textOf(value)
    return text === null ? null : redactor.text(text)
  }
  return {
    atMs,
    level: levelOf(level),
    operation: redactor.text(name),
    subject: masked(subject),
    durationMs: typeof durationMs === 'number' && Number.isFinite(durationMs) ? durationMs : null,
    outcome: masked(outcome),
    // A second time: what was learned after the line was written, and lines of earlier versions.
    detailsJson: JSON.stringify(redactor.value(rest)),
  }
}
