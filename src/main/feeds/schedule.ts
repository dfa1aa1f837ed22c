import type { HttpResponse } from '../ports.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** After a feed was read: hourly, or as rarely as it asks by `ttl` or `max-age`, at most a day. */
export function nextAfterSuccess(nowMs: number, ttlMinutes: number | null, response: HttpResponse | null): number {
  const maxAge = /(?:^|[,\s])max-age=(\d{1,9})/i.exec(response?.headers['cache-control'] ?? '')?.[1]
  const asked = Math.max((ttlMinutes ?? 0) * minuteMs, Number(maxAge ?? 0) * 1_000)
  return nowMs + Math.min(Math.max(asked, hourMs), dayMs)
}

/** After a failure: 15 min, 30 min, 1 h … a day, or when the server says. @param failures in a row, this one included */
export function nextAfterFailure(nowMs: number, failures: number, retryAfterMs?: number): number {
  if (retryAfterMs !== undefined) return nowMs + Math.min(Math.max(retryAfterMs, minuteMs), 7 * dayMs)
  return nowMs + Math.min(15 * minuteMs * 2 ** Math.min(Math.max(failures, 1) - 1, 10), dayMs)
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date (RFC 9110, 10.2.3). */
export function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
