import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Schemas that were released. */
export const goldenVersions = [1, 2, 3, 4, 5] as const

const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')

/**
 * Lays out a profile as a release with this schema left it, with its notes folder, for tests of migration.
 * @param root an empty folder
 */
export function unpackGoldenProfile(version: number, root: string): { profilePath: string; vaultPath: string } {
  const profilePath = join(root, 'profile')
  const vaultPath = join(root, 'vault')
  for (const folder of [profilePath, vaultPath]) mkdirSync(folder, { recursive: true })
  const here = (text: string): string => text.replaceAll('/golden/', `${root}/`)
  const database = new DatabaseSync(join(profilePath, 'inkwell.db'))
  database.exec(golden(`schema-${version}.sql`))
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name)
  // One after another, not in the order of their references.
  database.exec('PRAGMA foreign_keys = OFF')
  for (const row of golden('rows.sql').split('\n')) {
    const table = /^INSERT INTO (\w+)/.exec(row)?.[1]
    if (table && tables.includes(table)) database.exec(here(row))
  }
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
  for (const [path, text] of Object.entries(JSON.parse(golden('files.json')) as Record<string, string>)) {
    if (version < 5) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), here(text))
  }
  return { profilePath, vaultPath }
}
