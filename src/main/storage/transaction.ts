import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Json } from '#shared/result.ts'
import { insertAudit } from './audit-row.ts'
import { sqliteTrouble } from './sqlite-errors.ts'
import type { Reader, SqlParams, Transaction } from './storage.ts'

/** An open connection with the statements it has prepared. */
export interface Session {
  readonly database: DatabaseSync
  prepare(sql: string): StatementSync
}

export function createSession(database: DatabaseSync): Session {
  const statements = new Map<string, StatementSync>()
  return {
    database,
    prepare: (sql) => {
      const known = statements.get(sql)
      if (known) return known
      const made = database.prepare(sql)
      statements.set(sql, made)
      return made
    },
  }
}

export interface TransactOptions {
  /** Null writes no audit row. */
  readonly action: string | null
  readonly origin: string
  readonly now: () => number
  /** Frees what is kept for a full disk; whether there was something to free. */
  readonly makeRoom: () => boolean
  /** Told of each entry of the trail, so that a failed commit can be looked for afterwards. */
  readonly onAudit: (row: AuditRow) => void
  /** Told once all of it is flushed. Must not throw. */
  readonly onCommit: () => void
}
export type AuditRow = ReturnType<typeof insertAudit>

const isRefusal = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'ok' in value && value.ok === false

/**
 * BEGIN IMMEDIATE, `change`, COMMIT, on one connection. A `change` that answers a failed Result is rolled back. When the disk is full room is made once, and what was done so
 * far is done again: `change` itself runs once only, it does not notice. Throws what SQLite or `change` threw, with all
 * of it rolled back.
 */
export function transact<Value>(
  { database, prepare }: Session,
  { action, origin, now, makeRoom, onAudit, onCommit }: TransactOptions,
  change: (tx: Transaction) => Value,
): Value {
  const dataVersion = (): unknown => prepare('PRAGMA data_version').get()?.data_version
  const done: { sql: string; params: SqlParams }[] = []
  let seen: unknown
  let hasRoom = false
  const begin = (): void => {
    database.exec('BEGIN IMMEDIATE')
    const version = dataVersion()
    seen ??= version
    // What `change` has read is not so any more.
    if (seen !== version) throw new Error('another process wrote in between')
    for (const { sql, params } of done) prepare(sql).run(...params)
  }
  const rollback = (): void => {
    // A full disk ends the transaction by itself.
    if (database.isTransaction) database.exec('ROLLBACK')
  }
  const withRoom = <Answer>(step: () => Answer): Answer => {
    try {
      return step()
    } catch (error) {
      if (sqliteTrouble(error) !== 'full' || hasRoom || !makeRoom()) throw error
      hasRoom = true
      rollback()
      try {
        begin()
      } catch {
        throw error
      }
      return step()
    }
  }
  const reader: Reader = {
    get: <Row>(sql: string, params: SqlParams = []) => prepare(sql).get(...params) as Row | undefined,
    all: <Row>(sql: string, params: SqlParams = []) => prepare(sql).all(...params) as Row[],
  }
  const run = (sql: string, params: SqlParams = []): number => {
    const { changes } = withRoom(() => prepare(sql).run(...params))
    done.push({ sql, params })
    return Number(changes)
  }
  let audited = 0
  const audit = (subject: string, before: Json, after: Json): void => {
    audited += 1
    onAudit(
      insertAudit({ ...reader, run }, { atMs: now(), action: action ?? 'internal', origin, subject, before, after }),
    )
  }
  try {
    withRoom(() => {
      if (!database.isTransaction) begin()
    })
    const value = change({ ...reader, run, audit })
    if (value instanceof Promise) throw new Error('a transaction cannot wait')
    if (isRefusal(value)) {
      rollback()
      return value
    }
    if (action !== null && audited === 0) throw new Error(`${action} wrote no audit row`)
    withRoom(() => database.exec('COMMIT'))
    onCommit()
    return value
  } catch (error) {
    try {
      rollback()
    } catch {
      // The disk fails here too; whoever caught the first error closes the connection.
    }
    throw error
  }
}
