/** Exact, e.g. `-12.000001`; no float on the way. */
export function decimalDollars(microUsd: number): string {
  const whole = Math.trunc(Math.abs(microUsd) / 1_000_000)
  const part = Math.abs(microUsd) % 1_000_000
  return `${microUsd < 0 ? '-' : ''}${whole}.${String(part).padStart(6, '0')}`
}

/** For people: two decimals, more when that would hide it. */
export function dollars(microUsd: number): string {
  const decimals = microUsd === 0 || Math.abs(microUsd) >= 1_000_000 ? 2 : Math.abs(microUsd) >= 10_000 ? 3 : 4
  return `$${(microUsd / 1_000_000).toLocaleString('en', { minimumFractionDigits: Math.min(2, decimals), maximumFractionDigits: decimals })}`
}
