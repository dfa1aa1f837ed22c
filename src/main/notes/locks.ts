import { fail, ok, type Result } from '#shared/result.ts'
import { isFree, type LeaseOwner } from '../jobs/lease.ts'
import type { Clock, Log } from '../ports.ts'
import type { Reader, Storage } from '../storage/storage.ts'

/** What a holder works with. A clock that leaps ends its lease early, and another process may take it in the middle. */
export interface Held {
  /** The same database; a write of a holder that lost its lease is rolled back. */
  readonly storage: Storage
  /** Before each change in the vault. @throws LeaseLost */
  readonly stillHeld: () => void
}
/** Ends the work of who lost the lease, at its next safe point. */
class LeaseLost extends Error {}

export interface EpisodeLocks {
  /**
   * Runs `work` when nobody else writes for that episode: one after another in this process, by a lease in the
   * database between processes. `held-elsewhere` also when another process took it over before `work` was done.
   * @param patienceMs how long to wait for another process
   */
  hold<Value>(
    episodeId: string,
    patienceMs: number,
    work: (held: Held) => Promise<Value>,
  ): Promise<Result<Value, 'held-elsewhere'>>
}

const leaseMs = 30_000
const renewMs = 10_000
const pollMs = 200

interface LockRow {
  readonly lease_owner: string
  readonly lease_host: string
  readonly lease_pid: number
  readonly lease_expires_at_ms: number
}

const takenOver = fail(
  'held-elsewhere',
  'Another Inkwell took over these notes: this computer slept, or its clock was changed. What was written stands, and the rest is kept. Try again when the other one is done.',
  { retryable: true },
)

export function createEpisodeLocks(deps: {
  storage: Storage
  clock: Clock
  owner: LeaseOwner
  log: Log
  wait: (ms: number) => Promise<unknown>
}): EpisodeLocks {
  const { storage, clock, owner, log, wait } = deps
  const tails = new Map<string, Promise<unknown>>()

  const take = (episodeId: string): boolean =>
    storage.writeUnaudited((tx) => {
      const row = tx.get<LockRow>('SELECT * FROM note_locks WHERE episode_id = ?', [episodeId])
      if (row && row.lease_owner !== owner.id && !isFree(row, owner.host, clock.now())) return false
      tx.run('INSERT OR REPLACE INTO note_locks VALUES (?, ?, ?, ?, ?)', [
        episodeId,
        owner.id,
        owner.host,
        owner.pid,
        clock.now() + leaseMs,
      ])
      return true
    })
  /** Never takes it anew: whoever had it in between may have changed everything. @returns whether it is still held */
  const renew = (episodeId: string): boolean =>
    storage.writeUnaudited(
      (tx) =>
        tx.run('UPDATE note_locks SET lease_expires_at_ms = ? WHERE episode_id = ? AND lease_owner = ?', [
          clock.now() + leaseMs,
          episodeId,
          owner.id,
        ]) > 0,
    )
  /** Expired but taken by nobody, it is still held. */
  const checkIn = (reader: Reader, episodeId: string): void => {
    const row = reader.get<LockRow>('SELECT * FROM note_locks WHERE episode_id = ?', [episodeId])
    if (row?.lease_owner !== owner.id) throw new LeaseLost(episodeId)
  }
  const heldOf = (episodeId: string): Held => ({
    storage: {
      ...storage,
      write: (action, change) =>
        storage.write(action, (tx) => {
          checkIn(tx, episodeId)
          return change(tx)
        }),
      writeUnaudited: (change) =>
        storage.writeUnaudited((tx) => {
          checkIn(tx, episodeId)
          return change(tx)
        }),
    },
    stillHeld: () => checkIn(storage, episodeId),
  })
  const release = (episodeId: string): void => {
    storage.writeUnaudited((tx) =>
      tx.run('DELETE FROM note_locks WHERE episode_id = ? AND lease_owner = ?', [episodeId, owner.id]),
    )
  }
  const leased = async <Value>(
    episodeId: string,
    patienceMs: number,
    work: (held: Held) => Promise<Value>,
  ): Promise<Result<Value, 'held-elsewhere'>> => {
    for (let waitedMs = 0; !take(episodeId); waitedMs += pollMs) {
      if (waitedMs >= patienceMs)
        return fail('held-elsewhere', 'Another Inkwell is writing these notes. Try again when it is done.', {
          retryable: true,
        })
      await wait(pollMs)
    }
    const renewal = setInterval(() => {
      try {
        if (!renew(episodeId)) clearInterval(renewal)
      } catch (error) {
        log.warn('notes.lease-not-renewed', { error })
      }
    }, renewMs)
    renewal.unref()
    try {
      return ok(await work(heldOf(episodeId)))
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error
      log.warn('notes.lease-lost', { episode: episodeId })
      return takenOver
    } finally {
      clearInterval(renewal)
      release(episodeId)
    }
  }
  return {
    hold(episodeId, patienceMs, work) {
      const before = tails.get(episodeId) ?? Promise.resolve()
      const run = before.then(() => leased(episodeId, patienceMs, work))
      // A rejection is the caller's; it does not stop the next one.
      const tail = run.then(
        () => {},
        () => {},
      )
      tails.set(episodeId, tail)
      void tail.then(() => {
        if (tails.get(episodeId) === tail) tails.delete(episodeId)
      })
      return run
    },
  }
}
