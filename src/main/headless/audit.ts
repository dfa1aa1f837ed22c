import { extname, resolve } from 'node:path'
import type { AuditEntry, AuditFilter } from '#shared/contract/audit.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { csvLines } from '../audit/export-text.ts'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import type { CommandResult, Io } from './output.ts'
import { columns, count, done, failed } from './words.ts'

const dayMs = 86_400_000
const usualLimit = 50
const mostPerPage = 500

/** A day (`2026-03-14`, UTC) or a moment in ISO 8601. @param end whether a day counts to its end */
function timeOf(option: string, text: string | undefined, end: boolean): Result<number | undefined, 'usage'> {
  if (text === undefined) return ok(undefined)
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs)) return fail('usage', `--${option} needs a day such as 2026-03-14, not “${text}”.`)
  return ok(end && /^\d{4}-\d{2}-\d{2}$/.test(text) ? atMs + dayMs : atMs)
}

/** `inkwell audit`: the trail of changes, newest first, or all of it into a file. */
export async function listAudit(house: House, { given }: ParsedArguments, io: Io): Promise<CommandResult> {
  const since = timeOf('since', given.since, false)
  const until = timeOf('until', given.until, true)
  if (!since.ok) return failed(since.error)
  if (!until.ok) return failed(until.error)
  const limit = given.limit === undefined ? usualLimit : Number(given.limit)
  if (!Number.isInteger(limit) || limit < 1) return usage('--limit needs a number above 0.')
  const format = given.format ?? (given.out !== undefined && extname(given.out) === '.csv' ? 'csv' : 'json')
  if (format !== 'json' && format !== 'csv') return usage('--format is json or csv.')
  const filter: AuditFilter = {
    ...(given.text === undefined ? {} : { text: given.text }),
    ...(given.feature === undefined ? {} : { feature: given.feature }),
    ...(since.value === undefined ? {} : { fromMs: since.value }),
    ...(until.value === undefined ? {} : { untilMs: until.value }),
  }
  if (given.out !== undefined) {
    if (given.limit !== undefined) return usage('--out takes every change that fits; leave out --limit.')
    const path = resolve(io.cwd, given.out)
    const written = await house.audit.exportFile(path, { filter, format })
    if (!written.ok) return failed(written.error)
    return done({ path, ...written.value }, [`${count(written.value.entries, 'change')} written to ${path}.`])
  }
  const { entries, total } = await readNewest(house, filter, limit)
  if (given.format === 'csv') return done({ entries, total }, csvLines(entries))
  return done({ entries, total }, entries.length > 0 ? linesOf(entries, total) : ['No change fits.'])
}

async function readNewest(house: House, filter: AuditFilter, limit: number) {
  const entries: AuditEntry[] = []
  for (;;) {
    const page = await house.audit.list({
      filter,
      limit: Math.min(mostPerPage, limit - entries.length),
      ...(entries.length > 0 ? { beforeId: entries.at(-1)!.id } : {}),
    })
    entries.push(...page.entries)
    if (page.entries.length === 0 || entries.length >= limit) return { entries, total: page.total }
  }
}

const linesOf = (entries: readonly AuditEntry[], total: number): string[] => [
  ...columns(
    entries.map(({ atMs, title, subject, origin, summary, intact }) => [
      new Date(atMs).toISOString().slice(0, 16).replace('T', ' '),
      title,
      subject,
      origin,
      `${intact ? '' : 'DAMAGED '}${summary}`,
    ]),
  ),
  ...(total > entries.length
    ? [`The newest ${entries.length.toLocaleString('en')} of ${count(total, 'change')}.`]
    : []),
]

const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })
