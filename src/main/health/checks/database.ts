import { stat } from 'node:fs/promises'
import { ok } from '#shared/result.ts'
import { migrations } from '../../storage/migrations/index.ts'
import type { Storage } from '../../storage/storage.ts'
import { type Check, type Found, found, type Mend, type Pass } from '../check.ts'
import { damagedPages } from '../damaged-pages.ts'
import type { CheckDeps } from '../ports.ts'
import { bytesInWords, count } from '../words.ts'
import { findOrphans } from './orphans.ts'
import { compareSchema, expectedSchema } from './schema.ts'

/** Below this all pages are read at each start: it takes less than 30 ms. */
const smallBytes = 4_000_000
/** A larger database is read table by table at start, for as long as this. Milliseconds. */
const sampledMs = 40
const sampledRows = 1_000
const defaultWalLimitBytes = 64_000_000

/** What every connection of Inkwell has; without them a power cut may lose what was acknowledged. */
const settings = [
  { name: 'journal_mode', wanted: 'wal' },
  { name: 'synchronous', wanted: 2 },
  { name: 'foreign_keys', wanted: 1 },
] as const

export function databaseCheck(
  deps: CheckDeps & { readonly sealed: readonly string[]; readonly walLimitBytes?: (() => number) | undefined },
): Check {
  const { storage, databasePath } = deps
  let expected: ReturnType<typeof expectedSchema> | undefined
  return {
    name: 'database',
    words: 'Reading the database',
    async run(pass) {
      expected ??= expectedSchema()
      await pass.breathe()
      const bytes = (await sizeOf(databasePath)) ?? 0
      const findings = [...versionFinding(storage), ...settingsFinding(storage), ...(await walFinding(deps))]
      const schema = compareSchema(storage, expected)
      findings.push(...schema)
      await pass.breathe()
      const lines = await readPages(deps, bytes, pass)
      findings.push(...pageFindings(storage, lines, pass.full))
      pass.progress(0.9)
      // Without its tables there is nothing to compare.
      const tablesDiffer = schema.some(({ mend }) => mend === null)
      if (pass.full && !tablesDiffer) findings.push(...(await findOrphans(deps, deps.sealed, pass)))
      return {
        title: pass.full ? 'Database pages, indexes and references' : 'Database',
        facts: `${bytesInWords(bytes)}${pass.full ? ', all read' : bytes <= smallBytes ? '' : ', read in part'}`,
        findings,
      }
    },
  }
}

async function readPages(deps: CheckDeps, bytes: number, pass: Pass): Promise<readonly string[]> {
  const { storage } = deps
  if (pass.full) return deps.runTask('integrity', { database: deps.databasePath }, pass.signal)
  const linesOf = (sql: string): string[] =>
    storage
      .all<Record<string, string>>(sql)
      .map((row) => String(Object.values(row)[0]))
      .filter((line) => line !== 'ok')
  if (bytes <= smallBytes) return linesOf('PRAGMA quick_check(50)')
  const tables = storage.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
  )
  const lines: string[] = []
  const start = performance.now()
  for (const { name } of tables) {
    if (performance.now() - start > sampledMs) break
    const few = storage.get<{ rows: number }>(
      `SELECT count(*) AS rows FROM (SELECT 1 FROM "${name}" LIMIT ${sampledRows + 1})`,
    )
    if (few!.rows <= sampledRows) lines.push(...linesOf(`PRAGMA quick_check("${name}")`))
    await pass.breathe()
  }
  return lines
}

const indexLine = /(?:from index|in index|entries in index|non-unique entry in index) (\w+)/

