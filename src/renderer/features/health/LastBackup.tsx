import type { Backup, BackupStatus } from '#shared/contract/backup.ts'
import { State } from '../../ui/index.ts'
import { factsOf } from './backup-words.ts'
import css from './health.module.css'
import { dateAndTime } from './health-words.ts'

/** The newest backup in words. */
export function LastBackup({ newest, status }: { newest: Backup | undefined; status: BackupStatus }) {
  if (!newest)
    return (
      <p className={css.words}>
        <b>No backup yet.</b>{' '}
        {status.automatic ? 'The first one is made by itself, in' : 'Back up now puts the first one into'}{' '}
        <bdi>{status.folder}</bdi>.
      </p>
    )
  return (
    <>
      <p className={css.words}>
        <b>{dateAndTime(newest.madeAtMs)}</b> in <bdi>{status.folder}</bdi>, {factsOf(newest)}.
        {newest.problem === null && newest.verifiedAtMs !== null && ' Opened and compared after writing.'}
      </p>
      {newest.problem !== null && (
        <p className={css.state}>
          <State kind="bad">{newest.problem}</State>
        </p>
      )}
    </>
  )
}
