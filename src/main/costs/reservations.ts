import { isAlive, type LeaseOwner } from '../jobs/lease.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

/** A sum that is held for requests on their way. */
export interface ReservationRow {
  readonly id: string
  readonly made_at_ms: number
  readonly owner_id: string
  readonly owner_host: string
  readonly owner_pid: number
  readonly held_micro_usd: number
  readonly provider: string
  readonly model: string
  readonly operation: string
  readonly job_id: string | null
  readonly feed_id: string | null
  readonly episode_id: string | null
  readonly template_name: string | null
  readonly approved_micro_usd: number | null
  /** Null when no price is known. */
  readonly estimate_low_micro_usd: number | null
  readonly estimate_high_micro_usd: number | null
  readonly estimate_reason: string
  readonly price_version: string | null
}
/** A request that was sent, or was just about to be, and is not in the ledger yet. */
export interface AttemptRow {
  readonly id: string
  readonly reservation_id: string
  readonly begun_at_ms: number
}

const columns = [
  'id',
  'made_at_ms',
  'owner_id',
  'owner_host',
  'owner_pid',
  'held_micro_usd',
  'provider',
  'model',
  'operation',
  'job_id',
  'feed_id',
  'episode_id',
  'template_name',
  'approved_micro_usd',
  'estimate_low_micro_usd',
  'estimate_high_micro_usd',
  'estimate_reason',
  'price_version',
] as const satisfies readonly (keyof ReservationRow)[]

export const reservations = {
  put: (tx: Transaction, row: ReservationRow) =>
    tx.run(
      `INSERT OR IGNORE INTO cost_reservations (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      columns.map((name) => row[name]),
    ),
  get: (reader: Reader, id: string) =>
    reader.get<ReservationRow>('SELECT * FROM cost_reservations WHERE id = ?', [id]) ?? null,
  setHeld: (tx: Transaction, id: string, microUsd: number) =>
    tx.run('UPDATE cost_reservations SET held_micro_usd = ? WHERE id = ?', [Math.max(0, microUsd), id]),
  /** With its attempts. */
  remove: (tx: Transaction, id: string) => tx.run('DELETE FROM cost_reservations WHERE id = ?', [id]),
  all: (reader: Reader) => reader.all<ReservationRow>('SELECT * FROM cost_reservations ORDER BY id'),
  putAttempt: (tx: Transaction, row: AttemptRow) =>
    tx.run('INSERT INTO cost_attempts (id, reservation_id, begun_at_ms) VALUES (?, ?, ?)', [
      row.id,
      row.reservation_id,
      row.begun_at_ms,
    ]),
  attempt: (reader: Reader, id: string) =>
    reader.get<AttemptRow>('SELECT * FROM cost_attempts WHERE id = ?', [id]) ?? null,
  attemptsOf: (reader: Reader, reservationId: string) =>
    reader.all<AttemptRow>('SELECT * FROM cost_attempts WHERE reservation_id = ? ORDER BY id', [reservationId]),
  removeAttempt: (tx: Transaction, id: string) => tx.run('DELETE FROM cost_attempts WHERE id = ?', [id]),
}

/** No request takes as long: a process with that number is another one, and what is our own was forgotten. */
export const longestMs = 24 * 3_600_000
/** On another computer nobody can be asked. */
const longestElsewhereMs = 3_600_000

/** Whether who made it will never close it. */
export function isLeftBehind(
  row: Pick<ReservationRow, 'owner_id' | 'owner_host' | 'owner_pid' | 'made_at_ms'>,
  me: LeaseOwner,
  nowMs: number,
  alive: (pid: number) => boolean = isAlive,
): boolean {
  if (row.owner_id === me.id) return nowMs - row.made_at_ms > longestMs
  if (row.owner_host !== me.host) return nowMs - row.made_at_ms > longestElsewhereMs
  // Our own number under another name was a process before us.
  return row.owner_pid === me.pid || !alive(row.owner_pid) || nowMs - row.made_at_ms > longestMs
}
