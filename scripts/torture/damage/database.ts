import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type HealthHouse, healthChecks } from '../../../src/main/compose/health.ts'
import { sealedTables } from '../../../src/main/compose/sealed-tables.ts'
import { createCostsService } from '../../../src/main/costs/service.ts'
import type { Check, Pass } from '../../../src/main/health/check.ts'
import { inlineWorkers } from '../../../src/main/health/health-testing.ts'
import { isDamage } from '../../../src/main/health/task.ts'
import { migrations } from '../../../src/main/storage/migrations/index.ts'
import { inspect } from '../../../src/main/storage/recovery/damage.ts'
import { StorageError } from '../../../src/main/storage/sqlite-errors.ts'
import { openStorage, type Storage, whyNotOpened } from '../../../src/main/storage/storage.ts'
import { type Content, contentOf, type Difference, differences, withReader, withReaderAsync } from './content.ts'
import type { Judged, Kind } from './kind.ts'

const suffixes = ['', '-wal', '-shm', '-journal']
export const removeDatabase = (path: string): void => {
  for (const suffix of suffixes) rmSync(path + suffix, { force: true })
}
const clock = { now: () => Date.UTC(2026, 10, 23) }

/** A small database with rows in every table that has a seal. */
export function databaseKind(bytes: Buffer, scratch: string): Kind {
  const path = join(scratch, 'inkwell.db')
  removeDatabase(path)
  writeFileSync(path, bytes)
  const before = withReader(path, contentOf)
  const empty = sealedTables.filter(({ name }) => (before.rows.get(name) ?? []).length === 0)
  if (empty.length > 0) throw new Error(`nothing to damage in ${empty.map(({ name }) => name).join(', ')}`)
  const findingsOf = createFindings(path)
  return {
    name: 'database',
    bytes,
    sample: 700,
    thin: 8,
    most: 24_000,
    judge(damaged) {
      removeDatabase(path)
      writeFileSync(path, damaged)
      const isOfHead = !damaged.subarray(0, headBytes).equals(bytes.subarray(0, headBytes))
      return judgeDatabase(path, { before, isOfHead, findingsOf })
    },
  }
}

/** The header of the file and of its first page. */
const headBytes = 112
interface Against {
  readonly before: Content
  readonly isOfHead: boolean
  readonly findingsOf: NameFindings
}

/** As a start and the full health check look at it, without a process for each. */
async function judgeDatabase(path: string, { before, isOfHead, findingsOf }: Against): Promise<Judged> {
  try {
    if (inspect(path, { wasUsed: true, isSuspect: false }).kind === 'damaged') return { outcome: 'recovered' }
    if (withReader(path, isRefused)) return { outcome: 'refused' }
  } catch (error) {
    return refused(error)
  }
  const after = read(path)
  const found = typeof after === 'string' ? [] : differences(before, after)
  const isAlike = typeof after !== 'string' && found.length === 0 && before.structure === after.structure
  // What nobody reads as a row of ours can still keep everything from being written.
  const isProbed = isOfHead || found.some(({ table }) => table === 'sqlite_sequence')
  const problem = isProbed ? whyNotWritten(path) : null
  if (isAlike && problem === null && pagesFit(path)) return { outcome: 'harmless' }
  const ids = await findingsOf(path)
  if (ids.length === 0 && typeof after === 'string')
    return { outcome: 'silent', words: `it cannot be read, unsaid: ${after}` }
  if (ids.length === 0 && problem) return { outcome: 'silent', words: `it takes no change, unsaid: ${problem}` }
  return judgeFound(found, ids)
}

function judgeFound(found: readonly Difference[], ids: readonly string[]): Judged {
  // What is said of pages or of the structure covers all that lies there.
  const isOfPages = ids.some((id) => id.startsWith('database/'))
  for (const { table, accepted, rotten, vanished } of isOfPages ? [] : found) {
    const own = table === 'cost_months' ? 'ledger/sums' : `rows/${table}`
    if (accepted.length > 0)
      return { outcome: 'silent', words: `a row of ${table} that nobody wrote passes: ${accepted[0]!.slice(0, 200)}` }
    if (rotten > 0 && !ids.includes(own)) return { outcome: 'silent', words: `a row of ${table} rotted, unsaid` }
    const isSaid = [own, 'rows/audit-gap', 'ledger/sums'].some((id) => ids.includes(id))
    if (vanished > 0 && !isSaid) return { outcome: 'silent', words: `${vanished} rows of ${table} are away, unsaid` }
  }
  if (ids.length > 0) return { outcome: 'named' }
  const [first] = found
  return first ? { outcome: 'cached', words: `${first.table}.${first.unsealed[0] ?? 'rows'}` } : { outcome: 'harmless' }
}

