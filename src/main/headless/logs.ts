import { resolve } from 'node:path'
import type { LogLine } from '#shared/contract/logs.ts'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import type { CommandResult, Io } from './output.ts'
import { columns, done, failed } from './words.ts'

const levels: readonly LogLine['level'][] = ['info', 'warn', 'error']
const usualLimit = 50
const mostLines = 1_000

/** `inkwell logs`: the newest lines, the newest last, as a terminal reads. */
export async function showLog(house: House, { given }: ParsedArguments): Promise<CommandResult> {
  const limit = given.limit === undefined ? usualLimit : Number(given.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostLines)
    return usage(`--limit needs a number from 1 to ${mostLines}.`)
  const minLevel = (given.level ?? 'info') as LogLine['level']
  if (!levels.includes(minLevel)) return usage(`--level is ${levels.join(', ')}.`)
  const log = await house.logs.tail({ limit, minLevel })
  const rows = [...log.lines]
    .reverse()
    .map(({ atMs, level, operation, subject, durationMs, outcome, detailsJson }) => [
      new Date(atMs).toISOString(),
      level,
      operation,
      outcome ?? '',
      durationMs === null ? '' : `${durationMs} ms`,
      subject ?? '',
      detailsJson === '{}' ? '' : detailsJson,
    ])
  return done(log, rows.length > 0 ? columns(rows) : ['Nothing was logged yet.'])
}

/** `inkwell diagnostics`: the text to read; with `--out` into a file, as it was shown. */
export async function showDiagnostics(house: House, { given }: ParsedArguments, io: Io): Promise<CommandResult> {
  const { token, files } = await house.logs.prepareBundle()
  if (given.out === undefined)
    return done(
      { files },
      files.flatMap(({ name, text }) => [`===== ${name} =====`, ...text.trimEnd().split('\n'), '']),
    )
  const path = resolve(io.cwd, given.out)
  const saved = await house.logs.saveBundleAt(path, token, [])
  return saved.ok
    ? done({ path, bytes: saved.value.bytes }, [`Written to ${path}. Read it before you give it away.`])
    : failed(saved.error)
}

const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })
