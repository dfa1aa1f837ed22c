import { fail, type Result } from '#shared/result.ts'
import { sealedTables } from '../compose/sealed-tables.ts'
import type { WorkerRunner } from '../ports.ts'
import type { BackupFailure } from './archive/failures.ts'
import { systemFs } from './archive/files.ts'
import { type Extracted, type ExtractInput, extractProfile } from './extract.ts'
import { type Inspected, type InspectInput, inspect } from './inspect.ts'
import { type WriteInput, type Written, writeBackup } from './write.ts'

/** What takes long, and is done in a worker: seconds of hashing would stop the windows. */
export type BackupTask =
  | { readonly kind: 'write'; readonly input: WriteInput }
  | { readonly kind: 'inspect'; readonly input: InspectInput }
  | { readonly kind: 'extract'; readonly input: ExtractInput }
export interface TaskOutputs {
  write: Written
  inspect: Inspected
  extract: Extracted
}
export interface TaskOptions {
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number, words: string) => void
}
export interface BackupTasks {
  run<Kind extends BackupTask['kind']>(
    task: Extract<BackupTask, { kind: Kind }>,
    options: TaskOptions,
  ): Promise<Result<TaskOutputs[Kind], BackupFailure>>
}

/** By number, so that a worker can tell them through shared memory. */
const phases = [
  'Starting',
  'Copying the database',
  'Reading what goes into it',
  'Writing the backup',
  'Reading it back',
  'Reading the backup',
  'Comparing what is in it',
  'Opening its database',
  'Restoring into a new profile',
  'Verifying the new profile',
] as const
/** Recordings of hundreds of hours on a slow disk. */
const timeoutMs = 12 * 3_600_000
const pollMs = 250

interface Message {
  readonly task: BackupTask
  /** Two numbers: how much is done, and which phase. */
  readonly progress: SharedArrayBuffer
}

export const createBackupTasks = (workers: WorkerRunner): BackupTasks => ({
  async run(task, { signal, onProgress }) {
    const shared = new SharedArrayBuffer(16)
    const progress = new Float64Array(shared)
    const timer = setInterval(() => onProgress(progress[0]!, phases[progress[1]!] ?? phases[0]), pollMs)
    try {
      const ran = await workers.run<Message, Result<never, BackupFailure>>(
        'backup',
        { task, progress: shared },
        { timeoutMs, signal },
      )
      if (ran.ok) return ran.value
      if (ran.error.code === 'cancelled') return fail('cancelled', 'Stopped. Nothing was changed.', { retryable: true })
      throw new Error(`backup ${task.kind}: ${ran.error.message}`)
    } finally {
      clearInterval(timer)
    }
  },
})

/** Inside the worker. */
export const runBackupTask = ({ task, progress }: Message): Promise<Result<unknown, BackupFailure>> => {
  const told = new Float64Array(progress)
  const port = {
    fs: systemFs,
    sealedTables,
    progress: (fraction: number, words: string) => {
      told[1] = Math.max(0, (phases as readonly string[]).indexOf(words))
      told[0] = fraction
    },
  }
  switch (task.kind) {
    case 'write':
      return writeBackup(task.input, port)
    case 'inspect':
      return inspect(task.input, port)
    case 'extract':
      return extractProfile(task.input, port)
  }
}
