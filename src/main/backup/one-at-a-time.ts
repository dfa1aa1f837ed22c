import { dirname, join } from 'node:path'
import { fail, type Result } from '#shared/result.ts'
import { restoredFolder } from '../compose/profile-in-use.ts'
import { isAlive } from '../jobs/lease.ts'
import type { BackupFailure } from './archive/failures.ts'
import type { BackupFs } from './archive/files.ts'
import type { BackupDeps } from './deps.ts'
import { sweepPassing } from './staging.ts'
import type { BackupTask, TaskOutputs } from './tasks.ts'

export interface OneAtATime {
  run<Kind extends BackupTask['kind']>(
    task: Extract<BackupTask, { kind: Kind }>,
  ): Promise<Result<TaskOutputs[Kind], BackupFailure | 'busy'>>
  running(): { fraction: number; words: string } | null
  cancel(): void
  /** Resolves when nothing is under way. */
  idle(): Promise<unknown>
}

/** One backup, check or restore at a time, with its progress; what one that was stopped left behind is swept. */
export function createOneAtATime(
  deps: Pick<BackupDeps, 'tasks' | 'events' | 'place' | 'clock'> & { fs: BackupFs },
): OneAtATime {
  const { tasks, events, place, fs, clock } = deps
  let running: { fraction: number; words: string } | null = null
  let abort: AbortController | null = null
  let current: Promise<unknown> = Promise.resolve()

  const tidy = (folders: readonly string[]): Promise<number> =>
    sweepPassing([place.profilePath, join(place.basePath, restoredFolder), ...folders], fs, {
      nowMs: clock.now(),
      // Nothing else of this process is under way.
      alive: (pid) => pid !== process.pid && isAlive(pid),
    })
  return {
    async run(task) {
      if (running)
        return fail('busy', 'A backup, a check or a restore is under way. Wait until it is done, or cancel it.', {
          retryable: true,
        })
      running = { fraction: 0, words: 'Starting' }
      abort = new AbortController()
      events.emit('backup.changed', {})
      const work = tasks.run(task, {
        signal: abort.signal,
        onProgress: (fraction, words) => {
          running = { fraction: Math.min(1, Math.max(0, fraction)), words }
          events.emit('backup.progress', running)
        },
      })
      current = work.catch(() => {})
      try {
        const result = await work
        if (!result.ok && result.error.code === 'cancelled') await tidy(foldersOf(task))
        return result
      } finally {
        running = null
        abort = null
        events.emit('backup.changed', {})
      }
    },
    running: () => running,
    cancel: () => abort?.abort(),
    idle: () => current,
  }
}

const foldersOf = (task: BackupTask): string[] => {
  if (task.kind !== 'write') return []
  const { target } = task.input
  return ['folder' in target ? target.folder : dirname(target.file)]
}
