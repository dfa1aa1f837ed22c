import type { Clock, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { claimNext, type LiveProgress, renew } from './claims.ts'
import { heartbeatMs, type LeaseOwner } from './lease.ts'
import type { JobRoom } from './room.ts'
import { type AbortReason, runJob } from './run.ts'
import type { Stage } from './stage.ts'
import type { JobRow } from './store.ts'

export interface EngineDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  readonly owner: LeaseOwner
  readonly stages: readonly Stage[]
  /** Asked before a job is taken; it waits, and is asked again with each beat. */
  readonly room: JobRoom
  /** Jobs at once. */
  readonly concurrency: number
  /** `own`: only jobs that were handed to `adopt`; a headless run does not empty the app's queue. */
  readonly claim: 'all' | 'own'
  readonly heartbeatMs?: number
  /** A job was taken or has ended. */
  readonly onState: (row: JobRow) => void
  readonly onProgress: (jobId: string, live: LiveProgress) => void
}
export interface Engine {
  start(): void
  /** Looks for work now. */
  pump(): void
  adopt(jobId: string): void
  /** Stops a job of this process at its next checkpoint. */
  abort(jobId: string): void
  live(jobId: string): LiveProgress | null
  /** Resolves when nothing runs here and nothing is left that this process may take. */
  idle(): Promise<void>
  /** Gives running jobs back to the queue at their next checkpoint. */
  stop(): Promise<void>
}

interface Running {
  readonly row: JobRow
  readonly controller: AbortController
  readonly ended: Promise<void>
  live: LiveProgress
}

/** Claims jobs, runs them, keeps their leases. Knows nothing of what the stages do. */
export function createEngine(deps: EngineDeps): Engine {
  const { storage, clock, owner, log } = deps
  const running = new Map<string, Running>()
  /** Jobs that would be next, and wait for room on a disk. */
  const waiting = new Map<string, LiveProgress>()
  const own = deps.claim === 'own' ? new Set<string>() : null
  let timer: NodeJS.Timeout | null = null

  /** A view that cannot be told must not stop the queue. */
  const told = (row: JobRow): void => {
    try {
      deps.onState(row)
    } catch (error) {
      log.warn('jobs.not-announced', { jobId: row.id, error })
    }
  }
  const launch = (row: JobRow): void => {
    const controller = new AbortController()
    const job: Running = {
      row,
      controller,
      live: { stage: row.stage, fraction: row.fraction, words: row.words },
      // A microtask later, so that the entry is in the map before the first stage speaks.
      ended: Promise.resolve()
        .then(() =>
          runJob(row, controller, {
            ...deps,
            onProgress: (live) => {
              job.live = live
              deps.onProgress(row.id, live)
            },
          }),
        )
        .then(() => {
          running.delete(row.id)
          told(row)
          pump()
        }),
    }
    running.set(row.id, job)
    told(row)
  }
  const onWait = (row: JobRow, words: string): void => {
    const live = { stage: row.stage, fraction: row.fraction, words }
    waiting.set(row.id, live)
    deps.onProgress(row.id, live)
  }
  const pump = (): void => {
    try {
      waiting.clear()
      while (timer && running.size < deps.concurrency) {
        const row = claimNext(storage, owner, () => clock.now(), own, told, { of: deps.room, onWait })
        if (!row) return
        launch(row)
      }
    } catch (error) {
      // Locked for longer than the busy timeout, or a full disk: the next beat tries again.
      log.warn('jobs.claim-failed', { error })
    }
  }
  const abort = (id: string, reason: AbortReason): void => running.get(id)?.controller.abort(reason)
  const beat = (): void => {
    try {
      const live = new Map([...running].map(([id, job]) => [id, job.live]))
      const { lost, cancelled } = renew(storage, owner, live, clock.now())
      for (const id of lost) abort(id, 'lost')
      for (const id of cancelled) abort(id, 'cancel')
      pump()
    } catch (error) {
      log.warn('jobs.heartbeat-failed', { error })
    }
  }
  return {
    start() {
      if (timer) return
      timer = setInterval(beat, deps.heartbeatMs ?? heartbeatMs)
      timer.unref()
      pump()
    },
    pump,
    adopt: (id) => void own?.add(id),
    abort: (id) => abort(id, 'cancel'),
    live: (id) => running.get(id)?.live ?? waiting.get(id) ?? null,
    async idle() {
      pump()
      while (running.size > 0) await Promise.all([...running.values()].map(({ ended }) => ended))
    },
    async stop() {
      if (timer) clearInterval(timer)
      timer = null
      const ended = [...running.values()].map((job) => job.ended)
      for (const id of running.keys()) abort(id, 'stop')
      await Promise.all(ended)
    },
  }
}
