import type { Limit } from '#shared/contract/costs.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Events } from '../ports.ts'
import type { SpendRefusal } from '../services-models.ts'
import { type SealedTable, sealOf } from '../storage/seals.ts'
import type { Reader, Storage, Transaction } from '../storage/storage.ts'
import { type Calendar, computerZone, createCalendar, monthOfDay } from './calendar.ts'
import { dollars } from './dollars.ts'
import type { Rollup } from './rollup.ts'
import { dims, levels } from './sums.ts'

type Scope = Limit['scope']
type Kind = Limit['kind']
interface LimitRow {
  readonly id: string
  readonly scope: Scope
  readonly kind: Kind
  readonly feed_id: string | null
  /** Null: taken away. */
  readonly limit_micro_usd: number | null
}
const columns = ['id', 'scope', 'kind', 'feed_id', 'limit_micro_usd'] as const satisfies readonly (keyof LimitRow)[]
export const costLimitsTable: SealedTable = { name: 'cost_limits', key: 'id', columns }

/** Until the user says otherwise: both ask, nothing is stopped. */
const usual: readonly LimitRow[] = [
  { id: 'job/asks', scope: 'job', kind: 'asks', feed_id: null, limit_micro_usd: 1_000_000 },
  { id: 'month/asks', scope: 'month', kind: 'asks', feed_id: null, limit_micro_usd: 15_000_000 },
]

/** What a request may come to, and whom it is for. */
export interface Demand {
  readonly jobId: string | null
  readonly feedId: string | null
  /** At most; null when no price is known. */
  readonly microUsd: number | null
  readonly approvedMicroUsd: number | null
}
export interface LimitsService {
  list(): Limit[]
  /** A scope may have a limit that asks and one that stops. `limitMicroUsd` null takes one away. */
  set(change: {
    scope: Scope
    kind: Kind
    feedId: string | null
    limitMicroUsd: number | null
  }): Result<Limit[], 'no-such-feed'>
  /** Holds a demand against all limits, inside the transaction that will hold the sum. */
  checkIn(tx: Transaction, demand: Demand): Result<null, SpendRefusal>
}

