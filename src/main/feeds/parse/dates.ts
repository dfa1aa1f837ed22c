import { zoneOf } from './zones.ts'

const monthPrefixes: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'янв', 'sty', 'led', 'ιαν'],
  ['feb', 'fev', 'фев', 'lut', 'uno', 'φεβ'],
  ['mar', 'mrz', 'maa', 'mrt', 'мар', 'μαρ'],
  ['apr', 'avr', 'abr', 'апр', 'kwi', 'dub', 'απρ'],
  ['may', 'mai', 'mag', 'maj', 'mei', 'мая', 'май', 'kve', 'μαι'],
  ['jun', 'juin', 'giu', 'июн', 'cze', 'ιουν'],
  ['jul', 'juil', 'lug', 'июл', 'lip', 'ιουλ'],
  ['aug', 'aou', 'ago', 'авг', 'sie', 'srp', 'αυγ'],
  ['sep', 'set', 'сен', 'wrz', 'zar', 'σεπ'],
  ['oct', 'okt', 'ott', 'out', 'окт', 'paz', 'rij', 'οκτ'],
  ['nov', 'ноя', 'lis', 'νοε'],
  ['dec', 'dez', 'dic', 'des', 'дек', 'gru', 'pro', 'δεκ'],
]
/** `févr.` is `fevr`; what is compared goes through the same. */
const plainLetters = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
const months = new Map(
  monthPrefixes.flatMap((names, month) => names.map((name) => [plainLetters(name), month] as const)),
)

interface Parts {
  readonly year: string
  readonly month: number
  readonly day: string
  /** What follows the date: time and zone. */
  readonly rest: string
}

function monthOf(word: string): number | undefined {
  const plain = plainLetters(word)
  return months.get(plain.slice(0, 4)) ?? months.get(plain.slice(0, 3))
}

function split(text: string): Parts | null {
  const iso =
    /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?=$|[T\s_])(.*)$/is.exec(text) ??
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[T\s])(.*)$/is.exec(text) ??
    // `2014年5月2日`, `2014년 5월 2일`, `2014. 5. 2.`
    /^(\d{4})\s*[年년.]\s*(\d{1,2})\s*[月월.]\s*(\d{1,2})(?:\s*[日일.])?(?=$|\s)(.*)$/s.exec(text)
  if (iso) return { year: iso[1]!, month: Number(iso[2]) - 1, day: iso[3]!, rest: iso[4]!.replace(/^[T_]/i, '') }
  // `[weekday,] 2 May 2014 …`, also `2-May-14`, `2. Mai 2014`
  const dayFirst =
    /(?:^|[^\d])(\d{1,2})(?:st|nd|rd|th|er|º|ª)?[\s.-]+(?:de\s+)?(\p{L}{3,})[\s.,-]+(?:de\s+)?(\d{2,4})\b(.*)$/isu.exec(
      text,
    )
  const dayMonth = dayFirst && monthOf(dayFirst[2]!)
  if (dayFirst && dayMonth !== undefined && dayMonth !== null)
    return { year: dayFirst[3]!, month: dayMonth, day: dayFirst[1]!, rest: dayFirst[4]! }
  // `[Fri] May 2, 2014 …` and `Fri May  2 10:10:00 [EDT] 2014`
  const monthFirst = /(?:^|[\s,])(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(.*)$/isu.exec(text)
  const firstMonth = monthFirst && monthOf(monthFirst[1]!)
  if (monthFirst && firstMonth !== undefined && firstMonth !== null) {
    const plain = /^(\d{4})\b(.*)$/s.exec(monthFirst[3]!)
    if (plain) return { year: plain[1]!, month: firstMonth, day: monthFirst[2]!, rest: plain[2]! }
    const asctime = /^(\S+(?:\s+[A-Z]{1,5})?)\s+(\d{4})$/i.exec(monthFirst[3]!)
    if (asctime) return { year: asctime[2]!, month: firstMonth, day: monthFirst[2]!, rest: asctime[1]! }
  }
  const numbers = /(?:^|[\s,])(\d{1,2})([./\s-])(\d{1,2})\2(\d{4}|(?<=[./])\d{2})\b(.*)$/s.exec(text)
  if (numbers) {
    // With slashes Americans put the month first; with dots nobody does.
    const american = numbers[2] === '/' && Number(numbers[1]) <= 12
    return {
      year: numbers[4]!,
      month: Number(american ? numbers[1] : numbers[3]) - 1,
      day: american ? numbers[3]! : numbers[1]!,
      rest: numbers[5]!,
    }
  }
  return null
}

function timeOf(rest: string): { minutes: number; seconds: number; zone: string } {
  const time =
    /^[\s,]*(?:[-–—]\s+)?(?:at\s+|um\s+)?(?:오전|上午|午前|(오후|下午|午後))?\s*(\d{1,2})[:.]?(\d{2})(?:[:.]?(\d{2})(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b\.?|([ap])\b)?(.*)$/is.exec(
      rest,
    )
  if (!time) return { minutes: 0, seconds: 0, zone: '' }
  const [, afternoon, hour, minute, second = '0', spacedHalf, attachedHalf, zone] = time
  const half = afternoon ? 'p' : (spacedHalf ?? attachedHalf)?.toLowerCase()
  const hours = half ? (Number(hour) % 12) + (half === 'p' ? 12 : 0) : Number(hour)
  // A time that cannot be is left out; the day is still right.
  if (hours > 24 || Number(minute) > 59 || Number(second) > 60) return { minutes: 0, seconds: 0, zone: '' }
  return { minutes: hours * 60 + Number(minute), seconds: Number(second), zone: zone! }
}

const fullYear = (year: string): number =>
  year.length === 4
    ? Number(year)
    : year.length === 3
      ? 1900 + Number(year)
      : Number(year) + (Number(year) < 70 ? 2000 : 1900)

/**
 * A date as feeds write it: RFC 822 with all its injuries, ISO 8601, Unix time. Null rather than a guess: never "now",
 * or the episode would be the newest at each refresh.
 * @returns milliseconds since 1970, between 1990 and two years after now
 */
export function parseFeedDate(text: string | null | undefined, nowMs: number): number | null {
  const clean = text?.slice(0, 200).replace(/\s+/g, ' ').trim() ?? ''
  if (clean === '' || clean.length > 100) return null
  const within = (ms: number): number | null =>
    ms >= Date.UTC(1990, 0, 1) && ms <= nowMs + 2 * 366 * 86_400_000 ? ms : null
  if (/^\d{9,10}$/.test(clean)) return within(Number(clean) * 1000)
  if (/^\d{12,13}$/.test(clean)) return within(Number(clean))
  const parts = split(clean)
  if (!parts) return null
  const year = fullYear(parts.year)
  const day = Number(parts.day)
  const midnight = new Date(Date.UTC(year, parts.month, day))
  if (year < 100 || midnight.getUTCMonth() !== parts.month || midnight.getUTCDate() !== day) return null
  const { minutes, seconds, zone } = timeOf(parts.rest)
  const localMs = midnight.getTime() + minutes * 60_000 + seconds * 1000
  return within(localMs - zoneOf(zone, localMs) * 60_000)
}
