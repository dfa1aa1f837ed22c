import { randomUUID } from 'node:crypto'
import * as nodeFs from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { RetentionKind, RetentionRule, retention, SweepPreview } from '#shared/contract/retention.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { CostsService } from '../costs/service.ts'
import type { Credentials } from '../credentials/service.ts'
import type { Clock, Events, Log } from '../ports.ts'
import type { Storage } from '../storage/storage.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { finishSweeps } from './finish.ts'
import { giveBack } from './give-back.ts'
import { dayMs, type SweepKind } from './kind.ts'
import { sweepKinds } from './kind-list.ts'
import type { LeftoverDeps } from './kinds/leftovers.ts'
import { notesAreWhole } from './references.ts'
import { readRule, readState, writeRule, writeState } from './store.ts'
import { type Plan, planKind, sweepKind } from './sweep.ts'
import { kindTitles } from './titles.ts'

export interface RetentionDeps extends Pick<LeftoverDeps, 'hasVerifiedBackup'> {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly log: Log
  /** Absolute. */
  readonly profilePath: string
  readonly costs: Pick<CostsService, 'sweepIn' | 'facts'>
  readonly credentials: Pick<Credentials, 'delete'>
  /** Whether a sweep that was asked for may hold up this process for seconds, to give freed space back to the disk. */
  readonly mayHoldUp: boolean
  readonly fs?: FileSystem
  readonly wait?: (ms: number) => Promise<unknown>
}
type RuleChange = z.output<typeof retention.set.input>
type Rules = z.output<typeof retention.rules.output>
interface Swept {
  items: number
  bytes: number
}

export interface RetentionService {
  rules(): Promise<Rules>
  set(change: RuleChange): Promise<Result<RetentionRule, 'no-size-limit' | 'too-short'>>
  /** What a sweep would take now. It can be said yes to for as long as this process runs. */
  preview(): Promise<SweepPreview>
  /** Takes what the preview showed and what is still due of it, nothing else. From now on sweeps run daily by themselves. */
  sweep(token: string): Promise<Result<Swept, 'preview-gone'>>
  /** Finishes a sweep that was interrupted, and sweeps daily once that was agreed to. */
  start(): Promise<void>
  /** Removes files that a committed sweep forgot. @returns whether all are gone */
  finish(): Promise<boolean>
  /** Ends the timer and waits for a sweep under way. */
  close(): Promise<void>
}

const tickMs = 3_600_000
/** After a longer pause the daily sweep waits a day: a clock that leapt would make everything look old. */
const longPauseMs = 30 * dayMs
const keptPreviews = 5
const maxExamples = 50
/** Said of every earlier text of a note: until when it can be had back. */
const promisedDays = 30

