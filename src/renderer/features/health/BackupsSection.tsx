import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, SectionHead, State } from '../../ui/index.ts'
import { BackupCalendar } from './BackupCalendar.tsx'
import { habitOf } from './backup-words.ts'
import css from './health.module.css'
import { LastBackup } from './LastBackup.tsx'
import { PreviousProfile } from './PreviousProfile.tsx'
import { ProgressLine } from './ProgressLine.tsx'
import { RestoreDialog } from './RestoreDialog.tsx'
import { useBackup } from './use-backup.ts'

export function BackupsSection() {
  const status = useLive('backup', 'status', {})
  const list = useLive('backup', 'list', {})
  const backup = useBackup()
  const [restoring, setRestoring] = useState(false)
  const failure = status.failure ?? list.failure
  const value = status.value
  return (
    <section aria-labelledby="health-backups">
      <SectionHead
        id="health-backups"
        title="Backups"
        aside={
          value &&
          !backup.progress && (
            <button type="button" className="ik-link" onClick={() => void backup.run()}>
              Back up now
            </button>
          )
        }
      />
      {failure && (
        <FailureNote
          failure={failure}
          onRetry={() => {
            status.again()
            list.again()
          }}
        />
      )}
      {status.loading && <Loading rows={2} label="Reading the backups" />}
      {backup.progress && (
        <div className={css.state}>
          <ProgressLine progress={backup.progress} label="Backup" stop={{ label: 'Cancel', run: backup.cancel }} />
        </div>
      )}
      {value && list.value && <LastBackup newest={list.value[0]} status={value} />}
      {value?.lastProblem && (
        <p className={css.state}>
          <State kind="bad">{value.lastProblem.message}</State>
        </p>
      )}
      {value && <BackupCalendar status={value} />}
      {value && <p className={css.words}>{habitOf(value)}</p>}
      {value?.sameDisk && (
        <p className={css.state}>
          <State kind="warn">Backups lie on the same disk as your library: if it breaks, both are gone.</State>
        </p>
      )}
      {value && (
        <div className={css.acts}>
          <Button variant="default" size="xs" onClick={() => setRestoring(true)}>
            Restore…
          </Button>
          <Link href="/health/backups" className="ik-link">
            All backups, folder and passphrase
          </Link>
        </div>
      )}
      {value?.previous && <PreviousProfile previous={value.previous} />}
      {restoring && <RestoreDialog start={null} onClose={() => setRestoring(false)} />}
    </section>
  )
}
