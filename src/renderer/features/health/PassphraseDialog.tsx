import { Button, Modal, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import css from './dialogs.module.css'

const shortest = 8

/** Asked for twice: a slip of the finger would close every later backup for good. */
export function PassphraseDialog({ change, onClose }: { change: boolean; onClose: () => void }) {
  const set = useCommand('backup', 'setPassphrase')
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const differs = second !== '' && first !== second
  const toggle = { visibilityToggleButtonProps: { 'aria-label': 'Show what is typed' } }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await set.run({ passphrase: first })
    if (!done.ok) return
    say(
      change
        ? 'Passphrase changed. Later backups open with the new one.'
        : 'Passphrase set. Later backups are encrypted.',
    )
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={change ? 'Change the passphrase' : 'Set a passphrase'}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} className={css.form}>
        <p className={css.words}>
          Backups made from now on are encrypted with it; earlier ones stay as they are. On this computer it is kept in
          the keychain. On another one nobody can open a backup without it: write it down.
        </p>
        <PasswordInput
          {...toggle}
          label="Passphrase"
          description={`${shortest} characters or more. Four words that have nothing to do with each other are good.`}
          autoComplete="off"
          data-autofocus
          value={first}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
        <PasswordInput
          {...toggle}
          label="Again"
          autoComplete="off"
          error={differs && 'It is not the same yet.'}
          value={second}
          onChange={(event) => setSecond(event.currentTarget.value)}
        />
        {set.failure && <FailureNote failure={set.failure} />}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={first.length < shortest || first !== second} loading={set.running}>
            {change ? 'Change passphrase' : 'Set passphrase'}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
