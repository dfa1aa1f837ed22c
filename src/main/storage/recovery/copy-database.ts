import { existsSync, linkSync } from 'node:fs'
import { copyFileNow } from '../copy-file.ts'

/** A database with its log and its journal, as they lie there; nobody may have it open. Throws the system's error. */
export function copyDatabase(from: string, to: string): void {
  copyFileNow(from, to)
  copyLogs(from, to)
}

/**
 * The same for one that is only read: the file itself gets a second name where that can be, since it is not changed. What
 * is made of its logs is a copy.
 */
export function nameDatabase(from: string, to: string): void {
  if (existsSync(from)) {
    try {
      linkSync(from, to)
    } catch {
      copyFileNow(from, to)
    }
  }
  copyLogs(from, to)
}

function copyLogs(from: string, to: string): void {
  for (const suffix of ['-wal', '-shm', '-journal'])
    if (existsSync(from + suffix)) copyFileNow(from + suffix, to + suffix)
}
