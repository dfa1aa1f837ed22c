import { Modal } from '@mantine/core'
import { useState } from 'react'
import type { RestorePlan } from '#shared/contract/backup.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { ChooseBackup } from './ChooseBackup.tsx'
import { ConfirmRestore } from './ConfirmRestore.tsx'
import { ProgressLine } from './ProgressLine.tsx'
import { useProgress } from './use-progress.ts'

/** A backup of the list or a chosen file, with what opens it. */
export interface RestoreSource {
  readonly fileName?: string
  readonly token?: string
  readonly passphrase?: string
}

/** Choose, look at what a restore would do, and only then restore. */
export function RestoreDialog(props: { start: string | null; onClose: () => void }) {
  const [planned, setPlanned] = useState<{ source: RestoreSource; plan: RestorePlan } | null>(null)
  const [busy, setBusy] = useState(false)
  const cancel = useCommand('backup', 'cancel')
  const known = useLive('backup', 'status', {}).value?.running
  const progress = useProgress('backup', known, busy)
  return (
    <Modal
      opened
      onClose={props.onClose}
      title="Restore from a backup"
      size={620}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
      closeButtonProps={{ 'aria-label': 'Close', disabled: busy }}
    >
      {planned ? (
        <ConfirmRestore
          source={planned.source}
          plan={planned.plan}
          onBusy={setBusy}
          onBack={() => setPlanned(null)}
          onClose={props.onClose}
        />
      ) : (
        <ChooseBackup
          start={props.start}
          onBusy={setBusy}
          onPlanned={(source, plan) => setPlanned({ source, plan })}
          onClose={props.onClose}
        />
      )}
      {busy && progress && (
        <ProgressLine
          progress={progress}
          label="Reading the backup"
          stop={{ label: 'Cancel', run: () => void cancel.run({}) }}
        />
      )}
    </Modal>
  )
}
