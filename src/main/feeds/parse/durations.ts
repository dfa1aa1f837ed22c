const longestSeconds = 7 * 24 * 3600

/**
 * `90`, `1:30`, `1:02:03`, `PT1H2M3S`, `1 h 5 min`. Zero, negative and impossible ones are null: they say only that
 * nobody knows.
 */
export function parseDuration(value: string | number | null | undefined): number | null {
  const text = String(value ?? '')
    .trim()
    .toLowerCase()
  if (text === '' || text.length > 40) return null
  const seconds = readClock(text) ?? readIso(text) ?? readWords(text)
  if (seconds === null || !Number.isFinite(seconds)) return null
  const whole = Math.round(seconds)
  return whole > 0 && whole <= longestSeconds ? whole : null
}

function readClock(text: string): number | null {
  if (!/^\d+(?::\d+){0,3}(?:[.,]\d+)?$/.test(text)) return null
  const parts = text.replace(',', '.').split(':').map(Number)
  const days = parts.length === 4 ? parts.shift()! * 86_400 : 0
  // 99:99 is no time; 90:00 is an hour and a half.
  if (parts.length === 3 && (parts[1]! > 59 || parts[2]! >= 60)) return null
  return days + parts.reduce((sum, part) => sum * 60 + part, 0)
}

function readIso(text: string): number | null {
  const match = /^p(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?)?$/.exec(text)
  if (!match || text === 'p' || text === 'pt') return null
  const [, days, hours, minutes, seconds] = match.map((part) => Number(part ?? 0))
  return days! * 86_400 + hours! * 3600 + minutes! * 60 + seconds!
}

function readWords(text: string): number | null {
  const match =
    /^(?:(\d+)\s*(?:h|hr|hrs|hours?|std)\.?[\s,]*)?(?:(\d+)\s*(?:m|min|mins|minutes?|minuten)\.?[\s,]*)?(?:(\d+)\s*(?:s|sec|secs|seconds?|sek)\.?)?$/.exec(
      text,
    )
  if (!match) return null
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)
}
