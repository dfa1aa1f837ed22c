import type { Json } from '#shared/result.ts'
import { type SealedTable, sealOf } from './seals.ts'
import type { Transaction } from './storage.ts'

export const auditTable: SealedTable = {
  name: 'audit',
  key: 'id',
  columns: ['id', 'at_ms', 'action', 'origin', 'subject', 'before_json', 'after_json'],
}

const asJson = (value: Json): string | null => (value === null ? null : JSON.stringify(value))

/** Adds a sealed row to the trail. Ids grow without a gap, so that a row taken away is noticed. */
export function insertAudit(
  { get, run }: Pick<Transaction, 'get' | 'run'>,
  entry: { atMs: number; action: string; origin: string; subject: string; before: Json; after: Json },
): { id: number; seal: string } {
  // sqlite_sequence keeps the number also when the last rows are deleted; should it have rotted, the rows themselves tell.
  // Nobody else writes inside this transaction.
  const last = get<{ seq: number }>(
    `SELECT max(coalesce((SELECT max(id) FROM audit), 0),
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)) AS seq`,
  )
  const row = {
    id: (last?.seq ?? 0) + 1,
    at_ms: entry.atMs,
    action: entry.action,
    origin: entry.origin,
    subject: entry.subject,
    before_json: asJson(entry.before),
    after_json: asJson(entry.after),
  }
  const seal = sealOf(auditTable, row)
  run(
    `INSERT INTO audit (id, at_ms, action, origin, subject, before_json, after_json, row_sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [...Object.values(row), seal],
  )
  return { id: row.id, seal }
}
