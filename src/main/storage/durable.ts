import type { DatabaseSync } from 'node:sqlite'
import { openConnection, pageProblems } from './connection.ts'
import { StorageError, sqliteTrouble } from './sqlite-errors.ts'
import type { SqlParams, Storage, StorageOptions, Transaction } from './storage.ts'
import { type AuditRow, createSession, type Session, transact } from './transaction.ts'

/** How long a database that failed its check is left alone before it is looked at again. */
const againMs = 2_000

/**
 * The open database. After a failed flush the system may have forgotten what it did not write, so that trying again
 * would lie (Rebello et al., "Can Applications Recover from fsync Failures?", 2020): the connection is closed, opened
 * anew and checked before anything else is written.
 */
export function createDurable(path: string, first: DatabaseSync, options: StorageOptions): Storage {
  let session: Session | null = createSession(first)
  /** Set while the database must not be written. */
  let doubt: { error: StorageError; atMs: number } | null = null
  let closed = false

  const tell = (kind: 'disk-full' | 'write-failed' | 'damaged', title: string, words: string): void =>
    options.onTrouble?.({ kind, title, words })
  const leave = (): void => {
    try {
      session?.database.close()
    } catch {
      // The disk fails here too; the process lets go of the files all the same.
    }
    session = null
  }
  /** Closes, opens and checks. @returns why it may not be used; null when it may */
  const reopen = (): string | null => {
    leave()
    try {
      session = createSession(openConnection(path))
      return pageProblems(session.database)
    } catch (error) {
      return (error as Error).message
    }
  }
  const open = (): Session => {
    if (closed) throw new Error('the database is closed')
    if (doubt && performance.now() - doubt.atMs >= againMs) {
      const problem = reopen()
      doubt = problem === null ? null : { ...doubt, atMs: performance.now() }
      if (problem === null)
        tell('write-failed', 'The database works again', 'It was opened again and checked: every page is whole.')
    }
    if (!session) throw doubt!.error
    return session
  }

  /** After an error of disk or pages: looks what is left, and puts it in words. */
  const examine = (error: unknown, audited: AuditRow | null, wrote: boolean): StorageError => {
    const reason = (error as Error).message
    if (path === ':memory:') return new StorageError('write-failed', reason, error)
    const problem = reopen()
    if (problem === null) {
      const kept =
        audited !== null &&
        session!.prepare('SELECT row_sha256 AS seal FROM audit WHERE id = ?').get(audited.id)?.seal === audited.seal
      const words = !wrote
        ? `The disk reported an error while the database was read (${reason}). It was opened again and checked: every page is whole. Try again.`
        : `The disk reported an error while this was saved (${reason}). The database was opened again and checked: everything saved before is whole. This last change ${kept ? 'is kept too' : 'was not kept: do it again'}.`
      tell('write-failed', 'The disk reported an error', words)
      return new StorageError('write-failed', words, error)
    }
    const words = `The database cannot be trusted any more (${problem}). Nothing is written to it; what was saved before stays in its file. Close Inkwell and open it again: it sets the file aside and brings back what can be read.`
    const trouble = new StorageError('database-damaged', words, error)
    doubt = { error: trouble, atMs: performance.now() }
    tell('damaged', 'The database is damaged', words)
    return trouble
  }
  const explained = (error: unknown, audited: AuditRow | null, wrote: boolean): unknown => {
    switch (sqliteTrouble(error)) {
      case 'io':
      case 'damaged':
        return doubt ? doubt.error : examine(error, audited, wrote)
      case 'full':
        return new StorageError(
          'disk-full',
          'The disk is full. Nothing of this last change was kept; everything saved before is safe. Free some space, then do it again.',
          error,
        )
      case 'busy':
        return new StorageError(
          'database-busy',
          'Another Inkwell was writing for too long. Nothing of this last change was kept. Do it again in a moment.',
          error,
        )
      default:
        return error
    }
  }
  const makeRoom = (): boolean => {
    const freed = options.makeRoom?.() ?? false
    tell(
      'disk-full',
      'The disk is full',
      freed
        ? 'Inkwell gave up the 16 MB it keeps for this and goes on for now. Free some space soon.'
        : 'There was no room for what Inkwell had to save. Everything saved before is safe. Free some space.',
    )
    return freed
  }
  const write = <Value>(action: string | null, change: (tx: Transaction) => Value): Value => {
    const current = open()
    if (doubt) throw doubt.error
    let audited: AuditRow | null = null
    try {
      return transact(
        current,
        {
          action,
          origin: options.origin,
          now: () => options.clock.now(),
          makeRoom,
          onAudit: (row) => {
            audited = row
          },
          onCommit: () => {
            if (audited) options.onAudited?.(audited)
          },
        },
        change,
      )
    } catch (error) {
      throw explained(error, audited, true)
    }
  }
  const read = <Answer>(ask: (current: Session) => Answer): Answer => {
    const current = open()
    try {
      return ask(current)
    } catch (error) {
      throw explained(error, null, false)
    }
  }
  return {
    get: <Row>(sql: string, params: SqlParams = []) =>
      read(({ prepare }) => prepare(sql).get(...params) as Row | undefined),
    all: <Row>(sql: string, params: SqlParams = []) => read(({ prepare }) => prepare(sql).all(...params) as Row[]),
    write: (action, change) => write(action, change),
    writeUnaudited: (change) => write(null, change),
    dataVersion: () => read(({ prepare }) => Number(prepare('PRAGMA data_version').get()?.data_version)),
    close: () => {
      if (closed) return
      closed = true
      session?.database.close()
      session = null
    },
  }
}
