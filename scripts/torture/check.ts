import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { HealthReport } from '#shared/contract/health.ts'
import { profileInUse } from '../../src/main/compose/profile-in-use.ts'
import { describe } from './describe.ts'
import { filesUnder, type Home, openHome, profileOf, Refused, sha256, vaultOf } from './home.ts'
import { canary, type Scenario, userTexts } from './scenario.ts'

/**
 * Opens what is left with the real house, lets it recover, and compares with what was acknowledged and what may never
 * change. Recovers three times: the second and third must change nothing.
 */
export async function judge(
  root: string,
  scenario: Scenario,
  acked: readonly string[],
  recoveries: 1 | 3 = 3,
): Promise<string[]> {
  const losses: string[] = []
  try {
    const first = await openHome(root)
    try {
      await first.house.start()
      losses.push(...(await scenario.check(first, acked)))
      losses.push(...(await healthFindings(first, scenario.touched ?? [])))
      losses.push(...(await soundness(first, scenario.touched ?? [])))
    } finally {
      await first.close()
    }
    const before = recoveries === 1 ? new Map<string, string>() : digest(root)
    for (let time = 2; time <= recoveries; time++) {
      const again = await openHome(root)
      try {
        await again.house.start()
      } finally {
        await again.close()
      }
      const after = digest(root)
      for (const [name, sum] of after) if (before.get(name) !== sum) losses.push(`recovery ${time} changed ${name}`)
      for (const name of before.keys()) if (!after.has(name)) losses.push(`recovery ${time} removed ${name}`)
    }
  } catch (error) {
    losses.push(error instanceof Refused ? `the profile does not open: ${error.message}` : `defect: ${describe(error)}`)
  }
  losses.push(...databaseFaults(root), ...secretsIn(root))
  return losses
}

/** Invariants that hold whatever was done. */
async function soundness({ house, costs, vault }: Home, touched: readonly string[]): Promise<string[]> {
  const losses: string[] = []
  for (const [name, text] of Object.entries(userTexts)) {
    const found = filesUnder(vault).get(name)
    if (found?.toString() !== text) losses.push(`the user's ${name} is ${found ? 'changed' : 'gone'}`)
  }
  for (const name of filesUnder(vault).keys())
    if (/\.~inkwell-.*\.tmp$/.test(name)) losses.push(`litter in the notes folder: ${name}`)
  for (const { month, journal, rows } of costs.facts().wrongMonths)
    losses.push(`ledger of ${month}: the journal says ${journal}, the rows ${rows}`)
  const { storage } = house
  // Nothing of an intent is left open when the vault is there and nobody holds a file.
  const open = storage.all<{ id: string }>('SELECT id FROM note_intents WHERE done_at_ms IS NULL')
  if (open.length > 0) losses.push(`${open.length} notes intents stay open after recovery`)
  const files = storage.all<{ path: string; base: string }>(
    `SELECT vault_path || '/' || podcast || '/' || name || '/' || file_name AS path, base_sha256 AS base
     FROM note_files JOIN note_folders ON note_folders.id = folder_id WHERE state = 'current'`,
  )
  const present = new Map([...filesUnder(vault)].map(([name, bytes]) => [join(vault, name), sha256(bytes)]))
  for (const { path, base } of files)
    if (present.get(path) !== base && !touched.includes(path.split('/').at(-1)!))
      losses.push(
        `the manifest calls ${path.slice(vault.length)} current, and it is ${present.has(path) ? 'not' : 'gone'}`,
      )
  return losses
}

/** The health check finds nothing wrong where nothing was damaged; what depends on this computer is left out. */
async function healthFindings(home: Home, touched: readonly string[]): Promise<string[]> {
  const { checks } = await home.ask<HealthReport>('health.check', { full: false })
  return (
    checks
      .filter(({ check }) => !['keychain', 'disk', 'backups'].includes(check))
      .flatMap(({ findings }) => findings)
      .filter(({ severity }) => severity !== 'info')
      // What the user deleted is missing until the next write learns why.
      .filter(({ id }) => id !== 'notes/missing' || touched.length === 0)
      .map(({ id, title }) => `health names ${id}: ${title}`)
  )
}

/** SQLite's own checks, through a connection that is not the house's. */
function databaseFaults(root: string): string[] {
  const path = join(inUse(root), 'inkwell.db')
  if (!existsSync(path)) return ['the database is gone']
  try {
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      const pages = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[]
      const keys = database.prepare('PRAGMA foreign_key_check').all()
      return [
        ...pages.filter((row) => row.integrity_check !== 'ok').map((row) => `database: ${row.integrity_check}`),
        ...(keys.length > 0 ? [`database: ${keys.length} rows name rows that are not there`] : []),
      ]
    } finally {
      database.close()
    }
  } catch (error) {
    return [`database: ${(error as Error).message}`]
  }
}

function secretsIn(root: string): string[] {
  const spellings = [canary, Buffer.from(canary).toString('base64').slice(0, -4), Buffer.from(canary).toString('hex')]
  return [...filesUnder(root)]
    .filter(([, bytes]) => spellings.some((spelling) => bytes.includes(spelling)))
    .map(([name]) => `a secret stands in ${name}`)
}

/** After a restore another folder is in use. */
const inUse = (root: string): string => profileInUse(profileOf(root)).profilePath

/** Tables that change by being opened: leases, and what a start looks at anew. */
const volatile = new Set([
  'sqlite_sequence',
  'note_locks',
  'health_report',
  'health_marks',
  'storage_notices',
  // Displaced files are looked at once more, two seconds later.
  'note_kept',
])

/** What matters of a root, each part with a hash: rows of every table, every file that is no log. */
export function digest(root: string): Map<string, string> {
  const parts = new Map<string, string>()
  const database = new DatabaseSync(join(inUse(root), 'inkwell.db'), { readOnly: true })
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all() as { name: string }[]
    for (const { name } of tables)
      if (!volatile.has(name) && !name.includes('_fts'))
        parts.set(`table ${name}`, sha256(JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all())))
  } finally {
    database.close()
  }
  for (const folder of ['blobs', 'media'])
    for (const [name, bytes] of filesUnder(join(inUse(root), folder))) parts.set(`${folder}/${name}`, sha256(bytes))
  for (const [name, bytes] of filesUnder(vaultOf(root))) parts.set(`vault/${name}`, sha256(bytes))
  return parts
}
