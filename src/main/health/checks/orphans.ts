import { ok } from '#shared/result.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found, hashOf, type Mend, type Pass } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { type Orphans, orphansOf, referencesOf, selectOrphans } from '../read-orphans.ts'
import { count } from '../words.ts'

/** Rows that refer to something that is not there, which SQLite itself keeps from happening. */
export async function findOrphans(deps: CheckDeps, sealed: readonly string[], pass: Pass): Promise<Found[]> {
  const { storage } = deps
  const orphans = await deps.runTask('orphans', { database: deps.databasePath }, pass.signal)
  const parents = new Set(referencesOf(storage).map(({ parent }) => parent))
  // What others refer to, and what cannot be made again, is not taken out.
  const removable = orphans.filter(({ table }) => !parents.has(table) && !sealed.includes(table))
  const kept = orphans.filter((one) => !removable.includes(one))
  const words = ({ table, parent, values }: Orphans): string[] =>
    values.map(({ value, rows }) => `${table}: ${count(rows, 'row')} of ${parent} ${value}`)
  const total = (of: readonly Orphans[]): number =>
    of.flatMap(({ values }) => values).reduce((sum, { rows }) => sum + rows, 0)
  const findings: Found[] = []
  if (removable.length > 0)
    findings.push(
      found({
        id: 'database/orphans',
        severity: 'warning',
        title: `${count(total(removable), 'row')} in the database ${total(removable) === 1 ? 'belongs' : 'belong'} to something that is not there.`,
        detail: 'Nothing shows them, and nothing can use them.',
        subjects: removable.flatMap(words),
        deep: true,
        mend: removeOrphans(storage, removable),
      }),
    )
  if (kept.length > 0)
    findings.push(
      found({
        id: 'database/orphans-kept',
        severity: 'error',
        title: `${count(total(kept), 'row')} in the database ${total(kept) === 1 ? 'has' : 'have'} lost what ${total(kept) === 1 ? 'it belongs' : 'they belong'} to.`,
        detail: 'They are kept as they are. Restore the newest verified backup to have what is missing.',
        subjects: kept.flatMap(words),
        deep: true,
      }),
    )
  return findings
}

const removeOrphans = (storage: Storage, orphans: readonly Orphans[]): Mend => ({
  label: 'Remove the rows',
  prepare: () => {
    const rows = orphans.flatMap((orphan) => {
      const { table, parent, from } = orphan
      return storage.all<Record<string, unknown>>(`${selectOrphans(orphan, 'child.*')} LIMIT 100`).map((row) => ({
        before: summary(row),
        after: '',
        remark: `${table}, ${parent} ${String(row[from])} is missing`,
      }))
    })
    const values = orphans.map((one) => orphansOf(storage, one))
    return {
      scope: 'Removes these rows from the database. No file of yours and nothing that is shown anywhere is touched.',
      rows,
      rowCount: values.flat().reduce((sum, one) => sum + one.rows, 0),
      seen: values,
      perform: () => {
        storage.write('health.mend.orphans', (tx) => {
          if (hashOf(orphans.map((one) => orphansOf(tx, one))) !== hashOf(values)) throw new ChangedMeanwhile()
          for (const { table, parent, from, to } of orphans) {
            const removed = tx.run(
              `DELETE FROM "${table}" WHERE "${from}" IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM "${parent}" WHERE "${parent}"."${to}" = "${table}"."${from}")`,
            )
            tx.audit(`table:${table}`, { orphans: removed }, null)
          }
        })
        return ok('The rows that belonged to nothing are removed.')
      },
    }
  },
})

/** Long texts are cut: a preview is read by a person. */
const summary = (row: Record<string, unknown>): string =>
  Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${String(value).slice(0, 80)}`)
    .join(', ')
    .slice(0, 400)
