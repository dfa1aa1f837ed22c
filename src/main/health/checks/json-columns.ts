import { ok } from '#shared/result.ts'
import type { SealedTable } from '../../storage/seals.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found, hashOf, type Mend, type Pass } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { type JsonColumn, type JsonRow, readJsonRows } from '../read-json.ts'
import { count } from '../words.ts'

interface Column extends JsonColumn {
  /** SQL that makes it usable again; null where nothing can. */
  readonly mend: { readonly sql: string; readonly after: string } | null
  /** Looked at on each start: only what is under way. */
  readonly quick: string | null
}
const again = 'made again when it is needed'
const fromFeed = 'read again from the feed'

/** Columns with JSON that no checksum covers. */
const columns: readonly Column[] = [
  {
    table: 'job_steps',
    column: 'result_json',
    name: 'job_id',
    mend: { sql: 'DELETE FROM job_steps', after: again },
    quick: "job_id IN (SELECT id FROM jobs WHERE state <> 'done')",
  },
  ...(['params_json', 'done_templates_json', 'failed_templates_json', 'error_json'] as const).map(
    (column): Column => ({
      table: 'jobs',
      column,
      name: 'id',
      mend: {
        sql:
          column === 'params_json'
            ? 'DELETE FROM jobs'
            : `UPDATE jobs SET ${column} = ${column === 'error_json' ? 'NULL' : "'[]'"}`,
        after: column === 'params_json' ? 'the job leaves the list; its notes stay' : 'empty',
      },
      quick: 'TRUE',
    }),
  ),
  {
    table: 'episodes',
    column: 'chapters_json',
    name: 'title',
    mend: { sql: "UPDATE episodes SET chapters_json = '[]', feed_hash = NULL", after: fromFeed },
    quick: null,
  },
]

export async function readJson(deps: CheckDeps, sealed: readonly SealedTable[], pass: Pass): Promise<Found[]> {
  const { storage } = deps
  const findings: Found[] = []
  // What a checksum covers is for the check of rows.
  const covered = ({ table, column }: Column): boolean =>
    sealed.some(({ name, columns }) => name === table && columns.includes(column))
  for (const column of columns.filter((one) => !covered(one))) {
    if (!pass.full && column.quick === null) continue
    const { table, column: name, name: naming, mend } = column
    const rows = pass.full
      ? await deps.runTask(
          'json',
          { database: deps.databasePath, column: { table, column: name, name: naming }, which: 'TRUE' },
          pass.signal,
        )
      : readJsonRows(storage, column, column.quick!)
    await pass.breathe()
    if (rows.length === 0) continue
    findings.push(
      found({
        id: `caches/${table}-${name.replace('_json', '')}`.replaceAll('_', '-'),
        severity: 'warning',
        title:
          table === 'episodes'
            ? `What feeds say of ${count(rows.length, 'episode')} cannot be read.`
            : table === 'jobs'
              ? `${count(rows.length, 'job')} ${rows.length === 1 ? 'has' : 'have'} an entry that cannot be read.`
              : `${count(rows.length, 'finished step')} of jobs cannot be read.`,
        detail: 'Notes and recordings are not touched by it. It can be had again.',
        subjects: rows.map((row) => row.name),
        look: rows,
        deep: pass.full && column.quick !== 'TRUE',
        mend: mend && mendOf(storage, column, mend, rows, pass.full ? 'TRUE' : column.quick!),
      }),
    )
  }
  return findings
}

const mendOf = (
  storage: Storage,
  column: Column,
  { sql, after }: { sql: string; after: string },
  rows: readonly JsonRow[],
  which: string,
): Mend => ({
  label: column.table === 'episodes' ? 'Read it again from the feed' : 'Drop what is damaged',
  prepare: () => ({
    scope: `Changes ${column.table.replace('_', ' ')} in the database only. No file of yours is touched.`,
    rows: rows.map(({ name, text }) => ({ before: `${name}: ${text.slice(0, 200)}`, after, remark: column.column })),
    perform: () => {
      storage.write('health.mend.json', (tx) => {
        if (hashOf(readJsonRows(tx, column, which)) !== hashOf(rows)) throw new ChangedMeanwhile()
        for (const { row } of rows) tx.run(`${sql} WHERE rowid = ?`, [row])
        tx.audit(`table:${column.table}`, { damaged: rows.length, column: column.column }, { after })
      })
      return ok(`${count(rows.length, 'entry', 'entries')} mended.`)
    },
  }),
})
