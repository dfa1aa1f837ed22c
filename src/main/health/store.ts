import type { HealthReport } from '#shared/contract/health.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

/** The report with what a page is not shown. */
export interface KeptReport {
  /** With the findings that the user leaves as they are. */
  readonly report: HealthReport
  readonly fullAtMs: number | null
  /** By id of the finding. */
  readonly looks: Readonly<Record<string, string>>
  /** Ids of findings that only a full run sees. */
  readonly deep: readonly string[]
}

export const healthStore = {
  /** Null before the first, or when what is kept cannot be read: then the next run makes a new one. */
  report: (reader: Reader): KeptReport | null => {
    const row = reader.get<{ report_json: string }>('SELECT report_json FROM health_report')
    try {
      return row ? (JSON.parse(row.report_json) as KeptReport) : null
    } catch {
      return null
    }
  },
  keep: (tx: Transaction, kept: KeptReport): void =>
    void tx.run(
      `INSERT INTO health_report (only_one, report_json) VALUES (1, ?)
       ON CONFLICT (only_one) DO UPDATE SET report_json = excluded.report_json`,
      [JSON.stringify(kept)],
    ),
  /** Looks of what is left as it is, by id of the finding. */
  left: (reader: Reader): ReadonlyMap<string, string> =>
    new Map(
      reader
        .all<{ finding_id: string; look: string }>('SELECT finding_id, look FROM health_left')
        .map(({ finding_id, look }) => [finding_id, look]),
    ),
  leave: (tx: Transaction, findingId: string, look: string, atMs: number): void =>
    void tx.run(
      `INSERT INTO health_left (finding_id, look, left_at_ms) VALUES (?, ?, ?)
       ON CONFLICT (finding_id) DO UPDATE SET look = excluded.look, left_at_ms = excluded.left_at_ms`,
      [findingId, look, atMs],
    ),
  /** @returns whether it was left */
  lookAgain: (tx: Transaction, findingId: string): boolean =>
    tx.run('DELETE FROM health_left WHERE finding_id = ?', [findingId]) > 0,
  mark: (reader: Reader, table: string): number =>
    reader.get<{ read_to: number }>('SELECT read_to FROM health_marks WHERE table_name = ?', [table])?.read_to ?? 0,
  setMark: (tx: Transaction, table: string, readTo: number): void =>
    void tx.run(
      `INSERT INTO health_marks (table_name, read_to) VALUES (?, ?)
       ON CONFLICT (table_name) DO UPDATE SET read_to = excluded.read_to`,
      [table, readTo],
    ),
}