const refused = (error: unknown): Judged => {
  const [, words] = whyNotOpened(error)
  return words ? { outcome: 'refused' } : { outcome: 'silent', words: (error as Error).message }
}
/** A schema that this version does not know; one that it would bring up is tried. */
const isRefused = (reader: Storage): boolean =>
  reader.get<{ user_version: number }>('PRAGMA user_version')!.user_version !== migrations.at(-1)!.version

function read(path: string): Content | string {
  try {
    return withReader(path, contentOf)
  } catch (error) {
    return (error as Error).message
  }
}
const pagesFit = (path: string): boolean => {
  try {
    return withReader(
      path,
      (reader) => reader.get<{ integrity_check: string }>('PRAGMA integrity_check(1)')?.integrity_check === 'ok',
    )
  } catch {
    return false
  }
}

/** Opens it as the house does and makes a change; null when it was made or refused in words. */
function whyNotWritten(path: string): string | null {
  const opened = openStorage(path, { clock, origin: 'torture' })
  if (!opened.ok) return null
  try {
    opened.value.write('settings.set', (tx) => tx.audit('settings', null, null))
    return null
  } catch (error) {
    return error instanceof StorageError ? null : (error as Error).message
  } finally {
    opened.value.close()
  }
}

/** In full, but for the rows: so few that the quick check reads all of them, without a connection for each table. */
const passOf = ({ name }: Check): Pass => ({
  full: name !== 'rows',
  signal: new AbortController().signal,
  breathe: async () => {},
  progress: () => {},
})

/** Ids of what the full health check names of the database itself. */
type NameFindings = (path: string) => Promise<string[]>

/** @param place where the database always lies: what a check learns of the schema is kept from file to file */
function createFindings(place: string): NameFindings {
  let current: Storage | null = null
  const storage: Storage = {
    get: (sql, params) => current!.get(sql, params),
    all: (sql, params) => current!.all(sql, params),
    write: (action, change) => current!.write(action, change),
    writeUnaudited: (change) => current!.writeUnaudited(change),
    dataVersion: () => 0,
    close: () => {},
  }
  const checks = checksOf(storage, place)
  return (path) =>
    withReaderAsync(path, async (reader) => {
      current = reader
      const ids: string[] = []
      const run = async (name: string, work: () => Promise<readonly { readonly id: string }[]>): Promise<void> => {
        try {
          ids.push(...(await work()).map(({ id }) => id).filter((id) => !ofFiles.test(id)))
        } catch (error) {
          // As health/run.ts puts it.
          ids.push(isDamage(error) ? 'database/pages' : `${name}/not-checked`)
        }
      }
      for (const check of checks) await run(check.name, async () => (await check.run(passOf(check))).findings)
      return ids
    })
}

/** The real checks over the database; what they would ask of the rest of the house is not asked. */
function checksOf(storage: Storage, path: string): Check[] {
  const house: Pick<HealthHouse, 'storage' | 'clock' | 'profilePath' | 'workers' | 'costs' | 'backupRows'> = {
    storage,
    clock,
    profilePath: dirname(path),
    workers: inlineWorkers,
    costs: createCostsService({ storage }),
    backupRows: { rows: async (_, keys) => keys.map(() => null), name: async () => null },
  }
  const wanted: readonly string[] = ['database', 'rows', 'ledger', 'caches']
  const notAsked = { notes: {}, templates: {}, artworkFile: () => null }
  return healthChecks({ ...notAsked, ...house } as object as HealthHouse).filter(({ name }) => wanted.includes(name))
}

/** Kept texts and pictures are not beside a database that is alone. */
const ofFiles = /^caches\/(texts|artwork|pictures|displaced|leftovers)/
