import { fail, ok, type Result } from '#shared/result.ts'
import { isFree, type LeaseOwner } from '../jobs/lease.ts'
import type { Clock, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'

export interface EpisodeLocks {
  /**
   * Runs `work` when nobody else writes for that episode: one after another in this process, by a lease in the
   * database between processes. @param patienceMs how long to wait for another process
   */
  hold<Value>(
    episodeId: string,
    patienceMs: number,
    work: () => Promise<Value>,
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

export function createEpisodeLocks(deps: {
  storage: Storage
  clock: Clock
  owner: LeaseOwner
  log: Log
  wait: (ms: number) => Promise<unknown>
}): EpisodeLocks {
  const { storage, clock, owner, log, wait } = deps
  const tails = new Map<string, Promise<unknown>>()

  /** Takes or renews it. */
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
  const release = (episodeId: string): void => {
    storage.writeUnaudited((tx) =>
      tx.run('DELETE FROM note_locks WHERE episode_id = ? AND lease_owner = ?', [episodeId, owner.id]),
    )
  }
  const leased = async <Value>(
    episodeId: string,
    patienceMs: number,
    work: () => Promise<Value>,
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
        take(episodeId)
      } catch (error) {
        log.warn('notes.lease-not-renewed', { error })
      }
    }, renewMs)
    renewal.unref()
    try {
      return ok(await work())
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
