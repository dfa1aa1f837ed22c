import { DatabaseSync } from 'node:sqlite'
import { ok } from '#shared/result.ts'
import { migrate } from '../../storage/migrate.ts'
import { migrations } from '../../storage/migrations/index.ts'
import type { Reader, Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found, type Mend } from '../check.ts'
import { are, count } from '../words.ts'

interface SchemaRow {
  readonly type: 'table' | 'index' | 'trigger' | 'view'
  readonly name: string
  readonly sql: string
}
const schemaSql =
  "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY name"
const plain = (sql: string): string => sql.replace(/\s+/g, ' ').trim()
const keyOf = ({ type, name }: SchemaRow): string => `${type} ${name}`

/** What the migrations make of an empty database. Reads no disk. */
export function expectedSchema(): ReadonlyMap<string, SchemaRow> {
  const database = new DatabaseSync(':memory:')
  try {
    migrate(database, ':memory:', migrations)
    return new Map((database.prepare(schemaSql).all() as unknown as SchemaRow[]).map((row) => [keyOf(row), row]))
  } finally {
    database.close()
  }
}

/** Tables, indexes, triggers and views that are not as the migrations make them. */
export function compareSchema(storage: Storage, expected: ReadonlyMap<string, SchemaRow>): Found[] {
  const { missing, altered, foreign } = differences(storage, expected)
  const findings: Found[] = []
  if (missing.length + altered.length > 0) {
    const wrong = [...missing, ...altered]
    const tables = wrong.filter(({ type }) => type === 'table')
    findings.push(
      found({
        id: 'database/schema',
        severity: 'error',
        title: `${count(wrong.length, 'part')} of the database’s structure ${are(wrong.length)} not as Inkwell makes ${wrong.length === 1 ? 'it' : 'them'}.`,
        detail:
          tables.length > 0
            ? 'Another program has changed tables of the database. Restore the newest verified backup to have them as they were.'
            : 'Your data is in the tables, which are whole. Only what is made from them has to be made again.',
        subjects: wrong.map(keyOf),
        look: wrong,
        mend: tables.length > 0 ? null : remake(storage, expected),
      }),
    )
  }
  if (foreign.length > 0) {
    const tables = foreign.some(({ type }) => type === 'table')
    findings.push(
      found({
        id: 'database/schema-foreign',
        severity: tables ? 'warning' : 'error',
        title: `${count(foreign.length, 'part')} of the database’s structure ${foreign.length === 1 ? 'does' : 'do'} not come from Inkwell.`,
        detail: tables
          ? 'Another program has put a table into the database. Inkwell does not read it; take it out with the program that made it.'
          : 'Another program has put it there, and it can change what Inkwell writes.',
        subjects: foreign.map(keyOf),
        look: foreign,
        mend: tables ? null : dropForeign(storage, expected),
      }),
    )
  }
  return findings
}

function differences(reader: Reader, expected: ReadonlyMap<string, SchemaRow>) {
  const there = new Map(reader.all<SchemaRow>(schemaSql).map((row) => [keyOf(row), row]))
  const all = [...expected.values()]
  return {
    there,
    missing: all.filter((row) => !there.has(keyOf(row))),
    altered: all.filter((row) => {
      const now = there.get(keyOf(row))
      return now !== undefined && plain(now.sql) !== plain(row.sql)
    }),
    foreign: [...there.values()].filter((row) => !expected.has(keyOf(row))),
  }
}

const remake = (storage: Storage, expected: ReadonlyMap<string, SchemaRow>): Mend => ({
  label: 'Make them again',
  prepare: () => {
    const before = differences(storage, expected)
    const altered = new Set(before.altered.map(keyOf))
    const wrong = [...before.missing, ...before.altered]
    return {
      scope: 'Changes indexes, triggers and views of the database only. No row and no file of yours is touched.',
      rows: wrong.map((row) => ({
        before: before.there.has(keyOf(row)) ? plain(before.there.get(keyOf(row))!.sql) : 'missing',
        after: plain(row.sql),
        remark: altered.has(keyOf(row)) ? 'changed' : 'missing',
      })),
      perform: () => {
        storage.write('health.mend.schema', (tx) => {
          const now = differences(tx, expected)
          if (JSON.stringify([now.missing, now.altered]) !== JSON.stringify([before.missing, before.altered]))
            throw new ChangedMeanwhile()
          for (const row of wrong) {
            if (altered.has(keyOf(row))) tx.run(`DROP ${row.type} "${row.name}"`)
            tx.run(row.sql)
          }
          tx.audit('database', null, { madeAgain: wrong.map(keyOf) })
        })
        return ok(`${count(wrong.length, 'part')} of the database made again.`)
      },
    }
  },
})

const dropForeign = (storage: Storage, expected: ReadonlyMap<string, SchemaRow>): Mend => ({
  label: 'Take it out',
  prepare: () => {
    const { foreign } = differences(storage, expected)
    return {
      scope: 'Changes indexes, triggers and views of the database only. No row and no file of yours is touched.',
      rows: foreign.map((row) => ({ before: plain(row.sql), after: '', remark: 'is taken out' })),
      perform: () => {
        storage.write('health.mend.schema', (tx) => {
          if (JSON.stringify(differences(tx, expected).foreign) !== JSON.stringify(foreign))
            throw new ChangedMeanwhile()
          for (const row of foreign) tx.run(`DROP ${row.type} "${row.name}"`)
          tx.audit('database', { foreign: foreign.map(({ sql }) => plain(sql)) }, { takenOut: foreign.map(keyOf) })
        })
        return ok(`${count(foreign.length, 'part')} taken out of the database.`)
      },
    }
  },
})
