import { fail, ok } from '#shared/result.ts'
import { isSealed, type SealedTable } from '../../storage/seals.ts'
import type { Reader, SqlValue } from '../../storage/storage.ts'
import { ChangedMeanwhile, hashOf, type Mend } from '../check.ts'
import type { BackupRows, CheckDeps } from '../ports.ts'
import type { RowKey } from '../task.ts'
import { count } from '../words.ts'
import { renewable, renewIn } from './renew-episodes.ts'

const whereOf = (key: RowKey): string =>
  Object.keys(key)
    .map((column) => `"${column}" = ?`)
    .join(' AND ')
export const rowOf = (reader: Reader, table: SealedTable, key: RowKey) =>
  reader.get<Record<string, SqlValue>>(`SELECT * FROM "${table.name}" WHERE ${whereOf(key)}`, Object.values(key))

const summary = (table: SealedTable, row: Readonly<Record<string, SqlValue>> | undefined): string =>
  row === undefined
    ? 'missing'
    : table.columns
        .filter((column) => row[column] !== null)
        .map((column) => `${column}: ${String(row[column]).slice(0, 60)}`)
        .join(', ')
        .slice(0, 400)

/** Puts damaged rows back as the backup has them; what a feed says is also read again from it. */
export const restoreRows = (
  { storage }: CheckDeps,
  {
    backup,
    backupName,
    titleOf,
  }: { backup: BackupRows | null; backupName: string | null; titleOf: (table: SealedTable) => string },
  table: SealedTable,
  keys: readonly RowKey[],
): Mend => ({
  label:
    backupName === null
      ? 'Read it again from its feed'
      : keys.length === 1
        ? 'Restore the row'
        : `Restore the ${keys.length} rows`,
  prepare: async () => {
    const there = backup && backupName !== null ? await backup.rows(table, keys) : []
    const pairs = keys.map((key, index) => {
      const now = rowOf(storage, table, key)
      const row = there[index] ?? null
      return {
        key,
        now,
        there: row && isSealed(table, row) ? row : null,
        renews: now !== undefined && renewable(storage, table, now),
      }
    })
    const restorable = pairs.filter(({ there, renews }) => there !== null || renews)
    const remarkOf = ({ there, renews }: (typeof pairs)[number]): string =>
      there
        ? 'as in the backup'
        : renews
          ? 'as its feed says when it is next read'
          : 'not in the backup: stays as it is, and is not trusted'
    return {
      scope: `Changes these rows of ${titleOf(table)} only${backupName === null ? '' : `, to what the backup of ${backupName} has`}. Other rows and your files are not touched.`,
      rows: pairs.map((pair) => ({
        before: summary(table, pair.now),
        after: summary(table, pair.there ?? pair.now),
        remark: remarkOf(pair),
      })),
      seen: pairs,
      perform: () => {
        if (restorable.length === 0)
          return fail(
            'not-in-backup',
            'The backup does not have these rows. They stay as they are, and are not trusted.',
          )
        storage.write('health.mend.rows', (tx) => {
          for (const { key, now, there, renews } of restorable) {
            if (hashOf(rowOf(tx, table, key)) !== hashOf(now)) throw new ChangedMeanwhile()
            if (renews) renewIn(tx, now!)
            if (there === null) continue
            const columns = [...table.columns.filter((column) => !(column in key)), 'row_sha256']
            tx.run(
              `UPDATE "${table.name}" SET ${columns.map((column) => `"${column}" = ?`).join(', ')} WHERE ${whereOf(key)}`,
              [...columns.map((column) => there[column] ?? null), ...Object.values(key)],
            )
          }
          // The damaged content itself may be anything, also what must not be kept here.
          tx.audit(`rows:${table.name}`, null, {
            restored: restorable.map(({ key }) => Object.values(key).join(', ')),
            from: backupName ?? 'their feeds',
          })
        })
        return ok(
          backupName === null
            ? `${count(restorable.length, 'row')} will be read again with the feed.`
            : `${count(restorable.length, 'row')} restored from the backup of ${backupName}.`,
        )
      },
    }
  },
})
