import { type SealedTable, sealOf } from '../storage/seals.ts'
import type { Transaction } from '../storage/storage.ts'
import { type Calendar, dayMs } from './calendar.ts'
import { type Measures, measureNames, measuresSql } from './measures.ts'

/** Firsts are not among it: they stay. */
const keptNames = measureNames.filter((name) => name !== 'notes' && name !== 'listened_seconds')
type Kept = Omit<Measures, 'notes' | 'listened_seconds'>
interface SweptRow extends Kept {
  readonly id: string
  readonly day: number
  readonly provider: string
  readonly model: string
  readonly operation: string
  readonly feed_id: string
  readonly template_name: string
}
const columns = ['id', 'day', 'provider', 'model', 'operation', 'feed_id', 'template_name', ...keptNames] as const
export const costSweptTable: SealedTable = { name: 'cost_swept', key: 'id', columns }

/** Keeps what the rows before a time add up to, for the day when sums are made again without them. */
export function sweepSums(tx: Transaction, calendar: Calendar, beforeMs: number): void {
  const first = tx.get<{ at: number | null }>('SELECT min(at_ms) AS at FROM cost_entries')?.at ?? null
  if (first === null || first >= beforeMs) return
  for (const { fromMs, toMs, offsetMs } of calendar.stretches(first, beforeMs))
    for (const row of tx.all<Omit<SweptRow, 'id'>>(
      `SELECT (e.at_ms + ${offsetMs}) / ${dayMs} AS day, c.provider, c.model, c.operation, c.feed_id, c.template_name,
              ${measuresSql}
       FROM cost_entries e JOIN cost_combos c ON c.id = e.combo_id LEFT JOIN cost_details d ON d.entry_id = e.id
       WHERE e.at_ms >= ? AND e.at_ms < ? GROUP BY day, c.id`,
      [fromMs, toMs],
    )) {
      const id = JSON.stringify([row.day, row.provider, row.model, row.operation, row.feed_id, row.template_name])
      const known = tx.get<SweptRow>('SELECT * FROM cost_swept WHERE id = ?', [id])
      const sums = keptNames.map((name) => [name, (known?.[name as keyof Kept] ?? 0) + row[name as keyof Kept]])
      const next: SweptRow = { ...row, ...Object.fromEntries(sums), id }
      tx.run(
        `INSERT OR REPLACE INTO cost_swept (${columns.join(', ')}, row_sha256) VALUES (${[...columns, ''].map(() => '?').join(', ')})`,
        [...columns.map((name) => next[name as keyof SweptRow]), sealOf(costSweptTable, { ...next })],
      )
    }
}
