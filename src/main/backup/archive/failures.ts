import { type Failure, fail, type Result } from '#shared/result.ts'
import { errorCode } from '../../storage/write-file.ts'

export type BackupFailure =
  | 'damaged' // where is in the words
  | 'not-a-backup'
  | 'newer' // format or schema of a later Inkwell
  | 'needs-passphrase'
  | 'wrong-passphrase'
  | 'no-space'
  | 'folder-missing'
  | 'folder-read-only'
  | 'file-unreadable'
  | 'not-written'
  | 'changed-meanwhile'
  | 'database-damaged'
  | 'cancelled'

/** Ends a piece of work from deep inside; `attempt` makes a value of it. */
export class BackupError extends Error {
  readonly failure: Failure<BackupFailure>
  constructor(code: BackupFailure, message: string, retryable = false) {
    super(message)
    this.failure = { code, message, retryable }
  }
}

const number = (value: number): string => value.toLocaleString('en')

/** @param where e.g. "12 bytes are missing at its end" */
export const damaged = (where: string): BackupError =>
  new BackupError('damaged', `This backup is damaged: ${where}. Nothing of it was used. Take another backup.`)

export const byteRange = (from: number, until: number): string =>
  `bytes ${number(from)} to ${number(until - 1)} are not as they were written`

const words: Readonly<Record<string, readonly [BackupFailure, string]>> = {
  ENOSPC: ['no-space', 'The disk is full'],
  EDQUOT: ['no-space', 'Your share of the disk is used up'],
  EFBIG: ['no-space', 'The disk takes no file as large as this one'],
  EROFS: ['folder-read-only', 'The disk can only be read'],
  EACCES: ['folder-read-only', 'Inkwell may not write there'],
  EPERM: ['folder-read-only', 'Inkwell may not write there'],
  ENOENT: ['folder-missing', 'The folder is not there: perhaps its disk is not plugged in'],
  ENOTDIR: ['folder-missing', 'A file stands where the folder should be'],
}

/** Runs `work`; what was refused and what the system answers become values, defects are thrown on. */
export async function attempt<Value>(kept: string, work: () => Promise<Value>): Promise<Result<Value, BackupFailure>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof BackupError) return { ok: false, error: error.failure }
    const code = errorCode(error)
    const known = words[code]
    if (known) return fail(known[0], `${known[1]} (${code}). ${kept}`, { retryable: true })
    if (/^E[A-Z0-9]+$/.test(code))
      return fail('not-written', `The system answered ${code}. ${kept}`, { retryable: true })
    throw error
  }
}
