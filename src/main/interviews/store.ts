import { isSealed, type SealedTable, sealOf } from '../storage/seals.ts'
import type { Reader, SqlValue, Transaction } from '../storage/storage.ts'

export type SessionState = 'active' | 'paused' | 'completed' | 'abandoned'
export interface SessionRow {
  readonly id: string
  readonly episode_id: string | null
  readonly episode_title: string
  readonly feed_title: string
  readonly style: string
  readonly max_questions: number
  readonly guidelines_json: string
  readonly state: SessionState
  readonly revision: number
  readonly started_at_ms: number
  readonly updated_at_ms: number
  readonly completed_at_ms: number | null
  readonly exported_at_ms: number | null
}
export interface ExchangeRow {
  readonly id: string
  readonly session_id: string
  readonly position: number
  readonly question: string
  readonly question_json: string
  readonly answer: string | null
  readonly asked_at_ms: number
  readonly answered_at_ms: number | null
}
export interface DraftRow {
  readonly session_id: string
  readonly exchange_id: string
  readonly text: string
  readonly revision: number
  readonly saved_at_ms: number
}
/** A row, and whether it is as it was written. */
export type Kept<Row> = Row & { readonly intact: boolean }

export const sessionsTable: SealedTable = {
  name: 'interview_sessions',
  key: 'id',
  columns: [
    'id',
    'episode_id',
    'episode_title',
    'feed_title',
    'style',
    'max_questions',
    'guidelines_json',
    'state',
    'revision',
    'started_at_ms',
    'updated_at_ms',
    'completed_at_ms',
    'exported_at_ms',
  ],
}
export const exchangesTable: SealedTable = {
  name: 'interview_exchanges',
  key: 'id',
  columns: ['id', 'session_id', 'position', 'question', 'question_json', 'answer', 'asked_at_ms', 'answered_at_ms'],
}
export const draftsTable: SealedTable = {
  name: 'interview_drafts',
  key: 'exchange_id',
  columns: ['exchange_id', 'session_id', 'text', 'revision', 'saved_at_ms'],
}

type Values = Readonly<Record<string, SqlValue>>
const kept = <Row extends object>(table: SealedTable, row: Row): Kept<Row> => {
  const { row_sha256, ...rest } = row as Row & { row_sha256: string }
  return { ...(rest as Row), intact: isSealed(table, row as Values) }
}
function put(tx: Transaction, table: SealedTable, row: object): void {
  const values = row as Values
  const all = [...table.columns, 'row_sha256']
  const updates = all.filter((column) => column !== table.key).map((column) => `${column} = excluded.${column}`)
  tx.run(
    `INSERT INTO ${table.name} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
     ON CONFLICT (${table.key}) DO UPDATE SET ${updates.join(', ')}`,
    [...table.columns.map((column) => values[column]!), sealOf(table, values)],
  )
}

export const interviewStore = {
  session: (reader: Reader, id: string) => {
    const row = reader.get<SessionRow>('SELECT * FROM interview_sessions WHERE id = ?', [id])
    return row && kept(sessionsTable, row)
  },
  sessions: (reader: Reader) =>
    reader
      .all<SessionRow>('SELECT * FROM interview_sessions ORDER BY updated_at_ms DESC, id DESC')
      .map((row) => kept(sessionsTable, row)),
  putSession: (tx: Transaction, row: SessionRow) => put(tx, sessionsTable, row),
  /** Exchanges and draft go with it. */
  deleteSession: (tx: Transaction, id: string) => tx.run('DELETE FROM interview_sessions WHERE id = ?', [id]),

  exchange: (reader: Reader, id: string) => {
    const row = reader.get<ExchangeRow>('SELECT * FROM interview_exchanges WHERE id = ?', [id])
    return row && kept(exchangesTable, row)
  },
  exchanges: (reader: Reader, sessionId: string) =>
    reader
      .all<ExchangeRow>('SELECT * FROM interview_exchanges WHERE session_id = ? ORDER BY position', [sessionId])
      .map((row) => kept(exchangesTable, row)),
  putExchange: (tx: Transaction, row: ExchangeRow) => put(tx, exchangesTable, row),

  draft: (reader: Reader, exchangeId: string) => {
    const row = reader.get<DraftRow>('SELECT * FROM interview_drafts WHERE exchange_id = ?', [exchangeId])
    return row && kept(draftsTable, row)
  },
  drafts: (reader: Reader, sessionId: string) =>
    reader
      .all<DraftRow>('SELECT * FROM interview_drafts WHERE session_id = ? ORDER BY exchange_id', [sessionId])
      .map((row) => kept(draftsTable, row)),
  putDraft: (tx: Transaction, row: DraftRow) => put(tx, draftsTable, row),
  deleteDraft: (tx: Transaction, exchangeId: string) =>
    tx.run('DELETE FROM interview_drafts WHERE exchange_id = ?', [exchangeId]),

  /** Open sessions in which nothing was said or typed since. */
  idleSince: (reader: Reader, beforeMs: number) =>
    reader
      .all<SessionRow>(
        `SELECT * FROM interview_sessions WHERE state IN ('active', 'paused') AND updated_at_ms < ? AND NOT EXISTS (
           SELECT 1 FROM interview_drafts WHERE session_id = interview_sessions.id AND saved_at_ms >= ?)`,
        [beforeMs, beforeMs],
      )
      .map((row) => kept(sessionsTable, row)),
}
