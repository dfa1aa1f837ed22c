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
  /** Slow: it takes a tenth of a millisecond. */
  const ask = (atMs: number): number => {
    const at = Math.floor(atMs / 1000) * 1000
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second) - at
  }
  /** Of a year (UTC): from when on which offset is in force. Zones change it at most every few weeks. */
  const offsetsByYear = new Map<number, { fromMs: number; offsetMs: number }[]>()
  const offsetsOf = (year: number): { fromMs: number; offsetMs: number }[] => {
    const known = offsetsByYear.get(year)
    if (known) return known
    const [first, end] = [Date.UTC(year, 0), Date.UTC(year + 1, 0)]
    const offsets = [{ fromMs: first, offsetMs: ask(first) }]
    for (let at = first; at < end; at += 7 * dayMs) {
      const next = Math.min(at + 7 * dayMs, end - 1)
      const { offsetMs } = offsets.at(-1)!
      const after = ask(next)
      if (after !== offsetMs)
        offsets.push({ fromMs: firstWhere(at, next, (ms) => ask(ms) !== offsetMs), offsetMs: after })
    }
    offsetsByYear.set(year, offsets)
    return offsets
  }
  const offsetAt = (atMs: number): number =>
    atMs >= 0 && atMs < lastSaneMs
      ? offsetsOf(new Date(atMs).getUTCFullYear()).findLast(({ fromMs }) => fromMs <= atMs)!.offsetMs
      : 0
  // SQL divides towards zero; so does this, that both mean the same day.
  const dayOf = (atMs: number): number => Math.trunc((atMs + offsetAt(atMs)) / dayMs)
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
