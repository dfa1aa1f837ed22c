export interface Kept {
  readonly fileName: string
  readonly madeAtMs: number
  readonly automatic: boolean
  /** All of it was read and compared, and is as it was written. */
  readonly good: boolean
  /** And the profile itself had no damage when it was made. */
  readonly flawless: boolean
}
export interface Keep {
  readonly daily: number
  readonly weekly: number
  readonly monthly: number
}
export const keepDefault: Keep = { daily: 7, weekly: 4, monthly: 6 }

const dayMs = 86_400_000
const pad = (value: number): string => String(value).padStart(2, '0')
/** Days are those of this computer's clock on the wall. */
export const dayOf = (atMs: number): string => {
  const date = new Date(atMs)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}
/** By its Monday. */
export const weekOf = (atMs: number): string => {
  const date = new Date(atMs)
  return dayOf(new Date(date.getFullYear(), date.getMonth(), date.getDate() - ((date.getDay() + 6) % 7), 12).getTime())
}
export const monthOf = (atMs: number): string => dayOf(atMs).slice(0, 7)

const newestFirst = (left: Kept, right: Kept): number =>
  right.madeAtMs - left.madeAtMs || (left.fileName < right.fileName ? 1 : -1)

/**
 * Names of the automatic backups that may go: the newest good one of each of the last days, weeks and months that have
 * one stays. One that is not known to be good takes no place of a good one, and goes only when as many good ones as
 * there are days to keep are newer. Ones that a person made never go. Ones from the future, of a clock that was wrong, wait
 * until it is their day: they take no place either.
 */
export function rotate(
  backups: readonly Kept[],
  keep: Keep = keepDefault,
  nowMs: number = Number.POSITIVE_INFINITY,
): string[] {
  const automatic = backups
    .filter(({ automatic, madeAtMs }) => automatic && madeAtMs <= nowMs + dayMs)
    .sort(newestFirst)
  const good = automatic.filter((backup) => backup.good)
  const staying = new Set<string>()
  for (const [of, places] of [
    [dayOf, keep.daily],
    [weekOf, keep.weekly],
    [monthOf, keep.monthly],
  ] as const) {
    const seen = new Set<string>()
    for (const { madeAtMs, fileName } of good) {
      const period = of(madeAtMs)
      if (seen.has(period) || seen.size >= places) continue
      seen.add(period)
      staying.add(fileName)
    }
  }
  // Damage that came into the profile must not push out the last backup from before it.
  for (const newest of [good[0], good.find(({ flawless }) => flawless)]) if (newest) staying.add(newest.fileName)
  const doubtful = (backup: Kept): boolean =>
    good.filter(({ madeAtMs }) => madeAtMs > backup.madeAtMs).length < Math.max(1, keep.daily)
  return automatic
    .filter((backup) => (backup.good ? !staying.has(backup.fileName) : !doubtful(backup)))
    .map(({ fileName }) => fileName)
}
