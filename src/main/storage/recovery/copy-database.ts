import { existsSync } from 'node:fs'
import { copyFileNow } from '../copy-file.ts'

/** A database with its log and its journal, as they lie there; nobody may have it open. Throws the system's error. */
export function copyDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal'])
    if (existsSync(from + suffix)) copyFileNow(from + suffix, to + suffix)
}