function pageFindings(storage: Storage, lines: readonly string[], deep: boolean): Found[] {
  const indexes = [...new Set(lines.flatMap((line) => indexLine.exec(line)?.[1] ?? []))].toSorted()
  const others = lines.filter((line) => !indexLine.test(line) && !/^\*\*\* in database/.test(line))
  const findings: Found[] = []
  if (others.length > 0) findings.push(damagedPages(others, deep))
  // Damaged pages also make indexes differ: those are then no trouble of their own.
  else if (indexes.length > 0)
    findings.push(
      found({
        id: 'database/index',
        severity: 'error',
        title: `${count(indexes.length, 'index', 'indexes')} of the database ${indexes.length === 1 ? 'does' : 'do'} not fit its rows.`,
        detail: 'Your data is whole. An index is made from it and can be made again.',
        subjects: indexes,
        deep,
        mend: reindex(storage, indexes),
      }),
    )
  return findings
}

const reindex = (storage: Storage, indexes: readonly string[]): Mend => ({
  label: indexes.length === 1 ? 'Make the index again' : 'Make the indexes again',
  prepare: () => ({
    scope: 'Changes indexes of the database only. No row and no file of yours is touched.',
    rows: indexes.map((name) => ({ before: name, after: name, remark: 'made again from the rows' })),
    perform: () => {
      storage.write('health.mend.index', (tx) => {
        for (const name of indexes) tx.run(`REINDEX "${name}"`)
        tx.audit('database', null, { indexes: [...indexes] })
      })
      return ok(`${count(indexes.length, 'index', 'indexes')} made again.`)
    },
  }),
})

function versionFinding(storage: Storage): Found[] {
  const { user_version } = storage.get<{ user_version: number }>('PRAGMA user_version')!
  const latest = migrations.at(-1)!.version
  return user_version === latest
    ? []
    : [
        found({
          id: 'database/version',
          severity: 'error',
          title: `The database says it has structure ${user_version}; this Inkwell makes ${latest}.`,
          detail:
            'Another program, or a newer Inkwell, has changed it while this one runs. Close Inkwell and open it again before you go on.',
          look: user_version,
        }),
      ]
}

function settingsFinding(storage: Storage): Found[] {
  const read = (name: string): unknown => Object.values(storage.get<object>(`PRAGMA ${name}`) ?? {})[0]
  const wrong = settings.filter(({ name, wanted }) => read(name) !== wanted)
  if (wrong.length === 0) return []
  return [
    found({
      id: 'database/settings',
      severity: 'error',
      title: 'The database is not written as safely as Inkwell promises.',
      detail: 'Until this is mended a power cut may lose the last changes.',
      subjects: wrong.map(({ name }) => `${name} is ${String(read(name))}`),
      mend: {
        label: 'Set it again',
        prepare: () => ({
          scope: 'Changes how Inkwell writes from now on. No row and no file of yours is touched.',
          rows: wrong.map(({ name, wanted }) => ({
            before: `${name} = ${String(read(name))}`,
            after: `${name} = ${wanted}`,
            remark: '',
          })),
          perform: () => {
            for (const { name, wanted } of wrong) storage.all(`PRAGMA ${name} = ${wanted}`)
            return ok('The database is written safely again.')
          },
        }),
      },
    }),
  ]
}

async function walFinding(deps: CheckDeps & { readonly walLimitBytes?: (() => number) | undefined }): Promise<Found[]> {
  const path = `${deps.databasePath}-wal`
  const limit = deps.walLimitBytes?.() ?? defaultWalLimitBytes
  const bytes = (await sizeOf(path)) ?? 0
  if (bytes <= limit) return []
  return [
    found({
      id: 'database/log-large',
      severity: 'warning',
      title: `The database’s own log has grown to ${bytesInWords(bytes)}.`,
      detail: 'Nothing is lost. It is taken into the database as soon as no other program reads from it.',
      look: 'large',
      mend: {
        label: 'Take it in now',
        prepare: () => ({
          scope: 'Moves what is in the log into the database file. No row and no file of yours is changed.',
          rows: [{ before: bytesInWords(bytes), after: '0 bytes', remark: 'inkwell.db-wal' }],
          seen: 'log',
          perform: () => {
            deps.storage.all('PRAGMA wal_checkpoint(TRUNCATE)')
            return ok('The log was taken into the database.')
          },
        }),
      },
    }),
  ]
}

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  )
