import type { JobStage } from '#shared/contract/jobs.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { isFree, type LeaseOwner, leaseMs } from './lease.ts'
import type { JobRoom } from './room.ts'
import { addLogLine, finishJob, type JobRow, jobRow, paramsOf } from './store.ts'

export interface LiveProgress {
  readonly stage: JobStage
  readonly fraction: number
  readonly words: string
}

/** A job that ended its process this often without reaching another checkpoint is stopped instead of tried again. */
const allowedDeaths = 3

/** @param full vaults whose disk has no room now */
function nextClaimable(
  storage: Storage,
  owner: LeaseOwner,
  nowMs: number,
  mine: ReadonlySet<string> | null,
  full: ReadonlySet<string>,
): JobRow | undefined {
  const hasRoom = (row: JobRow): boolean => !full.has(paramsOf(row).vaultPath)
  const left = storage
    .all<JobRow>("SELECT * FROM jobs WHERE state = 'running' ORDER BY created_at_ms, id")
    .find((row) => isFree(row, owner.host, nowMs) && (!mine || mine.has(row.id)) && hasRoom(row))
  if (left) return left
  if (mine)
    return [...mine]
      .map((id) => jobRow(storage, id))
      .find((row): row is JobRow => row?.state === 'queued' && hasRoom(row))
  return storage.get<JobRow>(
    `SELECT * FROM jobs WHERE state = 'queued'
       AND json_extract(params_json, '$.vaultPath') NOT IN (SELECT value FROM json_each(?))
     ORDER BY created_at_ms, id LIMIT 1`,
    [JSON.stringify([...full])],
  )
}

/**
 * Takes the next job that nobody runs: first the ones a dead process left, then the oldest in the queue.
 * @param mine ids this process may take; null for all
 * @param room a job whose disks are short is passed over, and told
 * @param onEnded told of a job that was ended here instead of being run
 */
export function claimNext(
  storage: Storage,
  owner: LeaseOwner,
  now: () => number,
  mine: ReadonlySet<string> | null,
  onEnded: (row: JobRow) => void,
  room: { readonly of: JobRoom; readonly onWait: (row: JobRow, words: string) => void },
): JobRow | null {
  const full = new Set<string>()
  for (;;) {
    // Read first: the writer's lock is taken only when there is something to claim.
    const candidate = nextClaimable(storage, owner, now(), mine, full)
    if (!candidate) return null
    const { vaultPath } = paramsOf(candidate)
    const words = room.of(vaultPath)
    if (words !== null) {
      full.add(vaultPath)
      room.onWait(candidate, words)
      continue
    }
    const outcome = storage.writeUnaudited((tx) => {
      const nowMs = now()
      const row = nextClaimable(storage, owner, nowMs, mine, full)
      if (!row) return null
      if (endInsteadOfResume(tx, row, nowMs)) return { row, ended: true }
      tx.run(
        `UPDATE jobs SET state = 'running', deaths = deaths + ?, started_at_ms = COALESCE(started_at_ms, ?),
           lease_owner = ?, lease_host = ?, lease_pid = ?, lease_expires_at_ms = ?
         WHERE id = ?`,
        [row.state === 'running' ? 1 : 0, nowMs, owner.id, owner.host, owner.pid, nowMs + leaseMs, row.id],
      )
      if (row.state === 'running')
        addLogLine(tx, row.id, {
          atMs: nowMs,
          level: 'warning',
          words: 'Inkwell ended in the middle of this. It goes on after the last checkpoint.',
        })
      return { row: jobRow(tx, row.id)!, ended: false }
    })
    if (!outcome) return null
    if (!outcome.ended) return outcome.row
    onEnded(outcome.row)
  }
}

function endInsteadOfResume(tx: Transaction, row: JobRow, nowMs: number): boolean {
  if (row.cancel_requested)
    return finishJob(tx, row.id, row.lease_owner, { state: 'cancelled', words: cancelledWords, error: null, nowMs })
  if (row.state === 'queued' || row.deaths < allowedDeaths) return false
  const message = `Inkwell ended ${row.deaths + 1} times at this point. What was finished is kept. Try again after an update, or make the notes from another transcript.`
  const error = { code: 'ends-the-program', message, retryable: true }
  return finishJob(tx, row.id, row.lease_owner, { state: 'failed', words: message, error, nowMs })
}

export const cancelledWords = 'Cancelled. What was finished is kept.'

/**
 * Renews the leases of running jobs and saves their progress. Answers what other processes did to them meanwhile.
 */
export function renew(
  storage: Storage,
  owner: LeaseOwner,
  jobs: ReadonlyMap<string, LiveProgress>,
  nowMs: number,
): { lost: string[]; cancelled: string[] } {
  if (jobs.size === 0) return { lost: [], cancelled: [] }
  return storage.writeUnaudited((tx) => {
    const lost: string[] = []
    const cancelled: string[] = []
    for (const [id, { stage, fraction, words }] of jobs) {
      const kept = tx.run(
        `UPDATE jobs SET lease_expires_at_ms = ?, stage = ?, fraction = ?, words = ?
         WHERE id = ? AND state = 'running' AND lease_owner = ?`,
        [nowMs + leaseMs, stage, fraction, words, id, owner.id],
      )
      if (kept === 0) lost.push(id)
      else if (jobRow(tx, id)!.cancel_requested) cancelled.push(id)
    }
    return { lost, cancelled }
  })
}

/** Back into the queue, to be resumed by whoever comes first. */
export const release = (tx: Transaction, id: string, owner: LeaseOwner, words: string): boolean =>
  tx.run(
    `UPDATE jobs SET state = 'queued', words = ?, deaths = 0,
       lease_owner = NULL, lease_host = NULL, lease_pid = NULL, lease_expires_at_ms = NULL
     WHERE id = ? AND state = 'running' AND lease_owner = ?`,
    [words, id, owner.id],
  ) > 0

export const holds = (tx: Transaction, id: string, owner: LeaseOwner): boolean =>
  tx.get("SELECT 1 FROM jobs WHERE id = ? AND state = 'running' AND lease_owner = ?", [id, owner.id]) !== undefined
