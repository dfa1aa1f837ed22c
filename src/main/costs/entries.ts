import type { CostFilter, CostRow } from '#shared/contract/costs.ts'
import type { Reader, SqlValue } from '../storage/storage.ts'
import type { Calendar } from './calendar.ts'
import { allOf, comboWhere, hasComboFilter, needsRows, onlyDim, rowsWhere, timeWhere } from './filter.ts'
import { costOf } from './price-maths.ts'
import type { FoundPrice } from './prices.ts'
import type { CostDetailsRow, CostEntryRow } from './store.ts'
import { levels } from './sums.ts'

interface Joined extends CostEntryRow, CostDetailsRow {
  readonly feed_title: string | null
  readonly episode_title: string | null
}
type FindPrice = (provider: string, model: string) => FoundPrice | null

/** A page of the ledger, newest first. `after`: the last row of the page before; one that is gone ends the list. */
export function entriesOf(
  reader: Reader,
  calendar: Calendar,
  { after, limit, ...filter }: CostFilter & { after?: string | undefined; limit: number },
  find: FindPrice,
): { rows: CostRow[]; more: boolean } {
  const last =
    after === undefined
      ? null
      : (reader.get<{ at_ms: number; id: string }>('SELECT at_ms, id FROM cost_entries WHERE id = ?', [after]) ??
        'gone')
  if (last === 'gone') return { rows: [], more: false }
  const wanted = limit + 1
  const page = (fromMs: number | undefined, toMs: number | undefined): Joined[] => {
    const where = allOf([
      rowsWhere(reader, filter),
      timeWhere('e.at_ms', fromMs, toMs),
      ...(last === null ? [] : [{ sql: '(e.at_ms, e.id) < (?, ?)', params: [last.at_ms, last.id] as SqlValue[] }]),
    ])
    return reader.all<Joined>(
      `SELECT d.*, e.*, coalesce(f.user_title, f.own_title) AS feed_title, p.title AS episode_title
       FROM (SELECT e.id FROM cost_entries e ${indexFor(filter)} WHERE ${where.sql}
             ORDER BY e.at_ms DESC, e.id DESC LIMIT ${wanted}) AS found
       JOIN cost_entries e ON e.id = found.id LEFT JOIN cost_details d ON d.entry_id = e.id
       LEFT JOIN feeds f ON f.id = e.feed_id LEFT JOIN episodes p ON p.id = e.episode_id
       ORDER BY e.at_ms DESC, e.id DESC`,
      where.params,
    )
  }
  let rows: Joined[]
  if (hasComboFilter(filter) && !needsRows(filter)) {
    // Rows of some combos may lie anywhere: the sums of days tell how far back a page reaches.
    const to = last === null ? filter.toMs : Math.min(last.at_ms + 1, filter.toMs ?? Number.MAX_SAFE_INTEGER)
    rows = []
    for (const fromMs of reaches(reader, calendar, filter, to, wanted)) {
      rows = page(fromMs === null ? filter.fromMs : Math.max(fromMs, filter.fromMs ?? fromMs), filter.toMs)
      if (rows.length >= wanted) break
    }
  } else rows = page(filter.fromMs, filter.toMs)
  return { rows: rows.slice(0, limit).map((row) => rowOf(row, find)), more: rows.length > limit }
}

/** Without a filter, and for words that most rows have, the index over time is the one that ends early. */
const indexFor = (filter: CostFilter): string =>
  hasComboFilter(filter) && !needsRows(filter) ? 'INDEXED BY cost_entries_by_combo' : ''

/** Beginnings of days before which as many rows should lie, each further back; null for the beginning of time. */
function* reaches(
  reader: Reader,
  calendar: Calendar,
  filter: CostFilter,
  toMs: number | undefined,
  wanted: number,
): Generator<number | null> {
  const combo = comboWhere(filter)
  const only = onlyDim(filter)
  const sql =
    only === null
      ? `SELECT s.step, sum(s.entries) AS entries FROM cost_sums s
         WHERE s.level = ? AND s.step < ? AND s.combo_id IN (SELECT c.id FROM cost_combos c WHERE ${combo.sql})
         GROUP BY s.step ORDER BY s.step DESC LIMIT ?`
      : `SELECT step, entries FROM cost_totals WHERE level = ? AND dim = ${only} AND step < ? AND name = ?
         ORDER BY step DESC LIMIT ?`
  let before = toMs === undefined ? Number.MAX_SAFE_INTEGER : calendar.dayOf(Math.min(toMs, 8.64e15)) + 1
  let found = 0
  let target = wanted
  let isNewest = true
  for (let most = 64; ; most *= 8) {
    const days = reader.all<{ step: number; entries: number }>(sql, [levels.day, before, ...combo.params, most])
    for (const { step, entries } of days) {
      // Of the newest day a part may be past the end.
      found += isNewest ? 0 : entries
      isNewest = false
      before = step
      if (found < target) continue
      yield calendar.dayStart(step)
      target = found * 8
    }
    if (days.length < most) break
  }
  yield null
}

function rowOf(row: Joined, find: FindPrice): CostRow {
  return {
    id: row.id,
    atMs: row.at_ms,
    provider: row.provider,
    model: row.model,
    operation: row.operation,
    outcome: row.outcome,
    amountKind: row.amount_kind,
    costMicroUsd: row.cost_micro_usd,
    repricedMicroUsd: repriced(row, find),
    estimate:
      row.estimate_reason === null
        ? null
        : {
            lowMicroUsd: row.estimate_low_micro_usd,
            highMicroUsd: row.estimate_high_micro_usd,
            reason: row.estimate_reason,
          },
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cachedTokens: row.cached_tokens,
    audioSeconds: row.audio_ms === null ? null : row.audio_ms / 1000,
    feedId: row.feed_id,
    feedTitle: row.feed_title,
    episodeId: row.episode_id,
    episodeTitle: row.episode_title,
    templateName: row.template_name,
    jobId: row.job_id,
    priceVersion: row.price_version,
    importedFrom: row.imported_from,
  }
}

/** At today's prices, of what the row says was used. */
function repriced(row: Joined, find: FindPrice): number | null {
  const price = find(row.provider, row.model)?.entry
  if (!price) return null
  if (row.outcome === 'failed' && row.cost_micro_usd === 0) return 0
  const used = [row.input_tokens, row.output_tokens, row.audio_ms]
  if (
    used.every((value) => value === null) &&
    costOf(price, { ...none, input: 1e6, output: 1e6, audioSeconds: 3600 }) > 0
  )
    return null
  return costOf(price, {
    input: Math.max(0, row.input_tokens ?? 0),
    output: Math.max(0, row.output_tokens ?? 0),
    cachedInput: Math.max(0, row.cached_tokens ?? 0),
    cacheWrite: Math.max(0, row.cache_write_tokens ?? 0),
    audioSeconds: Math.max(0, (row.audio_ms ?? 0) / 1000),
  })
}
const none = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, audioSeconds: 0 }
