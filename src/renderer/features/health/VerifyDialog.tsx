import { Button, Modal, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Backup } from '#shared/contract/backup.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import css from './dialogs.module.css'
import { dateAndTime } from './health-words.ts'

/** A backup whose passphrase is not the one in the keychain. */
export function VerifyDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const verify = useCommand('backup', 'verify')
  const [passphrase, setPassphrase] = useState('')
  const date = dateAndTime(backup.madeAtMs)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await verify.run({ fileName: backup.fileName, passphrase })
    if (!done.ok) return
    say(`The backup of ${date} was read and compared. All of it matches.`)
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Passphrase of the backup of ${date}`}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} className={css.form}>
        <PasswordInput
          label="Passphrase"
          autoComplete="off"
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        {verify.failure && <FailureNote failure={verify.failure} />}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={passphrase === ''} loading={verify.running}>
            Compare
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
