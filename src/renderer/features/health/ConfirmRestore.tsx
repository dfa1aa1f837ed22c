import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { RestorePlan } from '#shared/contract/backup.ts'
import { formatBytes, formatCount, formatDay } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, State, say } from '../../ui/index.ts'
import css from './dialogs.module.css'
import { onDate } from './health-words.ts'
import type { RestoreSource } from './RestoreDialog.tsx'

/** What is in the backup beside what is here, and the act named with what happens. */
export function ConfirmRestore(props: {
  source: RestoreSource
  plan: RestorePlan
  onBusy: (busy: boolean) => void
  onBack: () => void
  onClose: () => void
}) {
  const { plan } = props
  const restore = useCommand('backup', 'restore')
  const [restarting, setRestarting] = useState(false)
  const start = useRef<HTMLDivElement | null>(null)
  useEffect(() => start.current?.focus(), [])
  const run = async () => {
    props.onBusy(true)
    const done = await restore.run({ ...props.source, planToken: plan.planToken })
    if (done.ok && done.value.restarting) return setRestarting(true)
    props.onBusy(false)
    if (!done.ok) return
    say('Restored and compared. It is used from the next start on.')
    props.onClose()
  }
  if (restarting)
    return (
      <p className={css.words} role="status">
        Restored and compared. Inkwell restarts.
      </p>
    )
  return (
    <div ref={start} className={css.form} tabIndex={-1}>
      <p className={css.words}>
        Made {onDate(plan.madeAtMs)} by Inkwell {plan.version}, {formatBytes(plan.bytes)},{' '}
        {plan.encrypted ? 'encrypted' : 'not encrypted'}, {plan.withMedia ? 'with' : 'without'} recordings. All of it
        was read and compared.
      </p>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">In the backup</th>
            <th scope="col">Here</th>
          </tr>
        </thead>
        <tbody>
          {plan.rows.map((row) => (
            <tr key={row.what}>
              <th scope="row">{row.what}</th>
              <td>{formatCount(row.inBackup)}</td>
              <td data-differs={row.inBackup !== row.here || undefined}>{formatCount(row.here)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {plan.warnings.length > 0 && (
        <ul className={css.warnings}>
          {plan.warnings.map((warning) => (
            <li key={warning}>
              <State kind="warn">{warning}</State>
            </li>
          ))}
        </ul>
      )}
      <p className={css.words}>
        Inkwell restarts with the profile of {formatDay(plan.madeAtMs)}. What is here now is kept and can be used again.
      </p>
      {restore.failure && (
        <FailureNote failure={restore.failure} tone={restore.failure.code === 'cancelled' ? 'warn' : 'bad'} />
      )}
      <footer className={css.foot}>
        <Button variant="default" disabled={restore.running} onClick={props.onBack}>
          Back
        </Button>
        <Button loading={restore.running} onClick={() => void run()}>
          Restore {formatDay(plan.madeAtMs)} and restart
        </Button>
      </footer>
    </div>
  )
}
