import type { RetentionKind } from '#shared/contract/retention.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

export interface Rule {
  /** Null: never. */
  readonly days: number | null
  /** Of recordings; null: no limit. */
  readonly maxBytes: number | null
}
export interface Item {
  readonly id: string
  readonly bytes: number
  /** For the preview, e.g. an episode's title. */
  readonly words: string
}
/** A file that nothing names once the transaction that forgot it is committed. */
export interface ForgottenFile {
  /** Relative to the profile, `/` between the parts. */
  readonly path: string
  readonly bytes: number
}
export interface Due<One extends Item = Item> {
  readonly items: readonly One[]
  /** Older than the rule, kept all the same: why → how many. */
  readonly spared: ReadonlyMap<string, number>
}
export interface Question {
  readonly rule: Rule
  readonly nowMs: number
  /** Somebody looked at the preview and said yes to it; false for the daily sweep. */
  readonly asked: boolean
  /** False: a row of the notes is damaged, and no text may go (`notesAreWhole`). */
  readonly notesAreWhole: boolean
}

/**
 * What one rule is about. `due` decides twice: for the preview, and again inside the transaction that deletes, so that
 * what changed in between counts.
 */
export interface SweepKind<Found = unknown> {
  readonly kind: RetentionKind
  readonly defaults: Rule
  /** Looks at what is not in the database, before the transaction. */
  readonly look?: () => Promise<Found>
  readonly stored: (reader: Reader, found: Found) => { items: number; bytes: number }
  readonly due: (reader: Reader, question: Question, found: Found) => Due
  /** Deletes the rows. @returns files that may go once it is committed */
  readonly forget: (tx: Transaction, items: readonly Item[], question: Question) => ForgottenFile[]
  /** Deletes by time alone: only when all that is due was planned. */
  readonly wholesale?: boolean
}

export const dayMs = 86_400_000

/** What is older goes; nothing when the rule says never. */
export const cutoffOf = ({ rule, nowMs }: Question): number =>
  rule.days === null ? Number.NEGATIVE_INFINITY : nowMs - rule.days * dayMs

/** Counts by reason. */
export const countBy = (reasons: Iterable<string>): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}

/** Splits what is old enough by what speaks against its going. */
export function sift<Row>(
  rows: readonly Row[],
  reasonOf: (row: Row) => string | null,
  itemOf: (row: Row) => Item,
): Due {
  const reasons = rows.map(reasonOf)
  return {
    items: rows.filter((_, at) => reasons[at] === null).map(itemOf),
    spared: countBy(reasons.filter((reason) => reason !== null)),
  }
}
