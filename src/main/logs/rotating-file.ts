import { randomBytes } from 'node:crypto'
import * as nodeFs from 'node:fs'
import { join } from 'node:path'

export type LogFs = Pick<
  typeof nodeFs,
  | 'mkdirSync'
  | 'openSync'
  | 'writeSync'
  | 'fstatSync'
  | 'statSync'
  | 'closeSync'
  | 'renameSync'
  | 'readdirSync'
  | 'unlinkSync'
>
export interface RotatingFile {
  /** @param line with its line break. Never throws: what cannot be written is counted. */
  write(line: string): void
  /** Why lines are not written; null while they are. */
  problem(): LogProblem | null
  close(): void
}
export interface LogProblem {
  /** The system's, e.g. ENOSPC. */
  readonly code: string
  readonly sinceMs: number
  readonly lostLines: number
}

export const logFileName = 'inkwell.log'
const rotatedName = /^inkwell\.(\d{6,12})-\d+-[0-9a-f]{6}\.log$/

/** Names of the log's files, oldest first; the one that is written to is the last. */
export function logFiles(folder: string, fs: Pick<LogFs, 'readdirSync'> = nodeFs): string[] {
  const names = fs.readdirSync(folder)
  const rotated = names
    .filter((name) => rotatedName.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1))
  return names.includes(logFileName) ? [...rotated, logFileName] : rotated
}
const numberOf = (name: string): number => Number(rotatedName.exec(name)?.[1] ?? 0)

/**
 * Appends lines; several processes may write to one folder at once. A line is one append (O_APPEND). A full file is
 * renamed to a name of its own, never onto another file and never copied or cut, so that no lock is needed: whoever still
 * has it open writes its line there, and two that rotate at once make one small file more. The oldest files go when there
 * is more than `maxBytes × maxFiles`.
 */
export function createRotatingFile(
  folder: string,
  {
    maxBytes = 2_000_000,
    maxFiles = 5,
    now = Date.now,
    fs = nodeFs,
  }: { maxBytes?: number; maxFiles?: number; now?: () => number; fs?: LogFs } = {},
): RotatingFile {
  const path = join(folder, logFileName)
  let descriptor: number | null = null
  let begun = false
  let problem: { code: string; sinceMs: number; lostLines: number } | null = null

  const close = (): void => {
    const open = descriptor
    descriptor = null
    if (open !== null) fs.closeSync(open)
  }
  const open = (): number => {
    if (descriptor !== null) return descriptor
    // A profile that was taken away is not made again by the last line of its log.
    if (!begun) fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    else if (!fs.statSync(folder, { throwIfNoEntry: false })) fs.mkdirSync(folder, { mode: 0o700 })
    descriptor = fs.openSync(path, 'a', 0o600)
    begun = true
    return descriptor
  }
  /** Where the next line goes: the file that has the name now, which another process may have changed. */
  const current = (): { descriptor: number; bytes: number } => {
    const mine = descriptor === null ? null : fs.fstatSync(descriptor)
    const named = fs.statSync(path, { throwIfNoEntry: false })
    if (mine && (!named || named.ino !== mine.ino || named.dev !== mine.dev)) close()
    return { descriptor: open(), bytes: fs.fstatSync(open()).size }
  }
  const rotate = (): void => {
    const number = 1 + Math.max(0, ...logFiles(folder, fs).map(numberOf))
    const name = `inkwell.${String(number).padStart(6, '0')}-${process.pid}-${randomBytes(3).toString('hex')}.log`
    fs.renameSync(path, join(folder, name))
    close()
    const rotated = logFiles(folder, fs).filter((file) => file !== logFileName)
    let kept = 0
    for (const [age, file] of rotated.reverse().entries()) {
      kept += fs.statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0
      // Of the whole allowance one part is for the file that is written to; the newest stays, however large.
      if (age > 0 && kept > maxBytes * (maxFiles - 1)) removeQuietly(join(folder, file))
    }
  }
  const removeQuietly = (file: string): void => {
    try {
      fs.unlinkSync(file)
    } catch {
      // Another process was first, or has it open on Windows: the next rotation takes it.
    }
  }
  const append = (bytes: Buffer): void => {
    let { descriptor: file, bytes: size } = current()
    if (size > 0 && size + bytes.length > maxBytes) {
      try {
        rotate()
      } catch {
        // Another process renamed it first, or the folder refuses: the line goes on, the file grows.
      }
      file = current().descriptor
    }
    let offset = 0
    while (offset < bytes.length) {
      const written = fs.writeSync(file, bytes, offset)
      if (written <= 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' })
      offset += written
    }
    // Fell off the end between the look and the write: once more, to the file that is there now.
    if (fs.fstatSync(file).nlink === 0) {
      close()
      fs.writeSync(open(), bytes)
    }
  }

  return {
    write: (line) => {
      try {
        append(Buffer.from(line))
        problem = null
      } catch (error) {
        problem ??= { code: (error as NodeJS.ErrnoException).code ?? 'unknown', sinceMs: now(), lostLines: 0 }
        problem.lostLines += 1
        try {
          close()
        } catch {
          // It is closed all the same.
        }
      }
    },
    problem: () => problem && { ...problem },
    close,
  }
}
