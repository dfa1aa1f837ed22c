import { Button } from '@mantine/core'
import { useState } from 'react'
import type { BackupStatus } from '#shared/contract/backup.ts'
import { formatBytes, formatDate } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { ConfirmDialog, FailureNote, say } from '../../ui/index.ts'
import css from './health.module.css'

/** The profile from before a restore: it can be used again, or deleted. Both are asked about. */
export function PreviousProfile({ previous }: { previous: NonNullable<BackupStatus['previous']> }) {
  const [asking, setAsking] = useState<'switch' | 'delete' | null>(null)
  const switchBack = useCommand('backup', 'switchBack')
  const forget = useCommand('backup', 'forgetPrevious')
  const restored = formatDate(previous.replacedAtMs)
  const size = formatBytes(previous.bytes)
  const close = () => setAsking(null)
  const useAgain = async () => {
    const done = await switchBack.run({})
    if (!done.ok) return
    close()
    say(done.value.restarting ? 'Inkwell restarts with the profile from before.' : 'It is used from the next start on.')
  }
  const remove = async () => {
    const done = await forget.run({})
    if (!done.ok) return
    close()
    say(`The profile from before the restore is deleted, ${size} freed.`)
  }
  return (
    <div className={css.state}>
      <p className={css.words}>
        The profile from before the restore ({restored}) is kept, {size}.
      </p>
      <div className={css.acts}>
        <Button variant="default" size="xs" onClick={() => setAsking('switch')}>
          Use it again
        </Button>
        <Button variant="default" size="xs" onClick={() => setAsking('delete')}>
          Delete it
        </Button>
      </div>
      <ConfirmDialog
        opened={asking === 'switch'}
        question="Use the profile from before the restore?"
        keep="Stay"
        verb="Restart with it"
        running={switchBack.running}
        onConfirm={() => void useAgain()}
        onClose={close}
      >
        <p>
          Inkwell restarts with the profile that was in use until {restored}. What was added since is not in it; the
          profile in use now is kept and can be used again. Your notes folder is not touched.
        </p>
        {switchBack.failure && <FailureNote failure={switchBack.failure} />}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'delete'}
        question="Delete the profile from before the restore?"
        keep="Keep it"
        verb={`Delete it, ${size}`}
        danger
        running={forget.running}
        onConfirm={() => void remove()}
        onClose={close}
      >
        <p>
          It was in use until {restored} and cannot be had back. The profile in use now, your backups and your notes
          folder stay.
        </p>
        {forget.failure && <FailureNote failure={forget.failure} />}
      </ConfirmDialog>
    </div>
  )
}
