import { ok, type Result } from '#shared/result.ts'
import { isAlive, type LeaseOwner } from '../jobs/lease.ts'
import type { Clock, Events, Ids, Log } from '../ports.ts'
import type { Charge, Purchase, Spending, Usage } from '../services-models.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import type { LimitsService } from './limits.ts'
import { chargeOf, estimateOf, plannedEnds, saneUsage, savedOf, type UsedTokens } from './price-maths.ts'
import type { FoundPrice, PricesService } from './prices.ts'
import { type AttemptRow, isLeftBehind, type ReservationRow, reservations } from './reservations.ts'
import type { CostDetails, CostEntry, CostsService } from './service.ts'
import { costStore } from './store.ts'

export interface SpendingService extends Spending {
  /**
   * Enters what processes that died had sent as estimated, once each, and gives back what they held. At start, and
   * before each look at the limits. Answers how many rows that were.
   */
  recover(): number
}
export interface SpendingDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly events: Events
  readonly log: Log
  readonly owner: LeaseOwner
  readonly costs: Pick<CostsService, 'appendIn'>
  readonly prices: Pick<PricesService, 'find'>
  readonly limits: Pick<LimitsService, 'checkIn'>
  readonly alive?: (pid: number) => boolean
}
type Outcome = Parameters<Purchase['settle']>[1]

const nothing: Usage = {
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteTokens: null,
  audioSeconds: null,
}

