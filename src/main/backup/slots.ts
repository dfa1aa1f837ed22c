import type { BackupStatus } from '#shared/contract/backup.ts'
import { dayOf, type Keep, monthOf, weekOf } from './rotation.ts'

type Slot = BackupStatus['slots'][number]
export interface SlotFacts {
  /** Good ones, automatic or not. */
  readonly backups: readonly { fileName: string; madeAtMs: number }[]
  /** Reason by day. */
  readonly misses: ReadonlyMap<string, string>
  readonly nowMs: number
  readonly keep: Keep
}

/** Days, then weeks, then months before them, newest first. Before the first backup nothing was missed. */
export function slotsOf({ backups, misses, nowMs, keep }: SlotFacts): Slot[] {
  const slots: Slot[] = []
  const now = new Date(nowMs)
  const daysBack = (days: number): number =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 12).getTime()
  const first = Math.min(
    ...backups.map(({ madeAtMs }) => madeAtMs),
    ...[...misses.keys()].map((day) => new Date(`${day}T12:00`).getTime()),
  )
  const add = (atMs: number, label: string, of: (atMs: number) => string, isDay: boolean): void => {
    const period = of(atMs)
    const found = backups
      .filter(({ madeAtMs }) => of(madeAtMs) === period)
      .sort((left, right) => right.madeAtMs - left.madeAtMs)[0]
    const reason = isDay ? misses.get(period) : undefined
    const beforeFirst = !Number.isFinite(first) || period < of(first)
    // Today is not missed before it is over.
    const open = isDay && period === dayOf(nowMs) && reason === undefined
    slots.push({
      label,
      state: found ? 'kept' : beforeFirst || open ? 'before-first' : 'missed',
      fileName: found?.fileName ?? null,
      reason: found || beforeFirst ? null : (reason ?? (isDay && !open ? 'Inkwell was not running.' : null)),
    })
  }
  for (let days = 0; days < keep.daily; days++) {
    const atMs = daysBack(days)
    add(atMs, days === 0 ? 'Today' : format(atMs, { weekday: 'short' }), dayOf, true)
  }
  for (let weeks = 1; weeks <= keep.weekly; weeks++) {
    const atMs = daysBack(keep.daily - 1 + 7 * weeks)
    add(atMs, format(atMs, { day: 'numeric', month: 'short' }), weekOf, false)
  }
  for (let months = 1; months <= keep.monthly; months++) {
    const atMs = new Date(now.getFullYear(), now.getMonth() - months, 15, 12).getTime()
    add(atMs, format(atMs, { month: 'short' }), monthOf, false)
  }
  return slots
}

const format = (atMs: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', options).format(atMs)