/** What is kept for how long, and how it goes. */
export function createRetentionService(deps: RetentionDeps): RetentionService {
  const { storage, events, clock, log } = deps
  const kinds = sweepKinds(deps)
  const finishDeps = { ...deps, fs: deps.fs ?? nodeFs, wait: deps.wait ?? ((ms: number) => sleep(ms)) }
  const previews = new Map<string, { nowMs: number; wanted: ReadonlyMap<RetentionKind, ReadonlySet<string>> }>()
  let timer: NodeJS.Timeout | null = null
  let last: Promise<unknown> = Promise.resolve()
  /** One sweep after another within this process. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }

  const ruleOf = async (kind: SweepKind): Promise<RetentionRule> => {
    const found = await kind.look?.()
    return {
      kind: kind.kind,
      title: kindTitles[kind.kind],
      ...readRule(storage, kind.kind, kind.defaults),
      ...kind.stored(storage, found),
    }
  }
  const planAll = async (nowMs: number, asked: boolean): Promise<Plan[]> => {
    const question = { nowMs, asked, notesAreWhole: await notesAreWhole(storage) }
    const plans = []
    for (const kind of kinds) plans.push(await planKind(storage, kind, question))
    return plans
  }
  const sweepAll = async (
    { nowMs, asked }: { nowMs: number; asked: boolean },
    wanted: ReadonlyMap<RetentionKind, ReadonlySet<string>>,
  ): Promise<Swept> => {
    const total = { items: 0, bytes: 0 }
    const question = { nowMs, asked, notesAreWhole: await notesAreWhole(storage) }
    for (const kind of kinds) {
      const swept = await sweepKind(storage, kind, question, wanted.get(kind.kind) ?? new Set())
      total.items += swept.items
      total.bytes += swept.bytes
    }
    storage.writeUnaudited((tx) => writeState(tx, { lastSweepAtMs: clock.now(), notBeforeMs: null }, clock.now()))
    await finishSweeps(finishDeps)
    if (total.items > 0) {
      giveBack(storage, deps.profilePath, asked && deps.mayHoldUp)
      announce()
    }
    log.info('retention.swept', { ...total, asked })
    return total
  }
  const announce = (): void => {
    events.emit('retention.changed', {})
    events.emit('jobs.changed', { jobId: null })
    for (const event of ['feeds.changed', 'episodes.changed'] as const) events.emit(event, { feedId: null })
  }

  const isDue = (): boolean => {
    const nowMs = clock.now()
    const { agreedAtMs, lastSweepAtMs, notBeforeMs } = readState(storage)
    if (agreedAtMs === null) return false
    const sinceMs = nowMs - (lastSweepAtMs ?? agreedAtMs)
    if (sinceMs >= 0 && sinceMs < dayMs) return false
    if (sinceMs >= 0 && sinceMs <= longPauseMs) return true
    if (notBeforeMs === null || notBeforeMs > nowMs + dayMs) {
      storage.writeUnaudited((tx) => writeState(tx, { notBeforeMs: nowMs + dayMs }, nowMs))
      return false
    }
    return nowMs >= notBeforeMs
  }
  const tick = (): Promise<void> =>
    inTurn(async () => {
      if (!isDue()) return
      const nowMs = clock.now()
      const plans = await planAll(nowMs, false)
      await sweepAll({ nowMs, asked: false }, wantedOf(plans))
    })

  return {
    async rules() {
      const { agreedAtMs, lastSweepAtMs } = readState(storage)
      const rules = []
      for (const kind of kinds) rules.push(await ruleOf(kind))
      return { rules, agreedAtMs, lastSweepAtMs }
    },
    async set({ kind: name, days, maxBytes }) {
      if (name === 'kept-texts' && days != null && days < promisedDays)
        return fail(
          'too-short',
          `Earlier texts of notes are kept ${promisedDays} days at least, as it says where they can be had back. Nothing was changed.`,
        )
      const kind = kinds.find((one) => one.kind === name)!
      if (maxBytes != null && name !== 'media')
        return fail('no-size-limit', 'Only recordings have a limit of size. Nothing was changed.')
      storage.write('retention.set', (tx) => {
        const before = readRule(tx, name, kind.defaults)
        const after = {
          days: days === undefined ? before.days : days,
          maxBytes: maxBytes === undefined ? before.maxBytes : maxBytes,
        }
        writeRule(tx, name, after, clock.now())
        tx.audit(`retention:${name}`, { ...before }, after)
      })
      events.emit('retention.changed', {})
      return ok(await ruleOf(kind))
    },
    async preview() {
      const nowMs = clock.now()
      const plans = await planAll(nowMs, true)
      const token = randomUUID()
      previews.set(token, { nowMs, wanted: wantedOf(plans) })
      for (const old of [...previews.keys()].slice(0, -keptPreviews)) previews.delete(old)
      return {
        token,
        kinds: plans.map(({ kind, items, bytes, spared }) => ({
          kind,
          title: kindTitles[kind],
          items: items.length,
          bytes,
          examples: items.slice(0, maxExamples).map(({ words }) => words),
          spared: sparedWords(spared),
        })),
        items: plans.reduce((sum, { items }) => sum + items.length, 0),
        bytes: plans.reduce((sum, { bytes }) => sum + bytes, 0),
      }
    },
    sweep: (token) =>
      inTurn(async () => {
        const seen = previews.get(token)
        if (!seen)
          return fail('preview-gone', 'Look at what would go once more, then say yes. Nothing was swept.', {
            retryable: true,
          })
        previews.delete(token)
        if (readState(storage).agreedAtMs === null)
          storage.write('retention.agree', (tx) => {
            writeState(tx, { agreedAtMs: clock.now() }, clock.now())
            tx.audit('setting:retention.state', null, { dailySweeps: true })
          })
        const swept = await sweepAll({ nowMs: seen.nowMs, asked: true }, seen.wanted)
        events.emit('retention.changed', {})
        return ok(swept)
      }),
    async start() {
      const guarded = (work: Promise<unknown>): Promise<unknown> =>
        work.catch((error: unknown) => log.error('retention.failed', { error }))
      await guarded(inTurn(() => finishSweeps(finishDeps)))
      await guarded(tick())
      timer = setInterval(() => void guarded(tick()), tickMs).unref()
    },
    finish: () => inTurn(() => finishSweeps(finishDeps)),
    async close() {
      if (timer) clearInterval(timer)
      timer = null
      await last
    },
  }
}

const wantedOf = (plans: readonly Plan[]): Map<RetentionKind, ReadonlySet<string>> =>
  new Map(plans.map(({ kind, items }) => [kind, new Set(items.map(({ id }) => id))]))

const sparedWords = (spared: ReadonlyMap<string, number>): string | null =>
  spared.size === 0
    ? null
    : `Kept all the same: ${[...spared]
        .toSorted()
        .map(([reason, count]) => `${count.toLocaleString('en')} ${reason}`)
        .join(', ')}.`
