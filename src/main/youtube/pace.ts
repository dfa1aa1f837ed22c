import PQueue from 'p-queue'
import { fail, type Result } from '#shared/result.ts'
import type { Clock } from '../ports.ts'

/** Some eight quick requests are enough to be locked out for an hour: one at a time, with a pause between. */
const pauseMs = 2_000
const lockedOutMs = 30 * 60_000

export interface Pace {
  /** In the order asked. While YouTube refuses, nothing is sent and `refusal` is answered at once. */
  run<Value, Code extends string>(
    task: () => Promise<Result<Value, Code>>,
  ): Promise<Result<Value, Code | 'youtube-blocks'>>
}

/** Polite to YouTube, whatever a playlist of hundreds asks. */
export function createPace({ clock, betweenMs = pauseMs }: { clock: Clock; betweenMs?: number }): Pace {
  const queue = new PQueue({ concurrency: 1, ...(betweenMs > 0 ? { interval: betweenMs, intervalCap: 1 } : {}) })
  let lockedUntilMs = 0
  return {
    run: (task) =>
      queue.add(async () => {
        const waitMs = lockedUntilMs - clock.now()
        // A clock that was set back must not lock out for longer than was meant.
        if (waitMs > 0 && waitMs <= lockedOutMs)
          return fail(
            'youtube-blocks',
            `YouTube refuses requests from this network for now. Inkwell asks again in about ${Math.ceil(waitMs / 60_000)} minutes; nothing was sent. The video is kept in your list.`,
            { retryable: true },
          )
        const answer = await task()
        if (!answer.ok && answer.error.code === 'youtube-blocks') lockedUntilMs = clock.now() + lockedOutMs
        return answer
      }),
  }
}
