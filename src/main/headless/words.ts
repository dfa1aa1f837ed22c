import type { Failure, Json } from '#shared/result.ts'
import { type CommandResult, exitCodes, printable } from './output.ts'

export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

/** ISO day in UTC. */
export const dateOf = (atMs: number | null): string =>
  atMs === null ? 'no date   ' : new Date(atMs).toISOString().slice(0, 10)

/** Rows with their columns aligned; the last one is as long as it likes. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(printable))
  const widths = clean.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), [])
  return clean.map((row) =>
    row
      .map((cell, at) => cell.padEnd(at === row.length - 1 ? 0 : Math.min(widths[at]!, 48)))
      .join('  ')
      .trimEnd(),
  )
}

export const done = (data: unknown, lines: readonly string[]): CommandResult => ({
  exitCode: exitCodes.done,
  data: data as Json,
  lines,
})

export const failed = (error: Failure): CommandResult => ({
  exitCode: error.code === 'usage' ? exitCodes.usage : exitCodes.failed,
  data: null,
  lines: [],
  error,
})
