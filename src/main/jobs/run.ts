import { randomUUID } from 'node:crypto'
import type { Job, JobLogLine } from '#shared/contract/jobs.ts'
import type { Json } from '#shared/result.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { timed } from '../log.ts'
import type { Clock, Log } from '../ports.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { cancelledWords, holds, type LiveProgress, release } from './claims.ts'
import type { LeaseOwner } from './lease.ts'
import { promptStore } from './prompts.ts'
import type { Stage, StageContext } from './stage.ts'
import {
  addLogLine,
  finishJob,
  type JobRow,
  paramsOf,
  saveFacts,
  saveProgress,
  storedStep,
  storeSteps,
} from './store.ts'

/** Why a running job was aborted: by the user, by the end of the program, or because another process has it now. */
export type AbortReason = 'cancel' | 'stop' | 'lost'

interface RunDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  readonly owner: LeaseOwner
  readonly stages: readonly Stage[]
  readonly onProgress: (live: LiveProgress) => void
}

/** Runs a claimed job to its end, or to where it was aborted. Never throws. */
export async function runJob(row: JobRow, controller: AbortController, deps: RunDeps): Promise<void> {
  const { storage, clock, log, owner } = deps
  const end = (state: 'done' | 'failed' | 'cancelled', words: string, error: Job['error'] = null): void => {
    storage.writeUnaudited((tx) => {
      saveProgress(tx, row.id, owner.id, live)
      if (!finishJob(tx, row.id, owner.id, { state, words, error, nowMs: clock.now() })) return
      addLogLine(tx, row.id, { atMs: clock.now(), level: state === 'failed' ? 'error' : 'info', words })
    })
    log.info('jobs.ended', { jobId: row.id, state, code: error?.code })
  }
  let live: LiveProgress = { stage: row.stage, fraction: row.fraction, words: row.words }
  try {
    for (const stage of deps.stages) {
      const say = (fraction: number, said: string): void => {
        live = { stage: stage.id, fraction: Math.min(1, Math.max(0, fraction)), words: said }
        deps.onProgress(live)
      }
      say(0, stage.words)
      // For other processes; within a stage the heartbeat saves it.
      storage.writeUnaudited((tx) => saveProgress(tx, row.id, owner.id, live))
      const result = controller.signal.aborted
        ? fail('cancelled', cancelledWords)
        : await timed(log, `jobs.${stage.id}`, `job/${row.id}`, () =>
            stage.run(contextFor(stage, row, controller, deps, say)),
          )
      if (result.ok) continue
      const reason = controller.signal.aborted ? (controller.signal.reason as AbortReason) : null
      if (reason === 'lost') return
      if (reason === 'stop')
        return void storage.writeUnaudited((tx) => release(tx, row.id, owner, 'Waits to go on where it stopped.'))
      if (reason === 'cancel' || result.error.code === 'cancelled') return end('cancelled', cancelledWords)
      const { code, message, retryable, details } = result.error
      return end('failed', message, { code, message, retryable, ...approvalIn(details) })
    }
    end('done', live.words)
  } catch (error) {
    const reference = randomUUID().slice(0, 8).toUpperCase()
    log.error('jobs.defect', { jobId: row.id, reference, error })
    const message = `Something in Inkwell broke while it worked on this. What was finished is kept. Tell us reference ${reference}.`
    try {
      end('failed', message, { code: 'defect', message, retryable: true })
    } catch (again) {
      // The database itself fails (full disk, closed): the lease runs out and the job is resumed later.
      log.error('jobs.end-failed', { jobId: row.id, error: again })
    }
  }
}

/** A stage that stops for money says which yes would let it go on. */
function approvalIn(details: Json | undefined): { approveMicroUsd?: number } {
  if (details === null || typeof details !== 'object' || Array.isArray(details)) return {}
  return typeof details.approveMicroUsd === 'number' ? { approveMicroUsd: details.approveMicroUsd } : {}
}

const notHeld = fail('cancelled', 'Another Inkwell has gone on with this.')

function contextFor(
  stage: Stage,
  row: JobRow,
  controller: AbortController,
  { storage, clock, owner }: RunDeps,
  say: (fraction: number, words: string) => void,
): StageContext {
  const store: StageContext['store'] = (results, facts, alongside) => {
    const change = (tx: Transaction): Result<null, 'cancelled'> => {
      // The lease is checked in the same transaction: a process that slept past its lease writes nothing.
      if (!holds(tx, row.id, owner)) return notHeld
      storeSteps(tx, row.id, stage.id, results, clock.now())
      if (facts) saveFacts(tx, row.id, facts)
      alongside?.change(tx)
      return ok(null)
    }
    const kept = alongside ? storage.write(alongside.action, change) : storage.writeUnaudited(change)
    if (!kept.ok) controller.abort('lost' satisfies AbortReason)
    return kept
  }
  const stored = <Value>(key: string, of = stage.id): Value | null => storedStep<Value>(storage, row.id, of, key)
  return {
    jobId: row.id,
    run: row.run,
    params: paramsOf(row),
    signal: controller.signal,
    stored,
    prompt: ({ promptSha256 }) => (promptSha256 === undefined ? null : promptStore.get(storage, promptSha256)),
    store,
    async checkpoint<Value, Code extends string>(key: string, make: () => Promise<Result<Value, Code>>) {
      const known = stored<Value>(key)
      if (known !== null) return ok(known)
      if (controller.signal.aborted) return fail('cancelled', cancelledWords)
      const made = await make()
      if (!made.ok) return made
      const kept = store({ [key]: made.value as Json })
      return kept.ok ? made : kept
    },
    progress: say,
    log: (words: string, level: JobLogLine['level'] = 'info') =>
      storage.writeUnaudited((tx) => addLogLine(tx, row.id, { atMs: clock.now(), level, words })),
  }
}
