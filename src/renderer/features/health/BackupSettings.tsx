import { Button, Switch } from '@mantine/core'
import { useState } from 'react'
import type { BackupStatus } from '#shared/contract/backup.ts'
import { useCommand } from '../../lib/live.ts'
import { ConfirmDialog, FailureNote, State, say } from '../../ui/index.ts'
import css from './lists.module.css'
import { PassphraseDialog } from './PassphraseDialog.tsx'
import { Setting } from './Setting.tsx'

/** Where backups go, when, and what closes them. */
export function BackupSettings({ status }: { status: BackupStatus }) {
  const set = useCommand('backup', 'set')
  const choose = useCommand('backup', 'chooseFolder')
  const change = async (input: Parameters<typeof set.run>[0], words: string) => {
    const done = await set.run(input)
    say(done.ok ? words : done.error.message, done.ok ? {} : { tone: 'warn' })
  }
  const chooseFolder = async () => {
    const chosen = await choose.run({})
    if (!chosen.ok) say(chosen.error.message, { tone: 'warn' })
    else if (chosen.value) say(`Backups go to ${chosen.value.folder}.`)
  }
  return (
    <>
      <Setting
        name={<span className={css.path}>{status.folder}</span>}
        control={
          <Button variant="default" size="xs" loading={choose.running} onClick={() => void chooseFolder()}>
            Choose another folder
          </Button>
        }
      >
        {status.sameDisk ? (
          <State kind="warn">On the same disk as your library: if it breaks, both are gone.</State>
        ) : (
          <State kind="ok">On another disk than your library.</State>
        )}
      </Setting>
      <Setting
        name={<label htmlFor="backup-automatic">Back up every day</label>}
        control={
          <Switch
            id="backup-automatic"
            checked={status.automatic}
            onChange={(event) => {
              const automatic = event.currentTarget.checked
              void change(
                { automatic },
                automatic ? 'Backups are made every day.' : 'Backups are made when you choose.',
              )
            }}
          />
        }
      >
        {status.keep.daily} days, {status.keep.weekly} weeks and {status.keep.monthly} months are kept; older automatic
        ones make room.
      </Setting>
      <Setting
        name={<label htmlFor="backup-media">With recordings</label>}
        control={
          <Switch
            id="backup-media"
            checked={status.withMedia}
            onChange={(event) => {
              const withMedia = event.currentTarget.checked
              void change({ withMedia }, `Later backups are made ${withMedia ? 'with' : 'without'} recordings.`)
            }}
          />
        }
      >
        Much larger. Recordings of feeds can be fetched again; files you dropped cannot.
      </Setting>
      <Passphrase status={status} />
    </>
  )
}

function Passphrase({ status }: { status: BackupStatus }) {
  const remove = useCommand('backup', 'setPassphrase')
  const [asking, setAsking] = useState<'set' | 'remove' | null>(null)
  const close = () => setAsking(null)
  const takeAway = async () => {
    const done = await remove.run({ passphrase: null })
    if (!done.ok) return
    close()
    say('Passphrase removed. Later backups are not encrypted.')
  }
  return (
    <Setting
      name="Passphrase"
      control={
        <>
          <Button variant="default" size="xs" onClick={() => setAsking('set')}>
            {status.encrypted ? 'Change passphrase' : 'Set a passphrase'}
          </Button>
          {status.encrypted && (
            <Button variant="default" size="xs" onClick={() => setAsking('remove')}>
              Remove
            </Button>
          )}
        </>
      }
    >
      {status.encrypted
        ? 'Backups are encrypted. The passphrase is in this computer’s keychain.'
        : 'Backups are not encrypted: whoever has the file can read your notes’ history and your feeds, no passwords.'}
      {asking === 'set' && <PassphraseDialog change={status.encrypted} onClose={close} />}
      <ConfirmDialog
        opened={asking === 'remove'}
        question="Remove the passphrase?"
        keep="Keep it"
        verb="Remove passphrase"
        danger
        running={remove.running}
        onConfirm={() => void takeAway()}
        onClose={close}
      >
        <p>
          It leaves the keychain and later backups are not encrypted. Those already made stay encrypted: without the
          passphrase written down somewhere, nobody can open them again.
        </p>
        {remove.failure && <FailureNote failure={remove.failure} />}
      </ConfirmDialog>
    </Setting>
  )
}
