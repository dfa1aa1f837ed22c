import type { Json } from '#shared/result.ts'
import { type SealedTable, sealOf } from './seals.ts'
import type { Reader, Transaction } from './storage.ts'
import type { TrailEntry } from './trail-head.ts'

export const auditTable: SealedTable = {
  name: 'audit',
  key: 'id',
  columns: ['id', 'at_ms', 'action', 'origin', 'subject', 'before_json', 'after_json'],
}

const asJson = (value: Json): string | null => (value === null ? null : JSON.stringify(value))

/** Where the trail ends. Its time is 0 when the row itself is gone. */
export function lastEntry({ get }: Pick<Reader, 'get'>): TrailEntry {
  // sqlite_sequence keeps the number also when the last rows are deleted; should it have rotted, the rows themselves tell.
  return get<TrailEntry>(
    `SELECT max(coalesce((SELECT max(id) FROM audit), 0),
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)) AS id,
            coalesce((SELECT at_ms FROM audit ORDER BY id DESC LIMIT 1), 0) AS atMs`,
  )!
}

/** Adds a sealed row to the trail. Ids grow without a gap, so that a row taken away is noticed. */
export function insertAudit(
  { get, run }: Pick<Transaction, 'get' | 'run'>,
  entry: { atMs: number; action: string; origin: string; subject: string; before: Json; after: Json },
): TrailEntry & { seal: string } {
  // Nobody else writes inside this transaction.
  const row = {
    id: lastEntry({ get }).id + 1,
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
  return { id: row.id, atMs: row.at_ms, seal }
}
