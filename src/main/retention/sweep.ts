import type { RetentionKind } from '#shared/contract/retention.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import type { Item, Question, SweepKind } from './kind.ts'
import { readRule, sweepFiles } from './store.ts'

export interface Plan {
  readonly kind: RetentionKind
  readonly items: readonly Item[]
  readonly bytes: number
  readonly spared: ReadonlyMap<string, number>
}

export interface Swept {
  readonly items: number
  readonly bytes: number
}

const bytesOf = (items: readonly Item[]): number => items.reduce((sum, { bytes }) => sum + bytes, 0)

/** What a rule would take now. Reads only. */
export async function planKind(storage: Storage, kind: SweepKind, question: Omit<Question, 'rule'>): Promise<Plan> {
  const found = await kind.look?.()
  const { items, spared } = kind.due(storage, { ...question, rule: readRule(storage, kind.kind, kind.defaults) }, found)
  return { kind: kind.kind, items, bytes: bytesOf(items), spared }
}

/**
 * One rule, one transaction: looked at again, deleted, written to the trail, and its files noted for removal.
 * @param wanted ids that were planned; nothing else goes
 */
export async function sweepKind(
  storage: Storage,
  kind: SweepKind,
  question: Omit<Question, 'rule'>,
  wanted: ReadonlySet<string>,
): Promise<Swept> {
  const nothing = { items: 0, bytes: 0 }
  if (wanted.size === 0) return nothing
  const found = await kind.look?.()
  const sweep = (tx: Transaction): Swept => {
    const asked = { ...question, rule: readRule(tx, kind.kind, kind.defaults) }
    const due = kind.due(tx, asked, found)
    const items = due.items.filter(({ id }) => wanted.has(id))
    // Another process was faster, or what would go is not what was planned.
    if (items.length === 0 || (kind.wholesale && items.length < due.items.length)) throw new NothingDue()
    for (const file of kind.forget(tx, items, asked)) sweepFiles.put(tx, file, question.nowMs)
    const total = { items: items.length, bytes: bytesOf(items) }
    tx.audit(`retention:${kind.kind}`, null, {
      ...total,
      days: asked.rule.days,
      maxBytes: asked.rule.maxBytes,
      ids: items.slice(0, 100).map(({ id }) => id),
    })
    return total
  }
  try {
    return storage.write('retention.sweep', sweep)
  } catch (error) {
    if (error instanceof NothingDue) return nothing
    throw error
  }
}

/** Rolls the transaction back: a sweep of nothing leaves no row in the trail. */
class NothingDue extends Error {}
