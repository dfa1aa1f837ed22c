import type { HealthReport, MendPreview } from '#shared/contract/health.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Events, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import { ChangedMeanwhile, type Check, type Found, hashOf, type Mend, type Prepared } from './check.ts'
import { Cancelled, createPass, joinReport, runCheck, shownReport } from './run.ts'
import { healthStore, type KeptReport } from './store.ts'
import { isDamage } from './task.ts'

export interface HealthDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly log: Log
  /** In the order they are shown. */
  readonly checks: readonly Check[]
}
export type HealthFailure =
  | 'cancelled'
  | 'finding-gone'
  | 'no-mend'
  | 'changed-meanwhile'
  | 'mend-failed'
  | 'not-looked-at'
  | 'not-left'
export interface HealthService {
  /** The last report; null before the first. */
  report(): HealthReport | null
  running(): { fraction: number; words: string } | null
  /** One at a time: a second call gets the answer of the run that is under way when that one reads as much. */
  check(full: boolean): Promise<Result<HealthReport, HealthFailure>>
  cancel(): void
  /** Looks again at what the finding is about; writes nothing. */
  previewMend(findingId: string): Promise<Result<MendPreview, HealthFailure>>
  /** Does what the preview with this token showed, and nothing when the world is not as it was then. */
  mend(findingId: string, token: string): Promise<Result<{ message: string; report: HealthReport }, HealthFailure>>
  leave(findingId: string): Result<HealthReport, HealthFailure>
  /** Takes back `leave`: the finding counts again, as it was when it was last seen. */
  lookAgain(findingId: string): Result<HealthReport, HealthFailure>
  /** When all was last read; null when never. */
  lastFullAtMs(): number | null
  close(): void
}

const changedMeanwhile = fail(
  'changed-meanwhile',
  'Something has changed since you looked. Nothing was done. Look at what mending would do now.',
)
const findingGone = fail('finding-gone', 'This is not so any more. Nothing was done.')
const cancelled = fail('cancelled', 'The check was stopped. The last report stays.')
const noMend = fail('no-mend', 'There is nothing that Inkwell could mend here by itself. Nothing was done.')

/** Rows of a preview that are shown; all of them are done. */
const shownRows = 200

