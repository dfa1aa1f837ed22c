import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ok, type Result } from '#shared/result.ts'
import { copyFileNow } from '../copy-file.ts'

export interface GoodCopy {
  /** For the user, e.g. `the backup of 22 November 2026, 03:00`. */
  readonly label: string
  readonly madeAtMs: number
  /** Of the profile it was made of, where that is known before it is opened. */
  readonly profileId?: string
  /** Makes a database file there, as it was when the copy was made. A failure leaves nothing that is used. */
  extractTo(path: string): Promise<Result<null, string>>
}
/** Whole databases to fall back on, the best first. It may not use the database: that is damaged when it is asked. */
export interface GoodCopies {
  list(): Promise<readonly GoodCopy[]>
}

/** What migrations keep beside the database (`inkwell.db.before-v7`), newest first. */
export function copiesBeforeMigrations(databasePath: string): GoodCopy[] {
  const folder = dirname(databasePath)
  const prefix = `${basename(databasePath)}.before-v`
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => {
      const path = join(folder, name)
      return {
        label: 'the copy from before the last update of Inkwell',
        madeAtMs: statSync(path).mtimeMs,
        extractTo: async (to: string) => {
          copyFileNow(path, to)
          return ok(null)
        },
      }
    })
    .sort((one, other) => other.madeAtMs - one.madeAtMs)
}
