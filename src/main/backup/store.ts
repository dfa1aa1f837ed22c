import type { z } from 'zod'
import { BackupCounts } from '#shared/contract/backup.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

export interface BackupRow {
  readonly folder: string
  readonly file_name: string
  readonly bytes: number
  readonly sha256: string
  readonly made_at_ms: number
  readonly automatic: number
  readonly counts_json: string | null
  readonly verified_at_ms: number | null
  readonly problem: string | null
}
export interface Miss {
  readonly day: string
  readonly at_ms: number
  readonly reason: string
}

export const backupStore = {
  rows: (reader: Reader, folder: string): BackupRow[] =>
    reader.all<BackupRow>('SELECT * FROM backups WHERE folder = ?', [folder]),
  put: (tx: Transaction, row: BackupRow): void =>
    void tx.run('INSERT OR REPLACE INTO backups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      row.folder,
      row.file_name,
      row.bytes,
      row.sha256,
      row.made_at_ms,
      row.automatic,
      row.counts_json,
      row.verified_at_ms,
      row.problem,
    ]),
  remove: (tx: Transaction, folder: string, fileName: string): void =>
    void tx.run('DELETE FROM backups WHERE folder = ? AND file_name = ?', [folder, fileName]),
  misses: (reader: Reader): Miss[] => reader.all<Miss>('SELECT * FROM backup_misses ORDER BY day'),
  /** The last reason of a day; reasons of a year ago are forgotten. */
  miss: (tx: Transaction, miss: Miss): void => {
    tx.run('INSERT OR REPLACE INTO backup_misses VALUES (?, ?, ?)', [miss.day, miss.at_ms, miss.reason])
    tx.run('DELETE FROM backup_misses WHERE at_ms < ?', [miss.at_ms - 365 * 86_400_000])
  },
  made: (tx: Transaction, day: string): void => void tx.run('DELETE FROM backup_misses WHERE day = ?', [day]),
}

export function countsOfRow(row: BackupRow): z.infer<typeof BackupCounts> | null {
  try {
    return row.counts_json === null ? null : BackupCounts.parse(JSON.parse(row.counts_json))
  } catch {
    return null
  }
}