export function createHealthService(deps: HealthDeps): HealthService {
  const { storage, events, clock, log, checks } = deps
  let under: { full: boolean; done: Promise<Result<HealthReport, HealthFailure>>; abort: AbortController } | null = null
  let progress: { fraction: number; words: string } | null = null
  /** When the profile takes no more writing the report of this session is still known. */
  let unkept: KeptReport | null = null
  let closed = false

  /** A database that is damaged must not keep anybody from being told so. */
  const readable = <Value>(read: () => Value, otherwise: Value): Value => {
    try {
      return read()
    } catch (error) {
      if (!isDamage(error)) throw error
      return otherwise
    }
  }
  const kept = (): KeptReport | null => unkept ?? readable(() => healthStore.report(storage), null)
  const shown = (of: KeptReport): HealthReport =>
    shownReport(
      of,
      readable(() => healthStore.left(storage), new Map()),
    )
  const say = (fraction: number, words: string): void => {
    progress = { fraction, words }
    events.emit('health.progress', progress)
  }
  const keep = (report: KeptReport): void => {
    try {
      storage.writeUnaudited((tx) => healthStore.keep(tx, report))
      unkept = null
    } catch (error) {
      unkept = report
      log.warn('health.report-not-kept', { error })
    }
    events.emit('health.changed', {})
  }

  const runAll = async (full: boolean, signal: AbortSignal): Promise<Result<HealthReport, HealthFailure>> => {
    const startedAtMs = clock.now()
    try {
      const outcomes = []
      for (const [index, check] of checks.entries()) {
        const tell = (fraction: number): void => say((index + fraction) / checks.length, check.words)
        tell(0)
        const pass = createPass({ full, signal, onProgress: tell })
        await pass.breathe()
        outcomes.push(await runCheck(check, pass))
      }
      const joined = joinReport(outcomes, kept(), { clock, log, full, startedAtMs, partial: false })
      keep(joined)
      return ok(shown(joined))
    } catch (error) {
      if (error instanceof Cancelled) return cancelled
      throw error
    } finally {
      progress = null
    }
  }

  const check: HealthService['check'] = async (full) => {
    while (under) {
      if (under.full || !full) return under.done
      await under.done
    }
    const abort = new AbortController()
    if (closed) abort.abort()
    const done = runAll(full, abort.signal).finally(() => {
      under = null
      events.emit('health.changed', {})
    })
    under = { full, done, abort }
    return done
  }

  /** The finding as it is now: only the check that had it looks again, as deeply as it did. */
  const findAgain = async (findingId: string): Promise<{ check: Check; found: Found | null; full: boolean } | null> => {
    const last = kept()
    const check = checks.find(({ name }) => name === findingId.split('/')[0])
    if (!last || !check) return null
    const full = last.deep.includes(findingId)
    const pass = createPass({ full, signal: new AbortController().signal, onProgress: () => {} })
    const { checked, error } = await runCheck(check, pass)
    if (!checked) throw error
    return { check, found: checked.findings.find(({ id }) => id === findingId) ?? null, full }
  }

  const prepare = async (
    findingId: string,
  ): Promise<Result<{ prepared: Prepared; mend: Mend; token: string; check: Check; full: boolean }, HealthFailure>> => {
    while (under) await under.done
    const again = await findAgain(findingId)
    if (!again?.found) return findingGone
    const { check, found, full } = again
    if (!found.mend) return noMend
    const prepared = await found.mend.prepare()
    const token = hashOf([found.id, found.look, prepared.scope, prepared.rows, prepared.seen ?? null])
    return ok({ prepared, mend: found.mend, token, check, full })
  }

  return {
    report: () => {
      const last = kept()
      return last && shown(last)
    },
    running: () => progress,
    check,
    cancel: () => under?.abort.abort(),
    async previewMend(findingId) {
      const found = await prepare(findingId)
      if (!found.ok) return found
      const { prepared, mend, token } = found.value
      return ok({
        findingId,
        token,
        label: mend.label,
        scope: prepared.scope,
        rows: prepared.rows.slice(0, shownRows),
        rowCount: prepared.rowCount ?? prepared.rows.length,
      })
    },
    async mend(findingId, token) {
      const found = await prepare(findingId)
      if (!found.ok) return found.error.code === 'finding-gone' ? changedMeanwhile : found
      const { prepared, check, full } = found.value
      if (found.value.token !== token) return changedMeanwhile
      let done: Result<string>
      try {
        done = await prepared.perform()
      } catch (error) {
        if (error instanceof ChangedMeanwhile) return changedMeanwhile
        log.error('health.mend-failed', { findingId, error })
        const code = (error as NodeJS.ErrnoException).code
        return fail('mend-failed', `This could not be mended (${code ?? 'unknown'}). What was there is kept.`, {
          retryable: true,
        })
      }
      if (!done.ok) return fail('mend-failed', done.error.message, { retryable: done.error.retryable })
      log.info('health.mended', { findingId })
      const startedAtMs = clock.now()
      const pass = createPass({ full, signal: new AbortController().signal, onProgress: () => {} })
      const outcome = await runCheck(check, pass)
      const joined = joinReport([outcome], kept(), { clock, log, full, startedAtMs, partial: true })
      keep(joined)
      return ok({ message: done.value, report: shown(joined) })
    },
    leave(findingId) {
      const last = kept()
      const look = last?.looks[findingId]
      if (!last || look === undefined) return fail('not-looked-at', 'This finding is not in the last report.')
      storage.write('health.leave', (tx) => {
        healthStore.leave(tx, findingId, look, clock.now())
        tx.audit(`health:${findingId}`, null, { left: true })
      })
      events.emit('health.changed', {})
      return ok(shown(last))
    },
    lookAgain(findingId) {
      const last = kept()
      if (!last || !healthStore.left(storage).has(findingId))
        return fail('not-left', 'This finding is not left as it is. Nothing was changed.')
      storage.write('health.lookAgain', (tx) => {
        healthStore.lookAgain(tx, findingId)
        tx.audit(`health:${findingId}`, { left: true }, { left: false })
      })
      events.emit('health.changed', {})
      return ok(shown(last))
    },
    lastFullAtMs: () => kept()?.fullAtMs ?? null,
    close: () => {
      closed = true
      under?.abort.abort()
    },
  }
}
