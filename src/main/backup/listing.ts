import { join } from 'node:path'
import type { Backup } from '#shared/contract/backup.ts'
import type { Reader } from '../storage/storage.ts'
import { errorCode } from '../storage/write-file.ts'
import type { BackupFs } from './archive/files.ts'
import { isBackupName } from './archive/format.ts'
import { peekHeader } from './archive/frame.ts'
import { type BackupRow, backupStore, countsOfRow } from './store.ts'

export type Listed =
  | { readonly state: 'read'; readonly backups: Backup[] }
  /** The folder is not there or cannot be read. */
  | { readonly state: 'away'; readonly code: string }

/**
 * The backups that lie in a folder, newest first: what the database knows of each, and the header's own words for one it
 * does not know, e.g. of another computer.
 */
export async function listBackups(reader: Reader, folder: string, fs: BackupFs): Promise<Listed> {
  let names: string[]
  try {
    names = (await fs.readdir(folder)).filter(isBackupName)
  } catch (error) {
    return { state: 'away', code: errorCode(error) }
  }
  const rows = new Map(backupStore.rows(reader, folder).map((row) => [row.file_name, row]))
  const backups: Backup[] = []
  for (const fileName of names) {
    const backup = await describe(folder, fileName, rows.get(fileName), fs)
    if (backup) backups.push(backup)
  }
  return { state: 'read', backups: backups.sort((left, right) => right.madeAtMs - left.madeAtMs) }
}

async function describe(
  folder: string,
  fileName: string,
  row: BackupRow | undefined,
  fs: BackupFs,
): Promise<Backup | null> {
  const path = join(folder, fileName)
  try {
    const { size, mtimeMs } = await fs.lstat(path)
    const header = await peekHeader(path, fs)
    // Another file under the same name is not the one that was verified.
    const known = row && row.bytes === size && row.made_at_ms === header?.madeAtMs ? row : null
    return {
      fileName,
      bytes: size,
      madeAtMs: header?.madeAtMs ?? Math.round(mtimeMs),
      automatic: header?.automatic ?? false,
      encrypted: header?.encryption === 'age',
      withMedia: header?.media ?? false,
      counts: known && countsOfRow(known),
      verifiedAtMs: known?.verified_at_ms ?? null,
      problem: header ? (known?.problem ?? null) : 'Its beginning cannot be read: it is damaged, or no backup at all.',
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    return {
      fileName,
      bytes: 0,
      madeAtMs: 0,
      automatic: false,
      encrypted: false,
      withMedia: false,
      counts: null,
      verifiedAtMs: null,
      problem: `It cannot be read (${errorCode(error)}).`,
    }
  }
}
