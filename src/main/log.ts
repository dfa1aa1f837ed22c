import { join } from 'node:path'
import { pino } from 'pino'
import { createRedactor, type Redactor } from './logs/redact.ts'
import { createRotatingFile, type LogFs, type LogProblem } from './logs/rotating-file.ts'
import type { Log } from './ports.ts'

/** JSON lines in `<profile>/logs`, for which no secret is said twice. */
export interface FileLog extends Log {
  /** Absolute. */
  readonly folder: string
  /** From now on this secret is taken out wherever it stands in a line, in every spelling. */
  hide(secret: string): void
  /** For what leaves Inkwell: with all that is known of secrets by now. */
  readonly redactor: Redactor
  /** Why lines are not written (disk full, folder not writable); null while they are. */
  problem(): LogProblem | null
  /** How often each operation has said an error since the process began, by its name. */
  errors(): ReadonlyMap<string, number>
  /** Called after each line that was written. */
  onWritten(listener: () => void): void
}

/** Never throws, now or later: a log that cannot be written stops nothing. */
export function createLog(
  profilePath: string,
  options: { maxBytes?: number; maxFiles?: number; fs?: LogFs } = {},
): FileLog {
  const folder = join(profilePath, 'logs')
  const file = createRotatingFile(folder, options)
  const redactor = createRedactor()
  const errors = new Map<string, number>()
  let written: (() => void) | null = null
  const logger = pino(
    {
      base: { pid: process.pid },
      messageKey: 'operation',
      formatters: { level: (level) => ({ level }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    {
      write: (line: string) => {
        file.write(line)
        written?.()
      },
    },
  )
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (operation: string, fields: Record<string, unknown> = {}): void => {
      try {
        logger[level](redactor.value(fields) as object, redactor.text(operation))
      } catch {
        // What cannot be said must not stop what it is about.
      }
    }
  return {
    folder,
    info: write('info'),
    warn: write('warn'),
    error: (operation, fields) => {
      // Of a defect its channel says which part of Inkwell it is.
      const name = redactor.text(typeof fields?.channel === 'string' ? `${operation}, ${fields.channel}` : operation)
      if (errors.has(name) || errors.size < maxNames) errors.set(name, (errors.get(name) ?? 0) + 1)
      write('error')(operation, fields)
    },
    hide: redactor.learn,
    redactor,
    problem: file.problem,
    errors: () => errors,
    onWritten: (listener) => {
      written = listener
    },
  }
}

/** Names of operations are written in the source: there are never so many. */
const maxNames = 500

/**
 * Does the work and writes one line about it: how long it took, and how it ended (`ok`, the code of a failure, `threw`;
 * the defect itself is logged by whoever catches it, with its reference).
 * @param operation the command, e.g. `feeds.refresh`
 * @param subject what it is about, e.g. `feed/<id>`; null where it is about everything
 */
export async function timed<Value>(
  log: Log,
  operation: string,
  subject: string | null,
  work: () => Value | Promise<Value>,
  /** Where the value says it in its own way. */
  outcomeIn: (value: Value) => string = outcomeOf,
): Promise<Value> {
  const startedMs = performance.now()
  const line = (outcome: string) => ({ subject, durationMs: Math.round(performance.now() - startedMs), outcome })
  try {
    const value = await work()
    const outcome = outcomeIn(value)
    log[fineOutcomes.has(outcome) ? 'info' : 'warn'](operation, line(outcome))
    return value
  } catch (error) {
    log.warn(operation, line('threw'))
    throw error
  }
}

const fineOutcomes: ReadonlySet<string> = new Set(['ok', 'cancelled', 'updated', 'unchanged', 'skipped'])

/** `ok`, or the code of an expected failure. */
export function outcomeOf(value: unknown): string {
  const result = value as { ok?: unknown; error?: { code?: unknown } } | null | undefined
  return typeof result === 'object' && result?.ok === false ? String(result.error?.code ?? 'failed') : 'ok'
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
