import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { destination, type Logger, pino } from 'pino'
import type { Log } from './ports.ts'

const secretNames = ['password', 'token', 'authorization', 'secret', 'apiKey', 'cookie']
const redactPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Words such as `user:pass@` and `?token=…` never reach the log, wherever they stand. */
export function redactText(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1•••@')
    .replace(/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 •••')
    .replace(
      /([?&;](?:[\w-]*(?:token|auth|key|secret|sig|signature|pass|password|pwd|session|hash)[\w-]*)=)[^&\s"'<>]+/gi,
      '$1•••',
    )
    .replace(/\bsk-[\w-]{8,}/g, 'sk-•••')
}

function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value.slice(0, 4_000))
  if (value instanceof Error) return { message: redactText(value.message), stack: redactText(value.stack ?? '') }
  if (depth > 4 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactValue(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, depth + 1)]))
}

/** JSON lines in `<profile>/logs/inkwell.log`. */
export function createLog(profilePath: string): Log {
  const folder = join(profilePath, 'logs')
  mkdirSync(folder, { recursive: true })
  const logger: Logger = pino(
    {
      base: { pid: process.pid },
      redact: { paths: redactPaths, censor: '•••' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination({ dest: join(folder, 'inkwell.log'), sync: true }),
  )
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (operation: string, fields: Record<string, unknown> = {}) =>
      logger[level](redactValue(fields) as object, operation)
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