/** Every request that can cost: held, marked, sent, entered. See Spending. */
export function createSpendingService(deps: SpendingDeps): SpendingService {
  const { storage, clock, ids, events, log, owner, costs, prices, limits, alive = isAlive } = deps
  const detailsOf = (row: ReservationRow, usage: Usage, saved: number): CostDetails => ({
    estimate_low_micro_usd: row.estimate_low_micro_usd,
    estimate_high_micro_usd: row.estimate_high_micro_usd,
    estimate_reason: row.estimate_reason,
    cache_write_tokens: usage.cacheWriteTokens,
    saved_micro_usd: saved,
  })
  const entryOf = (
    row: ReservationRow,
    attempt: AttemptRow,
    atMs: number,
    ok: boolean,
    charge: Charge,
    usage: Usage,
  ): CostEntry => ({
    id: attempt.id,
    at_ms: atMs,
    provider: row.provider,
    model: row.model,
    operation: row.operation,
    outcome: ok ? 'succeeded' : 'failed',
    amount_kind: charge.amountKind,
    cost_micro_usd: charge.costMicroUsd,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cached_tokens: usage.cachedInputTokens,
    audio_ms: usage.audioSeconds === null ? null : Math.round(usage.audioSeconds * 1000),
    feed_id: row.feed_id,
    episode_id: row.episode_id,
    template_name: row.template_name,
    job_id: row.job_id,
    price_version: row.price_version,
    imported_from: null,
  })
  /** An attempt of which nobody will ever say how it ended: the most it can have cost. */
  const enterLost = (tx: Transaction, row: ReservationRow, attempt: AttemptRow): void => {
    const known = row.estimate_high_micro_usd
    const charge: Charge = {
      costMicroUsd: known,
      amountKind: known === null ? 'unknown' : known === 0 ? 'known' : 'estimated',
    }
    const done = costs.appendIn(
      tx,
      entryOf(row, attempt, attempt.begun_at_ms, false, charge, nothing),
      detailsOf(row, nothing, 0),
    )
    // Its owner has entered it after all.
    if (!done.ok) tx.audit(`cost:${attempt.id}`, null, { found: 'in the ledger already' })
    reservations.removeAttempt(tx, attempt.id)
  }
  /** Removes a reservation; what it had sent without a word about the end is entered first. */
  const endIn = (tx: Transaction, id: string): number => {
    const row = reservations.get(tx, id)
    if (!row) return 0
    const attempts = reservations.attemptsOf(tx, id)
    for (const attempt of attempts) enterLost(tx, row, attempt)
    reservations.remove(tx, id)
    return attempts.length
  }
  const end = (id: string): number =>
    reservations.attemptsOf(storage, id).length > 0
      ? storage.write('costs.append', (tx) => {
          const entered = endIn(tx, id)
          if (entered === 0) tx.audit(`reservation:${id}`, null, null)
          return entered
        })
      : storage.writeUnaudited((tx) => endIn(tx, id))

  const recover = (): number => {
    const left = reservations.all(storage).filter((row) => isLeftBehind(row, owner, clock.now(), alive))
    const entered = left.reduce((sum, { id }) => sum + end(id), 0)
    if (left.length > 0) {
      log.info('costs.recovered', { reservations: left.length, entries: entered })
      events.emit('costs.changed', {})
    }
    return entered
  }

  const purchase = (row: ReservationRow, price: FoundPrice | null, most: UsedTokens): Purchase => {
    const settled = new Map<string, Charge>()
    const waiting = new Map<string, Outcome>()
    let isClosed = false
    const chargedFor = ({ charged, usage }: Outcome): Charge => {
      if (charged === 'no') return { costMicroUsd: 0, amountKind: 'known' }
      const charge = chargeOf(price?.entry ?? null, usage ?? nothing, most)
      // What was cut off may have used more than what was heard of.
      return charged === 'maybe' && charge.amountKind === 'known' && charge.costMicroUsd !== 0
        ? { ...charge, amountKind: 'estimated' }
        : charge
    }
    const write = (
      attemptId: string,
      outcome: Outcome,
      alongside?: (tx: Transaction, charge: Charge) => void,
    ): Charge =>
      storage.write('costs.append', (tx) => {
        const there = costStore.entry(tx, attemptId)
        const attempt = reservations.attempt(tx, attemptId)
        let charge: Charge
        if (there || !attempt) {
          // Another process took this one for dead and entered it: a row is never changed.
          charge = { costMicroUsd: there?.cost_micro_usd ?? null, amountKind: there?.amount_kind ?? 'unknown' }
          tx.audit(`cost:${attemptId}`, null, { endedLate: true })
          if (attempt) reservations.removeAttempt(tx, attemptId)
        } else {
          charge = chargedFor(outcome)
          const usage = outcome.usage ? saneUsage(outcome.usage) : nothing
          const saved = outcome.charged === 'no' ? 0 : savedOf(price?.entry ?? null, usage)
          costs.appendIn(
            tx,
            entryOf(row, attempt, clock.now(), outcome.ok, charge, usage),
            detailsOf(row, usage, saved),
          )
          reservations.removeAttempt(tx, attemptId)
          const held = reservations.get(tx, row.id)?.held_micro_usd ?? 0
          // A success needs no more; a failure that was charged has used up a part, which is spent now.
          reservations.setHeld(tx, row.id, outcome.ok ? 0 : held - (charge.costMicroUsd ?? 0))
        }
        alongside?.(tx, charge)
        return charge
      })
    const settle: Purchase['settle'] = (attemptId, outcome, alongside) => {
      const known = settled.get(attemptId)
      if (known) return known
      waiting.set(attemptId, outcome)
      let charge: Charge
      try {
        charge = write(attemptId, outcome, alongside)
      } catch (error) {
        // What was spent is entered even if what it bought cannot be kept.
        if (alongside) {
          settled.set(attemptId, write(attemptId, outcome))
          waiting.delete(attemptId)
          events.emit('costs.changed', {})
        }
        throw error
      }
      settled.set(attemptId, charge)
      waiting.delete(attemptId)
      events.emit('costs.changed', {})
      return charge
    }
    return {
      begin() {
        const attempt: AttemptRow = { id: ids.next(), reservation_id: row.id, begun_at_ms: clock.now() }
        const begun = storage.writeUnaudited((tx): Result<string, 'over-limit' | 'asks-first'> => {
          // Gone when another process took this one for dead.
          reservations.put(tx, { ...row, made_at_ms: clock.now(), held_micro_usd: 0 })
          const held = reservations.get(tx, row.id)!.held_micro_usd
          const missing = (row.estimate_high_micro_usd ?? 0) - held
          if (missing > 0) {
            const checked = limits.checkIn(tx, {
              jobId: row.job_id,
              feedId: row.feed_id,
              microUsd: missing,
              approvedMicroUsd: row.approved_micro_usd,
            })
            if (!checked.ok) return checked
            reservations.setHeld(tx, row.id, held + missing)
          }
          reservations.putAttempt(tx, attempt)
          return ok(attempt.id)
        })
        if (begun.ok) isClosed = false
        return begun
      },
      settle,
      close() {
        if (isClosed) return
        isClosed = true
        // The disk may have been full when these ended.
        for (const [attemptId, outcome] of waiting) settle(attemptId, outcome)
        if (end(row.id) > 0) events.emit('costs.changed', {})
      },
    }
  }

  return {
    estimate: (provider, model, planned) => estimateOf(prices.find(provider, model)?.entry ?? null, model, planned),
    reserve({ provider, model, purpose, planned, approvedMicroUsd }) {
      recover()
      const price = prices.find(provider, model)
      const estimate = estimateOf(price?.entry ?? null, model, planned)
      const ends = plannedEnds(price?.entry ?? null, planned)
      const row: ReservationRow = {
        id: ids.next(),
        made_at_ms: clock.now(),
        owner_id: owner.id,
        owner_host: owner.host,
        owner_pid: owner.pid,
        held_micro_usd: estimate.highMicroUsd ?? 0,
        provider,
        model,
        operation: purpose.operation,
        job_id: purpose.jobId,
        feed_id: purpose.feedId,
        episode_id: purpose.episodeId,
        template_name: purpose.templateName,
        approved_micro_usd: approvedMicroUsd,
        estimate_low_micro_usd: estimate.lowMicroUsd,
        estimate_high_micro_usd: estimate.highMicroUsd,
        estimate_reason: estimate.reason,
        price_version: price?.version ?? null,
      }
      const held = storage.writeUnaudited((tx) => {
        const checked = limits.checkIn(tx, {
          jobId: purpose.jobId,
          feedId: purpose.feedId,
          microUsd: estimate.highMicroUsd,
          approvedMicroUsd,
        })
        if (checked.ok) reservations.put(tx, row)
        return checked
      })
      const unplanned: UsedTokens = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0, audioSeconds: 0 }
      return held.ok ? ok(purchase(row, price, ends?.[1] ?? unplanned)) : held
    },
    recover,
  }
}