export function createLimitsService({
  storage,
  clock,
  events,
  rollup,
  zoneHere = computerZone,
}: {
  readonly storage: Storage
  readonly clock: Clock
  readonly events: Events
  readonly rollup: Rollup
  readonly zoneHere?: () => string
}): LimitsService {
  const calendarOf = (reader: Reader): Calendar => rollup.calendar(reader) ?? createCalendar(zoneHere())
  /** One that has rotted counts as it stands: a limit too much asks, one too few spends. */
  const inForce = (reader: Reader): (LimitRow & { readonly limit_micro_usd: number })[] => {
    const set = reader.all<LimitRow>('SELECT * FROM cost_limits ORDER BY id')
    const all = [...usual.filter(({ id }) => !set.some((row) => row.id === id)), ...set]
    return all.filter((row): row is LimitRow & { readonly limit_micro_usd: number } => row.limit_micro_usd !== null)
  }
  /** Of all providers, or of a feed. */
  const ofSums = (reader: Reader, level: number, step: number, feedId: string | null): number =>
    reader.get<{ sum: number }>(
      `SELECT coalesce(sum(cost_micro_usd), 0) AS sum FROM cost_totals
       WHERE level = ? AND dim = ? AND step = ? AND (? IS NULL OR name = ?)`,
      [level, dims.indexOf(feedId === null ? 'provider' : 'feed_id'), step, feedId, feedId],
    )!.sum
  const spentOf = (reader: Reader, scope: Scope, jobId: string | null, feedId: string | null): number => {
    if (scope === 'job')
      return jobId === null
        ? 0
        : reader.get<{ sum: number }>(
            'SELECT coalesce(sum(cost_micro_usd), 0) AS sum FROM cost_entries WHERE job_id = ?',
            [jobId],
          )!.sum
    const today = calendarOf(reader).dayOf(clock.now())
    return scope === 'day'
      ? ofSums(reader, levels.day, today, null)
      : ofSums(reader, levels.month, monthOfDay(today), scope === 'feed-month' ? feedId : null)
  }
  const heldOf = (reader: Reader, scope: Scope, jobId: string | null, feedId: string | null): number => {
    const [where, params] =
      scope === 'job' ? ['job_id = ?', [jobId]] : scope === 'feed-month' ? ['feed_id = ?', [feedId]] : ['true', []]
    return reader.get<{ sum: number }>(
      `SELECT coalesce(sum(held_micro_usd), 0) AS sum FROM cost_reservations WHERE ${where}`,
      params,
    )!.sum
  }
  const list = (): Limit[] =>
    inForce(storage).map((row) => ({
      id: row.id,
      scope: row.scope,
      feedId: row.feed_id,
      feedTitle: row.feed_id === null ? null : titleOf(storage, row.feed_id),
      limitMicroUsd: row.limit_micro_usd,
      kind: row.kind,
      spentMicroUsd: spentOf(storage, row.scope, null, row.feed_id),
      reservedMicroUsd: row.scope === 'job' ? 0 : heldOf(storage, row.scope, null, row.feed_id),
    }))

  return {
    list,
    set({ scope, kind, feedId, limitMicroUsd }) {
      const ofFeed = scope === 'feed-month' ? feedId : null
      if (scope === 'feed-month' && (ofFeed === null || titleOf(storage, ofFeed) === null))
        return fail('no-such-feed', 'There is no such feed. Nothing was changed.')
      const row: LimitRow = {
        id: [scope, kind, ...(ofFeed === null ? [] : [ofFeed])].join('/'),
        scope,
        kind,
        feed_id: ofFeed,
        limit_micro_usd: limitMicroUsd,
      }
      storage.write('costs.setLimit', (tx) => {
        const before = inForce(tx).find(({ id }) => id === row.id)
        tx.run(`INSERT OR REPLACE INTO cost_limits (${columns.join(', ')}, row_sha256) VALUES (?, ?, ?, ?, ?, ?)`, [
          ...columns.map((name) => row[name]),
          sealOf(costLimitsTable, { ...row }),
        ])
        tx.audit(`limit:${row.id}`, { limitMicroUsd: before?.limit_micro_usd ?? null }, { limitMicroUsd })
      })
      events.emit('costs.changed', {})
      return ok(list())
    },
    checkIn(tx, { jobId, feedId, microUsd, approvedMicroUsd }) {
      // Work that is known to be free passes whatever was spent.
      if (microUsd === 0) return ok(null)
      const most = microUsd ?? 0
      const ofJob = most + (jobId === null ? 0 : spentOf(tx, 'job', jobId, null) + heldOf(tx, 'job', jobId, null))
      const isApproved = approvedMicroUsd !== null && approvedMicroUsd >= ofJob
      const limits = inForce(tx)
        .filter(({ scope, feed_id }) => scope !== 'feed-month' || feed_id === feedId)
        .toSorted((one, other) => (one.kind === other.kind ? 0 : one.kind === 'stops' ? -1 : 1))
      for (const limit of limits) {
        if (limit.kind === 'asks' && isApproved) continue
        const spent = limit.scope === 'job' && jobId === null ? 0 : spentOf(tx, limit.scope, jobId, limit.feed_id)
        const held = limit.scope === 'job' && jobId === null ? 0 : heldOf(tx, limit.scope, jobId, limit.feed_id)
        const isOver =
          microUsd === null ? spent + held >= limit.limit_micro_usd : spent + held + most > limit.limit_micro_usd
        if (isOver) return refusal(limit, { spent, held, microUsd })
      }
      return microUsd === null && approvedMicroUsd === null
        ? fail(
            'asks-first',
            'What this costs is not known: the model has no price. Nothing was spent. Say yes to it, or give the model a price in Costs.',
          )
        : ok(null)
    },
  }
}

const titleOf = (reader: Reader, feedId: string): string | null =>
  reader.get<{ title: string }>('SELECT coalesce(user_title, own_title) AS title FROM feeds WHERE id = ?', [feedId])
    ?.title ?? null

const scopeWords: Readonly<Record<Scope, string>> = {
  job: 'the budget of a job',
  day: 'today’s budget',
  month: 'this month’s budget',
  'feed-month': 'this feed’s budget of the month',
}
function refusal(
  { id, scope, kind, limit_micro_usd }: LimitRow & { readonly limit_micro_usd: number },
  { spent, held, microUsd }: { spent: number; held: number; microUsd: number | null },
): Result<never, SpendRefusal> {
  const parts = [
    `${dollars(spent)} of ${dollars(limit_micro_usd)} is spent`,
    ...(held > 0 ? [`${dollars(held)} is on its way`] : []),
    microUsd === null ? 'what this costs is not known' : `this is about ${dollars(microUsd)}`,
  ]
  const details = {
    limit: id,
    scope,
    spentMicroUsd: spent,
    heldMicroUsd: held,
    limitMicroUsd: limit_micro_usd,
    microUsd,
  }
  const what = `This goes over ${scopeWords[scope]}: ${parts.join(', ')}.`
  return kind === 'stops'
    ? fail('over-limit', `${what} Nothing was spent. Raise the limit in Costs, or take a free way.`, { details })
    : fail('asks-first', `${what} Nothing was spent. Say yes to go on.`, { details })
}
