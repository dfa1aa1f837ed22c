import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Backup } from '#shared/contract/backup.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, State, say } from '../../ui/index.ts'
import { contentsOf, factsOf } from './backup-words.ts'
import { dateAndTime, onDate } from './health-words.ts'
import css from './lists.module.css'
import { VerifyDialog } from './VerifyDialog.tsx'

export function BackupRow(props: { backup: Backup; onRestore: () => void; onRemove: () => void }) {
  const { backup } = props
  const verify = useCommand('backup', 'verify')
  const [locked, setLocked] = useState(false)
  const date = dateAndTime(backup.madeAtMs)
  const compare = async () => {
    const done = await verify.run({ fileName: backup.fileName })
    if (done.ok) say(`The backup of ${date} was read and compared. All of it matches.`)
    else if (done.error.code === 'needs-passphrase') setLocked(true)
  }
  const of = <span className="ik-hidden"> the backup of {date}</span>
  return (
    <li className={css.backup}>
      <div>
        <p>
          <b>{date}</b> <small>{backup.automatic ? 'made by itself' : 'made by you'}</small>
        </p>
        <p className="ik-dim">{[factsOf(backup), contentsOf(backup)].filter(Boolean).join(' · ')}</p>
        {backup.problem !== null ? (
          <State kind="bad">{backup.problem}</State>
        ) : backup.verifiedAtMs === null ? (
          <State kind="wait">Not compared yet</State>
        ) : (
          <State kind="ok">Opened and compared {onDate(backup.verifiedAtMs)}</State>
        )}
        {verify.failure && verify.failure.code !== 'needs-passphrase' && <FailureNote failure={verify.failure} />}
      </div>
      <div className={css.rowActs}>
        <Button variant="default" size="xs" loading={verify.running} onClick={() => void compare()}>
          Compare{of}
        </Button>
        <Button variant="default" size="xs" onClick={props.onRestore}>
          Restore…{of}
        </Button>
        <Button variant="subtle" size="xs" onClick={props.onRemove}>
          Delete{of}
        </Button>
      </div>
      {locked && <VerifyDialog backup={backup} onClose={() => setLocked(false)} />}
    </li>
  )
}
