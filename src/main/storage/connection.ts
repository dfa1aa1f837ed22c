import { DatabaseSync } from 'node:sqlite'
import { fail, ok, type Result } from '#shared/result.ts'

const requiredVersion = [3, 51, 3] as const
const busyMs = 10_000

export function checkBuild(database: DatabaseSync): Result<null, 'sqlite-too-old' | 'sqlite-without-fts5'> {
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string }
  const parts = version.split('.').map(Number)
  const at = requiredVersion.findIndex((part, index) => part !== parts[index])
  if (at >= 0 && (parts[at] ?? 0) < requiredVersion[at]!)
    return fail(
      'sqlite-too-old',
      `This build brings SQLite ${version}; Inkwell needs ${requiredVersion.join('.')} or later, which mends a loss of data in WAL mode.`,
    )
  const { fts5 } = database.prepare("SELECT sqlite_compileoption_used('ENABLE_FTS5') AS fts5").get() as { fts5: number }
  return fts5 ? ok(null) : fail('sqlite-without-fts5', 'This build of SQLite has no full-text search (FTS5).')
}

const pragma = (database: DatabaseSync, name: string): unknown =>
  Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]

/**
 * A connection that loses no commit: WAL, flushed with each commit, foreign keys checked. What SQLite made of the
 * settings is read back. Throws SQLite's error, or one that names the setting that was not taken.
 */
export function openConnection(path: string): DatabaseSync {
  // With the time-out from the start: `journal_mode=WAL` itself can throw "locked".
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: busyMs })
  try {
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA cell_size_check = ON')
    // Only F_FULLFSYNC empties a drive's own cache there.
    if (process.platform === 'darwin') database.exec('PRAGMA fullfsync = ON')
    const wanted = { journal_mode: path === ':memory:' ? 'memory' : 'wal', synchronous: 2, foreign_keys: 1 }
    for (const [name, value] of Object.entries(wanted)) {
      const found = pragma(database, name)
      if (found !== value) throw new Error(`SQLite keeps ${name} at ${String(found)} here instead of ${value}`)
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Null when every page is as SQLite wrote it, else the first things that are not. Throws when it cannot be read at all.
 * @param table only its pages
 */
export function pageProblems(database: DatabaseSync, table?: string): string | null {
  const rows = database.prepare(`PRAGMA quick_check(${table === undefined ? 5 : `"${table}"`})`).all() as {
    quick_check: string
  }[]
  const lines = rows.flatMap(({ quick_check }) => quick_check.split('\n'))
  const problems = lines.filter((line) => line !== 'ok' && !line.startsWith('***')).slice(0, 5)
  return problems.length === 0 ? null : problems.join('; ')
}
