/** At most one call per interval; the last one is always made, at the latest by `flush`. */
export interface Throttle<Payload> {
  (payload: Payload): void
  /** Makes the call that waits, if any. */
  flush(): void
}

/** @param merge what one call says for two that fell into the same interval */
export function createThrottle<Payload>(
  intervalMs: number,
  send: (payload: Payload) => void,
  merge: (earlier: Payload, later: Payload) => Payload = (_, later) => later,
): Throttle<Payload> {
  let waiting: { payload: Payload } | null = null
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (!waiting) return
    const { payload } = waiting
    waiting = null
    send(payload)
  }
  const tick = (): void => {
    timer = null
    if (!waiting) return
    flush()
    arm()
  }
  const arm = (): void => {
    timer = setTimeout(tick, intervalMs)
    timer.unref()
  }
  const throttled = (payload: Payload): void => {
    if (timer === null) {
      send(payload)
      arm()
    } else waiting = { payload: waiting ? merge(waiting.payload, payload) : payload }
  }
  return Object.assign(throttled, { flush })
}
