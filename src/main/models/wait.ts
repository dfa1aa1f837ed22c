/** Waits are a port, so that tests take no time. Rejects when the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

export const realWait: Wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const left = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', left)
      resolve()
    }, ms)
    signal.addEventListener('abort', left, { once: true })
  })

const firstMs = 1_000
const mostMs = 30_000

/** Doubles with each attempt, spread by half either way, so that parallel jobs do not come back together. */
export const backOffMs = (attempt: number, random: () => number): number =>
  Math.min(mostMs, firstMs * 2 ** (attempt - 1)) * (0.5 + random())

const yearMs = 366 * 86_400_000

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), and its more exact cousins. Null when it says nothing usable. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | null {
  const exact = headers['retry-after-ms']
  if (exact !== undefined && /^\d{1,15}(\.\d+)?$/.test(exact)) return Math.min(yearMs, Math.ceil(Number(exact)))
  const text = headers['retry-after']?.trim()
  if (text === undefined || text === '') return null
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(yearMs, Math.ceil(Number(text) * 1_000))
  // Date.parse takes "-5" for a year.
  if (!/[a-z]{3}/i.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.min(yearMs, Math.max(0, at - nowMs))
}
