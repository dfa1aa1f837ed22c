export const dayMs = 86_400_000
/** Times past this are a broken clock's: their day is UTC's. */
const lastSaneMs = Date.UTC(2100, 0)

/** Days and months as people in a time zone count them; daylight saving time makes days of 23 and 25 hours. */
export interface Calendar {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly zone: string
  /** Days since 1970-01-01. */
  dayOf(atMs: number): number
  /** The first moment of a day. */
  dayStart(day: number): number
  /** Stretches of time with one offset from UTC each, from `fromMs` to before `toMs`. */
  stretches(fromMs: number, toMs: number): { fromMs: number; toMs: number; offsetMs: number }[]
}

/** 12 times the year, and months. */
export const monthOfDay = (day: number): number => {
  const date = new Date(day * dayMs)
  return Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear() * 12 + date.getUTCMonth()
}
export const firstDayOf = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12) / dayMs
/** e.g. `2026-11-23` */
export const dayName = (day: number): string =>
  Number.isNaN(new Date(day * dayMs).getTime()) ? 'no date' : new Date(day * dayMs).toISOString().slice(0, 10)
/** e.g. `2026-11` */
export const monthName = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`

export const computerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** @param zone one that this computer does not know counts as UTC */
export function createCalendar(zone: string): Calendar {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return createCalendar('UTC')
  }
  // Offsets change on quarters of an hour only.
  const known = new Map<number, number>()
  const quarterMs = 900_000
  const offsetAt = (atMs: number): number => {
    if (!(atMs >= 0 && atMs < lastSaneMs)) return 0
    const quarter = Math.floor(atMs / quarterMs)
    const found = known.get(quarter)
    if (found !== undefined) return found
    const at = quarter * quarterMs
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const local = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second)
    if (known.size > 5_000) known.clear()
    known.set(quarter, local - at)
    return local - at
  }
  // SQL divides towards zero; so does this, that both mean the same day.
  const dayOf = (atMs: number): number => Math.trunc((atMs + offsetAt(atMs)) / dayMs)
  /** First moment in (from, to] for which `holds`, which holds from then on. */
  const firstWhere = (fromMs: number, toMs: number, holds: (atMs: number) => boolean): number => {
    let [low, high] = [fromMs, toMs]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (holds(middle)) high = middle
      else low = middle
    }
    return high
  }
  return {
    zone,
    dayOf,
    dayStart: (day) => {
      const guess = day * dayMs
      const start = guess - offsetAt(guess - offsetAt(guess))
      if (dayOf(start) === day && dayOf(start - 1) === day - 1) return start
      return firstWhere(guess - dayMs, guess + dayMs, (atMs) => dayOf(atMs) >= day)
    },
    stretches(fromMs, toMs) {
      const found: { fromMs: number; toMs: number; offsetMs: number }[] = []
      for (let start = fromMs; start < toMs; ) {
        const offsetMs = offsetAt(start)
        const differs = (atMs: number): boolean => offsetAt(atMs) !== offsetMs
        let end = start < 0 ? Math.min(0, toMs) : toMs
        if (start >= 0 && start < lastSaneMs) {
          // Zones change their offset at most every few weeks.
          let sure = start
          while (sure < toMs - 1 && !differs(Math.min(sure + 7 * dayMs, toMs - 1)))
            sure = Math.min(sure + 7 * dayMs, toMs - 1)
          if (sure < toMs - 1) end = firstWhere(sure, Math.min(sure + 7 * dayMs, toMs - 1), differs)
        }
        found.push({ fromMs: start, toMs: end, offsetMs })
        start = end
      }
      return found
    },
  }
}
