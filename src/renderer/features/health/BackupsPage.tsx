import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Backup } from '#shared/contract/backup.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { ConfirmDialog, EmptyState, FailureNote, Loading, Page, PageHead, SectionHead, say } from '../../ui/index.ts'
import { BackupRow } from './BackupRow.tsx'
import { BackupSettings } from './BackupSettings.tsx'
import { onDate } from './health-words.ts'
import css from './lists.module.css'
import { ProgressLine } from './ProgressLine.tsx'
import { RestoreDialog } from './RestoreDialog.tsx'
import { useBackup } from './use-backup.ts'

/** Every backup there is, and how they are made. */
export function BackupsPage() {
  useCrumbs([{ label: 'Data & health', to: '/health' }, { label: 'Backups' }])
  const status = useLive('backup', 'status', {})
  const list = useLive('backup', 'list', {})
  const backup = useBackup()
  const [restoring, setRestoring] = useState<string | null>(null)
  const [removing, setRemoving] = useState<Backup | null>(null)
  const bytes = list.value?.reduce((sum, one) => sum + one.bytes, 0) ?? 0
  return (
    <Page>
      <div className={css.narrow}>
        <PageHead
          title="Backups"
          sentence={
            list.value && list.value.length > 0 && `${plural(list.value.length, 'backup')}, ${formatBytes(bytes)}.`
          }
          actions={
            !backup.progress && (
              <Button variant="default" onClick={() => void backup.run()}>
                Back up now
              </Button>
            )
          }
        />
        {backup.progress && (
          <ProgressLine progress={backup.progress} label="Backup" stop={{ label: 'Cancel', run: backup.cancel }} />
        )}
        <section aria-labelledby="backups-how" className={css.section}>
          <SectionHead id="backups-how" title="How they are made" />
          {status.failure && <FailureNote failure={status.failure} onRetry={status.again} />}
          {status.loading && <Loading rows={4} />}
          {status.value && <BackupSettings status={status.value} />}
        </section>
        <section aria-labelledby="backups-all" className={css.section}>
          <SectionHead id="backups-all" title="All backups" />
          {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
          {list.loading && <Loading rows={3} />}
          {list.value?.length === 0 && (
            <EmptyState title="No backup yet.">
              A backup is one file with everything but your notes folder and the keychain: feeds, transcripts, jobs,
              settings, and every text Inkwell wrote. It is opened and compared before it counts.
            </EmptyState>
          )}
          <ul>
            {list.value?.map((one) => (
              <BackupRow
                key={one.fileName}
                backup={one}
                onRestore={() => setRestoring(one.fileName)}
                onRemove={() => setRemoving(one)}
              />
            ))}
          </ul>
        </section>
      </div>
      {restoring !== null && <RestoreDialog start={restoring} onClose={() => setRestoring(null)} />}
      {removing && <RemoveBackup backup={removing} onClose={() => setRemoving(null)} />}
    </Page>
  )
}

function RemoveBackup({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const remove = useCommand('backup', 'remove')
  const run = async () => {
    const done = await remove.run({ fileName: backup.fileName })
    if (!done.ok) return
    say(`Backup deleted, ${formatBytes(backup.bytes)} freed.`)
    onClose()
  }
  return (
    <ConfirmDialog
      opened
      question="Delete this backup?"
      verb="Delete backup"
      danger
      running={remove.running}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <p>
        {backup.fileName}, made {onDate(backup.madeAtMs)}, {formatBytes(backup.bytes)}, cannot be had back. What is in
        use now and the other backups stay.
      </p>
      {remove.failure && <FailureNote failure={remove.failure} />}
    </ConfirmDialog>
  )
}
