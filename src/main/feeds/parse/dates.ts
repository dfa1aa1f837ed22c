const monthPrefixes: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'янв', 'sty', 'led'],
  ['feb', 'fev', 'фев', 'lut', 'uno'],
  ['mar', 'mrz', 'maa', 'mrt', 'мар'],
  ['apr', 'avr', 'abr', 'апр', 'kwi', 'dub'],
  ['may', 'mai', 'mag', 'maj', 'mei', 'мая', 'май', 'kve'],
  ['jun', 'juin', 'giu', 'июн', 'cze'],
  ['jul', 'juil', 'lug', 'июл', 'lip'],
  ['aug', 'aou', 'ago', 'авг', 'sie', 'srp'],
  ['sep', 'set', 'сен', 'wrz', 'zar'],
  ['oct', 'okt', 'ott', 'out', 'окт', 'paz', 'rij'],
  ['nov', 'ноя', 'lis'],
  ['dec', 'dez', 'dic', 'des', 'дек', 'gru', 'pro'],
]
/** `févr.` is `fevr`; what is compared goes through the same. */
const plainLetters = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
const months = new Map(
  monthPrefixes.flatMap((names, month) => names.map((name) => [plainLetters(name), month] as const)),
)

/** Minutes east of Greenwich. */
const zones: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  mez: 60,
  cest: 120,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  ist: 330,
  sgt: 480,
  hkt: 480,
  awst: 480,
  jst: 540,
  kst: 540,
  acst: 570,
  aest: 600,
  acdt: 630,
  aedt: 660,
  nzst: 720,
  nzdt: 780,
  nst: -210,
  ndt: -150,
  ast: -240,
  adt: -180,
  brt: -180,
  art: -180,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  akst: -540,
  akdt: -480,
  hst: -600,
}

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
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[T\s])(.*)$/is.exec(text)
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
  const numbers = /(?:^|[\s,])(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b(.*)$/s.exec(text)
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

/** Minutes east of Greenwich of whatever zone is written after the time; 0 when it cannot be known. */
function zoneOf(text: string): number {
  const offset = /([+-])\s*(\d{1,2}):?(\d{1,2})?(?!\d)/.exec(text)
  if (offset) {
    // `+010` is `+0100` cut short.
    const minutes = Number(offset[2]) * 60 + (offset[3]?.length === 2 ? Number(offset[3]) : 0)
    return minutes > 14 * 60 ? 0 : offset[1] === '-' ? -minutes : minutes
  }
  const names = text.toLowerCase().match(/[a-z]+/g) ?? []
  for (const name of names) {
    if (Object.hasOwn(zones, name)) return zones[name]!
    const longer =
      name.length === 2 ? [`${name.charAt(0)}st`, `${name.charAt(0)}dt`].filter((each) => each.startsWith(name)) : []
    if (longer[0] !== undefined && Object.hasOwn(zones, longer[0])) return zones[longer[0]]!
  }
  return 0
}

function timeOf(rest: string): { minutes: number; seconds: number; zone: string } {
  const time =
    /^[\s,]*(?:at\s+|um\s+)?(\d{1,2})[:.]?(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?m?\.?(?![a-z])(.*)$/is.exec(
      rest,
    )
  if (!time) return { minutes: 0, seconds: 0, zone: '' }
  const half = time[4]?.toLowerCase()
  const hours = half ? (Number(time[1]) % 12) + (half === 'p' ? 12 : 0) : Number(time[1])
  // A time that cannot be is left out; the day is still right.
  if (hours > 24 || Number(time[2]) > 59 || Number(time[3] ?? 0) > 60) return { minutes: 0, seconds: 0, zone: '' }
  return { minutes: hours * 60 + Number(time[2]), seconds: Number(time[3] ?? 0), zone: time[5]! }
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
  return within(midnight.getTime() + (minutes - zoneOf(zone)) * 60_000 + seconds * 1000)
}
