import type { Events } from '../ports.ts'
import type { LiveProgress } from './claims.ts'
import { createThrottle, type Throttle } from './throttle.ts'

/** Four a second are enough for an eye, and 1,000 jobs at once must not flood the windows. */
const intervalMs = 250

export interface Announcer {
  changed(jobId: string, episodeId: string): void
  changedMany(jobIds: readonly string[]): void
  progress(jobId: string, live: LiveProgress): void
  /** Sends what waits. */
  flush(): void
}

/** Tells the windows about jobs, at a pace they can follow; the last word is always sent. */
export function createAnnouncer(events: Events, feedOf: (episodeId: string) => string | null): Announcer {
  const sameOrAll = (a: string | null, b: string | null): string | null => (a === b ? a : null)
  const jobsChanged = createThrottle<string | null>(
    intervalMs,
    (jobId) => events.emit('jobs.changed', { jobId }),
    sameOrAll,
  )
  const episodesChanged = createThrottle<string | null>(
    intervalMs,
    (feedId) => events.emit('episodes.changed', { feedId }),
    sameOrAll,
  )
  const progressById = new Map<string, Throttle<LiveProgress>>()
  return {
    changed(jobId, episodeId) {
      progressById.get(jobId)?.flush()
      jobsChanged(jobId)
      episodesChanged(feedOf(episodeId))
    },
    changedMany(jobIds) {
      jobsChanged(jobIds.length === 1 ? jobIds[0]! : null)
      episodesChanged(null)
    },
    progress(jobId, live) {
      let throttled = progressById.get(jobId)
      if (!throttled) {
        throttled = createThrottle<LiveProgress>(intervalMs, (last) => events.emit('jobs.progress', { jobId, ...last }))
        progressById.set(jobId, throttled)
      }
      throttled(live)
    },
    flush() {
      for (const throttled of [...progressById.values(), jobsChanged, episodesChanged]) throttled.flush()
      progressById.clear()
    },
  }
}
