import { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * Until the answer is called, every statement that SQLite is given to change something is announced first; `before` may
 * throw, which is as if SQLite had refused it, or end the process. Scripts are given statement by statement.
 */
export function announceStatements(before: (sql: string) => void): () => void {
  const { exec } = DatabaseSync.prototype
  const { run } = StatementSync.prototype
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    for (const statement of statementsOf(sql)) {
      before(statement)
      exec.call(this, statement)
    }
  }
  StatementSync.prototype.run = function (this: StatementSync, ...values: unknown[]) {
    before(this.sourceSQL)
    return (run as (...values: unknown[]) => ReturnType<typeof run>).apply(this, values)
  } as typeof run
  return () => {
    DatabaseSync.prototype.exec = exec
    StatementSync.prototype.run = run
  }
}

/** Of a script without triggers and without a semicolon in a text; comments are left out. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/--[^\n]*/g, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
