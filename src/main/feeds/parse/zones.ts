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

/** Zones whose offset hangs on the day. */
const places: Record<string, string> = {
  et: 'America/New_York',
  ct: 'America/Chicago',
  mt: 'America/Denver',
  pt: 'America/Los_Angeles',
}
const placeName = /(?:^|\s)([A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z_+-]+){1,2})(?:\s|$)/

/** @param localMs what the clock of the place showed, as if it were Greenwich */
function offsetAt(place: string, localMs: number): number | null {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: place, timeZoneName: 'longOffset' })
    const offsetOf = (ms: number): number => {
      const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
      const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? []
      return sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
    }
    return offsetOf(localMs - offsetOf(localMs) * 60_000)
  } catch {
    return null // a place nobody knows
  }
}

/**
 * Minutes east of Greenwich of whatever zone is written after the time; 0 when it cannot be known.
 * @param localMs date and time as written
 */
export function zoneOf(text: string, localMs: number): number {
  const offset = /([+-])\s*(\d{1,2}):?(\d{1,2})?(?!\d)/.exec(text)
  if (offset) {
    // `+010` is `+0100` cut short.
    const minutes = Number(offset[2]) * 60 + (offset[3]?.length === 2 ? Number(offset[3]) : 0)
    return minutes > 14 * 60 ? 0 : offset[1] === '-' ? -minutes : minutes
  }
  const place = placeName.exec(text)?.[1]
  const there = place === undefined ? null : offsetAt(place, localMs)
  if (there !== null) return there
  const names = text.toLowerCase().match(/[a-z]+/g) ?? []
  for (const name of names) {
    if (Object.hasOwn(places, name)) return offsetAt(places[name]!, localMs) ?? 0
    if (Object.hasOwn(zones, name)) return zones[name]!
    const longer =
      name.length === 2 ? [`${name.charAt(0)}st`, `${name.charAt(0)}dt`].filter((each) => each.startsWith(name)) : []
    if (longer[0] !== undefined && Object.hasOwn(zones, longer[0])) return zones[longer[0]]!
  }
  return 0
}
