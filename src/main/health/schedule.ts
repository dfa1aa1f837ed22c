import type { Clock, Log } from '../ports.ts'
import type { HealthService } from './service.ts'

const dayMs = 86_400_000
const lookMs = 10 * 60_000

export interface HealthSchedule {
  begin(): Promise<void>
  /** Looks whether a full check is due. */
  tick(): Promise<void>
  close(): void
}

/** At the start a quick check; once a day a full one, when nothing else runs. */
export function createHealthSchedule(deps: {
  readonly health: Pick<HealthService, 'check' | 'lastFullAtMs'>
  readonly clock: Clock
  readonly log: Log
  readonly isIdle: () => boolean
}): HealthSchedule {
  const { health, clock, log } = deps
  let timer: NodeJS.Timeout | undefined
  const tick = async (): Promise<void> => {
    const last = health.lastFullAtMs()
    // A clock that was set back must not put the next one off for years.
    const recent = last !== null && last <= clock.now() && clock.now() - last < dayMs
    if (!recent && deps.isIdle()) await health.check(true)
  }
  return {
    async begin() {
      await health.check(false)
      timer = setInterval(() => {
        tick().catch((error: unknown) => log.error('health.daily-failed', { error }))
      }, lookMs).unref()
    },
    tick,
    close: () => clearInterval(timer),
  }
}
