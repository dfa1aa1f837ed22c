import type { CostRow } from '#shared/contract/costs.ts'
import { csvCell } from '../audit/export-text.ts'
import { decimalDollars } from './dollars.ts'

export type ExportFormat = 'csv' | 'json'

/** Names of the columns, and what each says of a row; money exact, in dollars. */
const columns: readonly (readonly [name: string, of: (row: CostRow) => string])[] = [
  ['id', (row) => row.id],
  ['time', (row) => timeOf(row)],
  ['provider', (row) => row.provider],
  ['model', (row) => row.model],
  ['operation', (row) => row.operation],
  ['outcome', (row) => row.outcome],
  ['amount', (row) => row.amountKind],
  ['cost_usd', (row) => money(row.costMicroUsd)],
  ['repriced_usd', (row) => money(row.repricedMicroUsd)],
  ['estimate_low_usd', (row) => money(row.estimate?.lowMicroUsd ?? null)],
  ['estimate_high_usd', (row) => money(row.estimate?.highMicroUsd ?? null)],
  ['input_tokens', (row) => number(row.inputTokens)],
  ['output_tokens', (row) => number(row.outputTokens)],
  ['cached_tokens', (row) => number(row.cachedTokens)],
  ['audio_seconds', (row) => number(row.audioSeconds)],
  ['feed_id', (row) => row.feedId ?? ''],
  ['feed', (row) => row.feedTitle ?? ''],
  ['episode_id', (row) => row.episodeId ?? ''],
  ['episode', (row) => row.episodeTitle ?? ''],
  ['template', (row) => row.templateName ?? ''],
  ['job_id', (row) => row.jobId ?? ''],
  ['price_version', (row) => row.priceVersion ?? ''],
  ['imported_from', (row) => row.importedFrom ?? ''],
]
const money = (microUsd: number | null): string => (microUsd === null ? '' : decimalDollars(microUsd))
const number = (value: number | null): string => (value === null ? '' : String(value))
const timeOf = ({ atMs }: CostRow): string => (Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : String(atMs))
const line = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`

const jsonOf = ({ atMs, costMicroUsd, repricedMicroUsd, ...row }: CostRow): string =>
  JSON.stringify({
    ...row,
    time: timeOf({ atMs } as CostRow),
    costMicroUsd,
    costUsd: costMicroUsd === null ? null : decimalDollars(costMicroUsd),
    repricedMicroUsd,
  })

/** In pieces, so that a long ledger is never in memory as a whole. CSV by RFC 4180, that no spreadsheet runs. */
export async function* exportText(
  format: ExportFormat,
  pages: AsyncIterable<readonly CostRow[]>,
): AsyncGenerator<string> {
  if (format === 'csv') {
    // With a byte order mark: without it a spreadsheet takes UTF-8 for its own code page.
    yield `\uFEFF${line(columns.map(([name]) => name))}`
    for await (const page of pages) yield page.map((row) => line(columns.map(([, of]) => of(row)))).join('')
    return
  }
  yield '{"schema_version":1,"entries":['
  let isFirst = true
  for await (const page of pages) {
    if (page.length === 0) continue
    yield `${isFirst ? '' : ','}\n${page.map(jsonOf).join(',\n')}`
    isFirst = false
  }
  yield '\n]}\n'
}
